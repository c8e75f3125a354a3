import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Volume } from '../../core/volume.js';
import { openLimb } from './open-limb.js';
import { implantInto, measureLimb } from './real-limb.js';
import { simulateLimb } from './simulate-limb.js';

function block(
  modality: 'CT' | 'PT',
  spacing: number,
  slices: number,
  value: (fromAxis: number) => number,
): Volume {
  const side = Math.round(120 / spacing);
  const voxels = new Float32Array(side * side * slices);
  for (let i = 0; i < voxels.length; i++) {
    const x = (i % side) * spacing;
    const y = (Math.floor(i / side) % side) * spacing;
    voxels[i] = value(Math.hypot(x - 55, y - 65));
  }
  return {
    size: [side, side, slices],
    affine: [spacing, 0, 0, -200, 0, spacing, 0, 30, 0, 0, 3, 500, 0, 0, 0, 1],
    modality,
    unit: modality === 'CT' ? 'HU' : 'SUVbw',
    voxels,
    paddingValue: null,
    slices: [],
    dicom: null,
  };
}

// Skin at 40 mm, cortex from 8 to 12 mm.
const attenuation = (r: number) => (r > 40 ? -1000 : r > 12 || r < 8 ? 50 : 1200);
const ct = block('CT', 1, 40, attenuation);
const pet = block('PT', 4, 40, (r) => (r > 40 ? 0 : r > 30 ? 9 : 0.7));

describe('a real limb to implant into', () => {
  const limb = measureLimb('block', ct, pet);

  it('is measured: bone, marrow, skin, uptake of muscle', () => {
    const mean = (radii: Float32Array) => radii.reduce((sum, v) => sum + v, 0) / radii.length;
    expect(limb.bone.count).toBe(40);
    expect(Math.abs(mean(limb.bone.outer) - 12)).toBeLessThan(0.7);
    expect(Math.abs(mean(limb.bone.inner) - 8)).toBeLessThan(0.7);
    expect(Math.abs(mean(limb.skin.outer) - 40)).toBeLessThan(1.5);
    expect(limb.bone.centreX[3]).toBeCloseTo(-145, 0);
    expect(limb.muscleSuv).toBeCloseTo(0.7, 2);
  });

  it('keeps its own tissue where nothing was implanted, its lesions pressed down', () => {
    const {
      ct: made,
      pet: uptake,
      truth,
    } = simulateLimb({ seed: 3, openBackground: (r) => implantInto(limb, r) });
    expect(truth.background).toBe('block');
    expect(made.voxels[0]).toBeLessThan(-900);
    const highest = Array.from(uptake.voxels).reduce((a, b) => Math.max(a, b), 0);
    expect(highest).toBeLessThan(Math.max(truth.suvMax, 2.2) * 1.5);
  });

  it('is refused where no bone can be followed', () => {
    expect(() =>
      measureLimb('soft', { ...ct, voxels: ct.voxels.map((hu) => Math.min(hu, 60)) }, pet),
    ).toThrow(expect.objectContaining({ code: 'LUC_PHANTOM_BACKGROUND' }));
  });

  const femur = '../shared/data/petct/STS_024';
  it.skipIf(!existsSync(femur))('is found in a real PET/CT (skipped without ../shared/data)', async () => {
    const { name, bone, muscleSuv } = await openLimb(femur);
    expect(name).toBe('STS_024');
    expect(bone.count).toBeGreaterThan(40);
    const radius = bone.outer.reduce((sum, v) => sum + v, 0) / bone.outer.length;
    // A femur's shaft.
    expect(radius).toBeGreaterThan(11);
    expect(radius).toBeLessThan(18);
    expect(muscleSuv).toBeGreaterThan(0.3);
    expect(muscleSuv).toBeLessThan(1);
  });
});
