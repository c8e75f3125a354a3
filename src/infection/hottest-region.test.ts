import { describe, expect, it } from 'vitest';
import type { Volume } from '../core/volume.js';
import { boneMask, within } from './bone-mask.js';
import { blockMeans, cubeAround } from './coarse-volume.js';
import { hottestRegion } from './hottest-region.js';

const spacing = 4;
const side = 30;

function volume(value: (x: number, y: number, z: number) => number): Volume {
  const voxels = new Float32Array(side ** 3);
  for (let i = 0; i < voxels.length; i++) {
    voxels[i] = value(i % side, Math.floor(i / side) % side, Math.floor(i / (side * side)));
  }
  return {
    size: [side, side, side],
    affine: [spacing, 0, 0, -40, 0, spacing, 0, -40, 0, 0, spacing, 100, 0, 0, 0, 1],
    modality: 'PT',
    unit: 'SUVbw',
    voxels,
    paddingValue: null,
    slices: [],
    dicom: null,
  };
}

// A sphere of SUV 6 and radius 16 mm around voxel 15 in a background of SUV 1.
const distance = (x: number, y: number, z: number) => spacing * Math.hypot(x - 15, y - 15, z - 15);
const sphere = volume((x, y, z) => (distance(x, y, z) <= 16 ? 6 : 1));
const everywhere = new Uint8Array(side ** 3).fill(1);

describe('the hottest region', () => {
  const region = hottestRegion(sphere, sphere, everywhere);

  it('has the measures of a sphere of known uptake', () => {
    expect(region?.measures.suvMax).toBe(6);
    expect(region?.measures.suvPeak).toBe(6);
    expect(region?.measures.suvMean).toBe(6);
    expect(region?.measures.thresholdSuv).toBeCloseTo(2.46, 6);
    // 4/3 pi 16^3 mm3 = 17.2 ml; voxels of 0.064 ml count it to a few per cent.
    expect(region?.measures.metabolicVolumeMl).toBeGreaterThan(16);
    expect(region?.measures.metabolicVolumeMl).toBeLessThan(18.2);
  });

  it('has its centre in patient coordinates and its box in voxels', () => {
    expect(region?.centreMm.map((mm) => Math.round(mm * 1e6) / 1e6)).toEqual([20, 20, 160]);
    expect(region?.petBox).toEqual([11, 11, 11, 9, 9, 9]);
  });

  it('is looked for near bone only', () => {
    const apart = Uint8Array.from(everywhere, (_, i) => (i % side < 5 ? 1 : 0));
    expect(hottestRegion(sphere, sphere, apart)?.measures.suvMax).toBe(1);
  });

  it('does not count what is hotter but farther from bone', () => {
    const half = Uint8Array.from(everywhere, (_, i) => (i % side <= 12 ? 1 : 0));
    const beside = volume((x, y, z) => (distance(x, y, z) <= 16 ? (x > 12 ? 9 : 6) : 1));
    const found = hottestRegion(beside, beside, half);
    expect(found?.measures.suvMax).toBe(6);
    expect(found?.measures.suvPeak).toBeLessThanOrEqual(6);
    expect(found?.measures.suvMean).toBe(6);
  });

  it('is none where nothing takes up', () => {
    const dark = volume(() => 0);
    expect(hottestRegion(dark, dark, everywhere)).toBeNull();
  });

  it('does not run through a limb that hardly takes up anywhere', () => {
    const flat = volume((x) => (x === 3 ? 1.001 : 1));
    const found = hottestRegion(flat, flat, everywhere);
    // A ball of 60 mm radius at most.
    expect(found?.measures.metabolicVolumeMl).toBeLessThan(905);
  });
});

describe('where bone is', () => {
  it('leaves out pieces that are too small, and reaches exactly as far as asked', () => {
    const bone = volume((x, y, z) => (x >= 10 && x < 14 && y >= 10 && y < 14 && z < 10 ? 900 : 50));
    const withSpeck = Float32Array.from(bone.voxels);
    withSpeck[side ** 3 - 1] = 900;
    const mask = boneMask(withSpeck, bone, spacing);
    expect(mask.reduce((sum, m) => sum + m, 0)).toBe(160);
    const near = within(mask, bone, spacing, 8);
    const at = (x: number, y: number, z: number) => near[x + side * (y + side * z)];
    expect(at(15, 12, 5)).toBe(1);
    expect(at(16, 12, 5)).toBe(0);
    expect(at(15, 14, 5)).toBe(0);
    expect(at(14, 14, 5)).toBe(1);
  });
});

describe('coarser volumes', () => {
  it('are means of blocks and stay where they were', () => {
    const ramp = volume((x) => x);
    const means = blockMeans(ramp, 8);
    expect(means.size).toEqual([15, 15, 15]);
    expect(means.voxels[2]).toBe(4.5);
    expect([means.affine[0], means.affine[3]]).toEqual([8, -38]);
  });

  it('are cubes around a point', () => {
    const cube = cubeAround([10, 20, 30], 3, 5);
    expect([cube.affine[3], cube.affine[7], cube.affine[11]]).toEqual([5, 15, 25]);
  });
});
