import { affineOf } from '../../core/affine.js';
import type { Volume } from '../../core/volume.js';
import type { ChestScan } from './scan-chest.js';

/** A simulated scan held in memory, as the readers take it. */
export function chestVolume(scan: ChestScan): Volume {
  const { columns, rows, slices, origin, spacing } = scan.grid;
  const voxels = new Int16Array(columns * rows * slices);
  let at = 0;
  for (const plane of scan.planes()) {
    voxels.set(plane, at);
    at += plane.length;
  }
  return {
    size: [columns, rows, slices],
    affine: affineOf([spacing[0], 0, 0], [0, spacing[1], 0], [0, 0, spacing[2]], origin),
    modality: 'CT',
    unit: 'HU',
    voxels,
    paddingValue: null,
    slices: [],
    dicom: null,
  };
}
