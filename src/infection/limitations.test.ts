import { describe, expect, it } from 'vitest';
import type { Volume } from '../core/volume.js';
import { readingLimitations } from './limitations.js';
import { coarseCt, regionTensor } from './region-tensor.js';

const side = 40;

/** A block of 160 mm: soft tissue with a rod along z through its middle. */
function block(
  modality: 'CT' | 'PT',
  slice: number,
  value: (x: number, y: number, z: number) => number,
): Volume {
  const slices = Math.round(160 / slice);
  const voxels = new Float32Array(side * side * slices);
  for (let i = 0; i < voxels.length; i++) {
    voxels[i] = value(i % side, Math.floor(i / side) % side, Math.floor(i / side ** 2) * slice);
  }
  return {
    size: [side, side, slices],
    affine: [4, 0, 0, 0, 0, 4, 0, 0, 0, 0, slice, 0, 0, 0, 0, 1],
    modality,
    unit: modality === 'CT' ? 'HU' : 'SUVbw',
    voxels,
    paddingValue: null,
    slices: [],
    dicom: null,
  };
}

const rod = (density: number) =>
  block('CT', 4, (x, y) =>
    Math.hypot(x - 20, y - 20) < 4 ? density : Math.hypot(x - 20, y - 20) < 15 ? 50 : -1000,
  );
const focus = (at: number, slice = 4) =>
  block('PT', slice, (x, y, z) => (Math.hypot(4 * (x - 20), 4 * (y - 20), z - at) < 12 ? 7 : 0.6));

function codes(ct: Volume, pet: Volume): string[] {
  const coarse = coarseCt(ct);
  const seen = regionTensor(coarse, pet);
  if (!seen) throw new Error('nothing was seen');
  return readingLimitations(coarse, pet, seen).map(({ code }) => code);
}

describe('what limits a reading of infection', () => {
  it('is always that the network knows simulations only', () => {
    expect(codes(rod(900), focus(80))).toEqual(['LUC_INFECTION_SIMULATED']);
  });

  it('is metal where there is much of it', () => {
    expect(codes(rod(3071), focus(80))).toContain('LUC_INFECTION_METAL');
  });

  it('is the end of the scan where uptake lies near it', () => {
    expect(codes(rod(900), focus(10))).toContain('LUC_INFECTION_EDGE');
  });

  it('is PET of large voxels', () => {
    expect(codes(rod(900), focus(80, 8))).toContain('LUC_INFECTION_COARSE_PET');
  });
});

describe('what the network sees', () => {
  it('lies around the hottest voxel near bone, attenuation and uptake in one place', () => {
    const ct = rod(900);
    const pet = focus(80);
    const seen = regionTensor(coarseCt(ct), pet);
    const [x = 0, y = 0, z = 0] = seen?.region.hottestMm ?? [];
    expect(Math.hypot(x - 80, y - 80, z - 80)).toBeLessThan(13);
    const cells = 40 ** 3;
    const middle = (cube: number) => seen?.data[cube * cells + 20 + 40 * (20 + 40 * 20)];
    expect(middle(0)).toBeGreaterThan(100);
    expect(middle(1)).toBeGreaterThan(3);
  });

  it('is nothing where there is no bone', () => {
    expect(regionTensor(coarseCt(rod(50)), focus(80))).toBeNull();
  });
});
