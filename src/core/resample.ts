import { compose, invert, transform, type Vector3 } from './affine.js';
import { type Volume, type VoxelGrid, voxelCount } from './volume.js';

/**
 * Value at a fractional voxel index, interpolated linearly in three directions; `outside` beyond half a voxel from the
 * outermost centres.
 */
export function sampleVoxel(
  volume: Pick<Volume, 'size' | 'voxels'>,
  [x, y, z]: Vector3,
  outside: number,
): number {
  const [columns, rows, slices] = volume.size;
  if (!(x >= -0.5 && y >= -0.5 && z >= -0.5 && x <= columns - 0.5 && y <= rows - 0.5 && z <= slices - 0.5))
    return outside;
  const cx = Math.min(Math.max(x, 0), columns - 1);
  const cy = Math.min(Math.max(y, 0), rows - 1);
  const cz = Math.min(Math.max(z, 0), slices - 1);
  const x0 = Math.min(Math.floor(cx), Math.max(columns - 2, 0));
  const y0 = Math.min(Math.floor(cy), Math.max(rows - 2, 0));
  const z0 = Math.min(Math.floor(cz), Math.max(slices - 2, 0));
  const fx = cx - x0;
  const fy = cy - y0;
  const fz = cz - z0;
  const dx = columns > 1 ? 1 : 0;
  const dy = rows > 1 ? columns : 0;
  const dz = slices > 1 ? columns * rows : 0;
  const at = x0 + columns * (y0 + rows * z0);
  const { voxels } = volume;
  const v = (index: number): number => voxels[index] as number;
  const near0 = v(at) + fx * (v(at + dx) - v(at));
  const near1 = v(at + dy) + fx * (v(at + dy + dx) - v(at + dy));
  const far0 = v(at + dz) + fx * (v(at + dz + dx) - v(at + dz));
  const far1 = v(at + dz + dy) + fx * (v(at + dz + dy + dx) - v(at + dz + dy));
  const near = near0 + fy * (near1 - near0);
  const far = far0 + fy * (far1 - far0);
  return near + fz * (far - near);
}

/** Value at a point of the patient (LPS, mm), interpolated linearly; `outside` where the volume has no voxels. */
export function samplePatient(volume: Volume, pointMm: Vector3, outside: number): number {
  return sampleVoxel(volume, transform(invert(volume.affine), pointMm), outside);
}

/**
 * The volume on another grid, by patient coordinates, interpolated linearly: PET onto the grid of its CT, CT onto one
 * spacing. A much coarser grid passes over voxels: it does not average them.
 *
 * @param outside value where the volume has no voxels, such as -1024 HU or 0 SUV
 */
export function resampleOnto(volume: Volume, grid: VoxelGrid, outside: number): Volume {
  const [columns, rows, slices] = grid.size;
  const count = voxelCount(grid.size);
  const whole = volume.voxels instanceof Int16Array;
  const voxels = whole ? new Int16Array(count) : new Float32Array(count);
  const map = compose(invert(volume.affine), grid.affine);
  let at = 0;
  for (let z = 0; z < slices; z += 1) {
    for (let y = 0; y < rows; y += 1) {
      const [startX, startY, startZ] = transform(map, [0, y, z]);
      for (let x = 0; x < columns; x += 1) {
        const value = sampleVoxel(
          volume,
          [startX + map[0] * x, startY + map[4] * x, startZ + map[8] * x],
          outside,
        );
        voxels[at] = whole ? Math.round(value) : value;
        at += 1;
      }
    }
  }
  return { ...volume, size: grid.size, affine: grid.affine, voxels, slices: [] };
}
