import { describe, expect, it } from 'vitest';
import { Random } from '../random.js';
import { NoiseTexture } from '../scanner/noise-texture.js';
import { Chest } from './chest.js';
import { drawChestScan } from './draw-chest-scan.js';
import { fractureTruths, ribTruths } from './rib-truth.js';
import { stationAt } from './rib-tube.js';
import type { SlicePlane } from './slice-plane.js';

function planeThrough(x: number, y: number, z: number, half = 12, spacingMm = 0.5): SlicePlane {
  const side = Math.round((2 * half) / spacingMm) + 1;
  return {
    columns: side,
    rows: side,
    spacingMm,
    x: x - half,
    y: y - half,
    z,
    hu: new Float32Array(side * side),
  };
}

const coarse = { seed: 5, matrix: 96, settings: { sliceMm: 4, intervalMm: 4, motionMm: 0, metalParts: 0 } };

describe('a simulated chest', () => {
  it('has twelve ribs on each side, longest in the middle, the last two without cartilage', () => {
    const { ribs } = new Chest({ seed: 1, fractures: 0 }).cage;
    expect(ribs).toHaveLength(24);
    for (const side of ['left', 'right'] as const) {
      const lengths = ribs.filter((rib) => rib.side === side).map(({ bone }) => bone.lengthMm);
      expect(Math.max(...lengths)).toBeGreaterThan(220);
      expect(lengths.indexOf(Math.max(...lengths)) + 1).toBeGreaterThanOrEqual(5);
      expect(lengths[0]).toBeLessThan(150);
      expect(lengths[11]).toBeLessThan(170);
    }
    expect(ribs.filter(({ cartilage }) => cartilage === null).map(({ number }) => number)).toEqual([
      11, 12, 11, 12,
    ]);
  });

  it('is the same for the same seed and another for another', () => {
    const draw = (seed: number) => {
      const plane = planeThrough(-60, 20, -100, 60, 4);
      new Chest({ seed, fractures: 4 }).paint(plane);
      return plane.hu;
    };
    expect(draw(3)).toEqual(draw(3));
    expect(draw(3)).not.toEqual(draw(4));
  });

  it('has cortex around marrow in its ribs, lung inside and muscle outside', () => {
    const chest = new Chest({ seed: 2, fractures: 0 });
    const rib = chest.cage.ribs.find(({ side, number }) => side === 'right' && number === 6);
    if (!rib) throw new Error('no rib');
    const { position, normal } = stationAt(rib.bone, rib.bone.lengthMm * 0.5);
    const at = (out: number): number => {
      const [x, y, z] = [0, 1, 2].map((i) => (position[i] ?? 0) + out * (normal[i] ?? 0)) as [
        number,
        number,
        number,
      ];
      const plane = planeThrough(x, y, z, 0.5);
      chest.paint(plane);
      return plane.hu[4] ?? Number.NaN;
    };
    const half = rib.bone.halfThickness[Math.round(rib.bone.count / 2)] ?? 0;
    const shell = Math.max(...[-1, -0.8, -0.6, -0.4, -0.2].map((inset) => at(half + inset)));
    expect(shell).toBeGreaterThan(500);
    expect(shell).toBeGreaterThan(at(0) + 200);
    expect(at(-18)).toBeLessThan(-500);
    expect(at(half + 4)).toBeLessThan(200);
  });

  it('shows a fresh break as a gap in bone, an old one as more bone', () => {
    for (let seed = 10; seed < 40; seed++) {
      const broken = new Chest({ seed, fractures: 8 });
      const whole = new Chest({ seed, fractures: 0 });
      const bone = (chest: Chest, fracture: (typeof broken.fractures)[number]): number => {
        const rib = chest.cage.ribs.find(
          ({ side, number }) => side === fracture.side && number === fracture.number,
        );
        if (!rib) throw new Error('no rib');
        const { position } = stationAt(rib.bone, fracture.alongMm);
        const plane = planeThrough(...position);
        chest.paint(plane);
        return plane.hu.reduce((sum, hu) => sum + Math.max(0, hu - 150), 0);
      };
      const fresh = broken.fractures.find(({ age, kind }) => age === 'fresh' && kind === 'displaced');
      const old = broken.fractures.find(({ age, shape }) => age === 'old' && shape.callusMm > 2);
      if (!fresh || !old) continue;
      expect(bone(broken, fresh)).toBeLessThan(bone(whole, fresh));
      expect(bone(broken, old)).toBeGreaterThan(bone(whole, old));
      return;
    }
    throw new Error('no chest with both');
  });
});

describe('the scan of a simulated chest', () => {
  it('holds every fracture inside its box and every rib inside its field', () => {
    const scan = drawChestScan({ ...coarse, fractures: 10 });
    const { origin, spacing, columns, rows, slices } = scan.grid;
    const truths = fractureTruths(scan);
    expect(truths.length).toBeGreaterThanOrEqual(9);
    for (const { box3d, centerMm } of truths) {
      const at = [0, 1, 2].map(
        (axis) => ((centerMm[axis] ?? 0) - (origin[axis] ?? 0)) / (spacing[axis] ?? 1) + 0.5,
      );
      at.forEach((index, axis) => {
        expect(index).toBeGreaterThanOrEqual((box3d[axis] ?? 0) - 0.01);
        expect(index).toBeLessThanOrEqual((box3d[axis] ?? 0) + (box3d[axis + 3] ?? 0) + 0.01);
      });
    }
    for (const { pointsMm } of ribTruths(scan)) {
      for (const point of pointsMm) {
        const at = [0, 1, 2].map((axis) => ((point[axis] ?? 0) - (origin[axis] ?? 0)) / (spacing[axis] ?? 1));
        expect(Math.min(...at)).toBeGreaterThan(0);
        expect(at[0]).toBeLessThan(columns);
        expect(at[1]).toBeLessThan(rows);
        expect(at[2]).toBeLessThan(slices);
      }
    }
  });

  it('has the noise that was asked for', () => {
    const random = new Random('noise');
    const plane = new Float32Array(128 * 128);
    new NoiseTexture(random, 0.7).addTo(plane, 128, 20, random);
    const deviation = Math.sqrt(plane.reduce((sum, value) => sum + value * value, 0) / plane.length);
    expect(deviation).toBeGreaterThan(17);
    expect(deviation).toBeLessThan(23);
  });
});
