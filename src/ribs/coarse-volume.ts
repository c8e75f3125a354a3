import { affineOf, stepsOf, transform, type Vector3 } from '../core/affine.js';
import { type Volume, type VoxelGrid, voxelCount } from '../core/volume.js';
import { spacingMm } from '../core/volume-geometry.js';

// Ribs lie a centimetre apart: this is fine enough to tell them apart, and an eighth of the voxels.
const targetMm = 1.7;

/** A CT with fewer voxels, for finding bones. */
export interface CoarseVolume extends VoxelGrid {
  /** HU, index `x + columns * (y + rows * z)`. */
  readonly hu: Int16Array;
  readonly spacing: Vector3;
}

/**
 * Averages blocks of voxels so that they are about 1.7 mm wide. Voxels wider than that stay as they are.
 * @param ct HU, in patient order (`inPatientOrder`)
 */
export function coarsen(ct: Volume): CoarseVolume {
  const fine = spacingMm(ct);
  const factor = fine.map((spacing) => Math.max(1, Math.round(targetMm / spacing))) as [
    number,
    number,
    number,
  ];
  const [columns, rows, slices] = ct.size;
  const size = [
    Math.max(1, Math.floor(columns / factor[0])),
    Math.max(1, Math.floor(rows / factor[1])),
    Math.max(1, Math.floor(slices / factor[2])),
  ] as const;
  const hu = new Int16Array(voxelCount(size));
  const sums = new Float32Array(size[0] * size[1]);
  const blockOf = Int32Array.from({ length: size[0] * factor[0] }, (_, x) => Math.floor(x / factor[0]));
  const scale = 1 / (factor[0] * factor[1] * factor[2]);
  const { voxels } = ct;
  for (let z = 0; z < size[2]; z++) {
    sums.fill(0);
    for (let k = z * factor[2]; k < Math.min(slices, (z + 1) * factor[2]); k++) {
      for (let j = 0; j < Math.min(rows, size[1] * factor[1]); j++) {
        const from = columns * (j + rows * k);
        const to = size[0] * Math.floor(j / factor[1]);
        for (let x = 0; x < Math.min(columns, blockOf.length); x++) {
          const at = to + (blockOf[x] as number);
          sums[at] = (sums[at] as number) + (voxels[from + x] as number);
        }
      }
    }
    const start = z * sums.length;
    for (let i = 0; i < sums.length; i++) hu[start + i] = (sums[i] as number) * scale;
  }
  const [x, y, z] = stepsOf(ct.affine);
  const times = (step: Vector3, by: number): Vector3 => [step[0] * by, step[1] * by, step[2] * by];
  const first = transform(ct.affine, [(factor[0] - 1) / 2, (factor[1] - 1) / 2, (factor[2] - 1) / 2]);
  return {
    size,
    affine: affineOf(times(x, factor[0]), times(y, factor[1]), times(z, factor[2]), first),
    hu,
    spacing: [fine[0] * factor[0], fine[1] * factor[1], fine[2] * factor[2]],
  };
}
