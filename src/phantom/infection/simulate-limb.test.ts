import { describe, expect, it } from 'vitest';
import { patientToVoxel } from '../../core/volume-geometry.js';
import { Random } from '../random.js';
import { drawSuvMax } from './literature-suv.js';
import { simulateLimb } from './simulate-limb.js';

/** Whether two long arrays hold the same; a test framework's own comparison takes minutes. */
const same = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  a.length === b.length && Array.from(a).every((value, i) => value === b[i]);

const pair = [true, false].map((infected) => simulateLimb({ seed: 4, infected }));
const [ill, well] = pair;
if (!ill || !well) throw new Error('no limbs');

describe('a simulated PET/CT of a limb', () => {
  it('is the same for the same seed', () => {
    const again = simulateLimb({ seed: 4, infected: true });
    expect(again.truth).toEqual(ill.truth);
    expect(same(again.ct.voxels, ill.ct.voxels)).toBe(true);
    expect(same(again.pet.voxels, ill.pet.voxels)).toBe(true);
  });

  it('draws scanner, limb, metal and fracture without knowing whether it is infected', () => {
    for (const key of ['settings', 'segment', 'side', 'implant', 'metal', 'fracture'] as const) {
      expect(ill.truth[key]).toEqual(well.truth[key]);
    }
    expect(ill.ct.affine).toEqual(well.ct.affine);
    expect(ill.pet.affine).toEqual(well.pet.affine);
    const [x = 0, y = 0] = ill.ct.size;
    // The noise of a corner, which no lesion reaches.
    expect(ill.ct.voxels.subarray(x + 1, 2 * x - 1)).toEqual(well.ct.voxels.subarray(x + 1, 2 * x - 1));
    expect(x * y).toBeGreaterThan(0);
  });

  it('reaches the SUVmax that was drawn for it', () => {
    expect(ill.truth.suvMax).toBeCloseTo(ill.truth.suvMaxDrawn, 2);
    expect(well.truth.suvMax).toBeCloseTo(well.truth.suvMaxDrawn, 2);
  });

  it('says where the infection lies, inside of the volume, and nothing where there is none', () => {
    expect(well.truth.infectionMm).toBeNull();
    const box = ill.truth.infectionMm;
    if (!box) throw new Error('no box');
    const low = patientToVoxel(ill.pet, box.min);
    const high = patientToVoxel(ill.pet, box.max);
    for (const axis of [0, 1, 2] as const) {
      expect(low[axis]).toBeGreaterThanOrEqual(-0.5001);
      expect(high[axis]).toBeLessThanOrEqual(ill.pet.size[axis] - 0.4999);
      expect(high[axis]).toBeGreaterThan(low[axis]);
    }
  });
});

describe('SUVmax of the literature', () => {
  const draws = (infected: boolean) => {
    const r = new Random(`suv ${infected}`);
    return Array.from({ length: 4000 }, () => drawSuvMax(infected, r));
  };
  const infected = draws(true);
  const aseptic = draws(false);

  it('separates at 4.75 with the sensitivity and specificity of the literature', () => {
    const sensitivity = infected.filter((suv) => suv >= 4.75).length / 4000;
    const specificity = aseptic.filter((suv) => suv < 4.75).length / 4000;
    expect(Math.abs(100 * sensitivity - 70.7)).toBeLessThan(2);
    expect(Math.abs(100 * specificity - 85.6)).toBeLessThan(2);
  });

  it('has the AUC of the literature', () => {
    const sorted = aseptic.toSorted((a, b) => a - b);
    const below = (suv: number) => {
      let low = 0;
      let high = sorted.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if ((sorted[middle] ?? 0) < suv) low = middle + 1;
        else high = middle;
      }
      return low;
    };
    const wins = infected.reduce((sum, suv) => sum + below(suv), 0);
    expect(Math.abs(wins / (4000 * 4000) - 0.84)).toBeLessThan(0.015);
  });
});
