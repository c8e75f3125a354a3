import { affineOf, stepsOf, transform } from '../core/affine.js';
import { largest, smallest } from '../core/extremes.js';
import { resampleOnto } from '../core/resample.js';
import { type GridSize, type Volume, type VoxelGrid, voxelCount } from '../core/volume.js';
import { spacingMm } from '../core/volume-geometry.js';

/**
 * A volume whose voxels are means of whole blocks of the given one, as large as fit into `spacing` mm along each axis:
 * what is finer than the grid that comes next is averaged, not passed over. The rest at the far edges is left out.
 */
export function blockMeans(volume: Volume, spacing: number): Volume {
  const factors = spacingMm(volume).map((mm) => Math.max(1, Math.floor(spacing / mm + 0.01)));
  const [fx = 1, fy = 1, fz = 1] = factors;
  if (fx === 1 && fy === 1 && fz === 1) return volume;
  const size = volume.size.map((n, axis) => Math.floor(n / (factors[axis] ?? 1))) as unknown as GridSize;
  if (size.some((n) => n < 1)) return volume;
  const [nx, ny, nz] = size;
  const [columns, rows] = volume.size;
  const { voxels } = volume;
  const means = new Float32Array(voxelCount(size));
  const share = 1 / (fx * fy * fz);
  for (let z = 0, at = 0; z < nz; z++) {
    for (let y = 0; y < ny; y++) {
      for (let x = 0; x < nx; x++, at++) {
        let sum = 0;
        for (let dz = 0; dz < fz; dz++) {
          for (let dy = 0; dy < fy; dy++) {
            const row = x * fx + columns * (y * fy + dy + rows * (z * fz + dz));
            for (let dx = 0; dx < fx; dx++) sum += voxels[row + dx] as number;
          }
        }
        means[at] = sum * share;
      }
    }
  }
  const [sx, sy, sz] = stepsOf(volume.affine);
  const origin = transform(volume.affine, [(fx - 1) / 2, (fy - 1) / 2, (fz - 1) / 2]);
  const times = (step: readonly [number, number, number], by: number) =>
    [step[0] * by, step[1] * by, step[2] * by] as const;
  return {
    ...volume,
    size,
    affine: affineOf(times(sx, fx), times(sy, fy), times(sz, fz), origin),
    voxels: means,
    slices: [],
  };
}

/** An upright cubic grid (x to the left, y to the back, z to the head) of `cells` per side around a point. */
export function cubeAround(
  centre: readonly [number, number, number],
  cells: number,
  spacing: number,
): VoxelGrid {
  const half = ((cells - 1) / 2) * spacing;
  return {
    size: [cells, cells, cells],
    affine: affineOf(
      [spacing, 0, 0],
      [0, spacing, 0],
      [0, 0, spacing],
      [centre[0] - half, centre[1] - half, centre[2] - half],
    ),
  };
}

/** An upright grid of `spacing` mm that covers a volume, whatever way its axes run. */
export function gridOver(volume: VoxelGrid, spacing: number): VoxelGrid {
  const [nx, ny, nz] = volume.size;
  const corners = [0, nx - 1].flatMap((x) =>
    [0, ny - 1].flatMap((y) => [0, nz - 1].map((z) => transform(volume.affine, [x, y, z]))),
  );
  const low = (axis: 0 | 1 | 2) => smallest(corners.map((c) => c[axis]));
  const high = (axis: 0 | 1 | 2) => largest(corners.map((c) => c[axis]));
  const count = (axis: 0 | 1 | 2) => Math.max(1, Math.round((high(axis) - low(axis)) / spacing) + 1);
  return {
    size: [count(0), count(1), count(2)],
    affine: affineOf([spacing, 0, 0], [0, spacing, 0], [0, 0, spacing], [low(0), low(1), low(2)]),
  };
}

/** Outside of the CT is air, outside of the PET nothing takes up. */
export const outsideHu = -1000;

/** The values of a volume on a grid as floats, finer detail averaged. */
export function valuesOn(coarse: Volume, grid: VoxelGrid, outside: number): Float32Array {
  const { voxels } = resampleOnto(coarse, grid, outside);
  return voxels instanceof Float32Array ? voxels : Float32Array.from(voxels);
}
