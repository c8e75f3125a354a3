import { LucencyError } from '../../core/errors.js';
import { type GridSize, voxelCount } from '../../core/volume.js';

const defaultMaxVoxels = 2 ** 29;

/** @throws LUC_VOLUME_TOO_LARGE; to be asked before any voxel is read */
export function checkVoxelCount(series: string, size: GridSize, limit = defaultMaxVoxels): void {
  if (voxelCount(size) <= limit) return;
  const [columns, rows, slices] = size;
  throw new LucencyError('LUC_VOLUME_TOO_LARGE', { series, columns, rows, slices, limit });
}
