import { describe, expect, it } from 'vitest';
import { type Affine, affineOf, compose, invert, transform } from './affine.js';
import { resampleOnto, samplePatient } from './resample.js';
import type { Volume } from './volume.js';
import {
  boxCentreMm,
  gridWithSpacing,
  inPatientOrder,
  mapBox,
  patientToVoxel,
  shearDegrees,
  slicePlane,
  spacingMm,
  voxelToPatient,
} from './volume-geometry.js';

/** A volume whose voxels hold 1000 x + 100 y + 10 z of their patient coordinates, where linear interpolation is exact. */
function ramp(size: [number, number, number], affine: Affine): Volume {
  const voxels = new Float32Array(size[0] * size[1] * size[2]);
  let at = 0;
  for (let z = 0; z < size[2]; z += 1)
    for (let y = 0; y < size[1]; y += 1)
      for (let x = 0; x < size[0]; x += 1) {
        const [px, py, pz] = transform(affine, [x, y, z]);
        voxels[at] = 1000 * px + 100 * py + 10 * pz;
        at += 1;
      }
  return { size, affine, modality: 'CT', unit: 'HU', voxels, paddingValue: null, slices: [], dicom: null };
}

const tilted = affineOf([0.5, 0, 0], [0, 0.6, 0.2], [0.1, 0, 2], [-10, 20, 30]);

describe('the geometry of volumes', () => {
  it('goes from voxels to the patient and back, sheared or not', () => {
    const volume = ramp([4, 5, 6], tilted);
    const there = voxelToPatient(volume, [1.5, 2, 3]);
    patientToVoxel(volume, there).forEach((part, axis) => {
      expect(part).toBeCloseTo([1.5, 2, 3][axis] ?? Number.NaN, 9);
    });
    expect(compose(tilted, invert(tilted)).map((part) => Math.round(part * 1e9) / 1e9 + 0)).toEqual([
      1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1,
    ]);
  });

  it('measures spacing, plane and tilt', () => {
    const axial = ramp([2, 2, 2], affineOf([0.7, 0, 0], [0, 0.8, 0], [0, 0, 1.5], [0, 0, 0]));
    expect(spacingMm(axial)).toEqual([0.7, 0.8, 1.5]);
    expect(slicePlane(axial)).toBe('axial');
    expect(shearDegrees(axial)).toBeCloseTo(0, 6);
    const gantry = ramp(
      [2, 2, 2],
      affineOf([1, 0, 0], [0, Math.cos(0.35), -Math.sin(0.35)], [0, 0, 2], [0, 0, 0]),
    );
    expect(shearDegrees(gantry)).toBeCloseTo((0.35 * 180) / Math.PI, 6);
    expect(slicePlane(ramp([2, 2, 2], affineOf([0, 1, 0], [0, 0, -1], [1, 0, 0], [0, 0, 0])))).toBe(
      'sagittal',
    );
  });

  it('puts any stored order into patient order without moving a point of the patient', () => {
    const stored = ramp([3, 4, 5], affineOf([0, 0, -2], [1, 0.05, 0], [0, -3, 0], [7, 8, 9]));
    const ordered = inPatientOrder(stored);
    expect(ordered.size).toEqual([4, 5, 3]);
    const expected = ramp([4, 5, 3], ordered.affine);
    ordered.voxels.forEach((value, at) => {
      expect(value).toBeCloseTo(expected.voxels[at] ?? Number.NaN, 2);
    });
    expect(inPatientOrder(ordered)).toBe(ordered);
    const box = mapBox(ordered, stored, [1, 2, 0, 2, 1, 2]);
    expect(mapBox(stored, ordered, box)).toEqual([1, 2, 0, 2, 1, 2]);
    boxCentreMm(stored, box).forEach((part, axis) => {
      expect(part).toBeCloseTo(boxCentreMm(ordered, [1, 2, 0, 2, 1, 2])[axis] ?? Number.NaN, 9);
    });
  });

  it('resamples by patient coordinates, exactly where the values are linear', () => {
    const volume = ramp([10, 10, 10], tilted);
    const target = gridWithSpacing(volume, [0.4, 0.5, 1]);
    const resampled = resampleOnto(volume, target, -9999);
    const expected = ramp([...target.size], target.affine);
    let inside = 0;
    resampled.voxels.forEach((value, at) => {
      if (value === -9999) return;
      const [x, y, z] = patientToVoxel(volume, voxelToPatient(target, indexOf(target.size, at)));
      if (Math.min(x, y, z) < 0 || Math.max(x, y, z) > 9) return;
      inside += 1;
      expect(Math.abs(value - (expected.voxels[at] ?? Number.NaN))).toBeLessThan(0.05);
    });
    expect(inside).toBeGreaterThan(1000);
    expect(samplePatient(volume, [500, 0, 0], -1024)).toBe(-1024);
  });
});

function indexOf(size: readonly [number, number, number], at: number): [number, number, number] {
  return [at % size[0], Math.floor(at / size[0]) % size[1], Math.floor(at / (size[0] * size[1]))];
}
