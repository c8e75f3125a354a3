import type { Vector3 } from '../../core/affine.js';
import type { Box } from '../../core/box.js';
import type { VoxelGrid } from '../../core/volume.js';
import { type Box3d, voxelToPatient } from '../../core/volume-geometry.js';

/** Corners of a box, the first repeated at the end, as a closed polyline has it. */
export function boxCorners([x, y, width, height]: Box): (readonly [number, number])[] {
  return [
    [x, y],
    [x + width, y],
    [x + width, y + height],
    [x, y + height],
    [x, y],
  ];
}

/** The slices that a box touches: their indices. */
export function slicesOf([, , z, , , depth]: Box3d): number[] {
  const first = Math.floor(z);
  const last = Math.max(first, Math.ceil(z + depth) - 1);
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

/** Outline of a voxel box on each slice that it touches, in patient coordinates, mm. */
export function boxContours(grid: VoxelGrid, box: Box3d): Vector3[][] {
  const [x, y, , width, height] = box;
  return slicesOf(box).map((slice) =>
    // Voxel n reaches from n to n + 1, and whole indices are centres.
    boxCorners([x, y, width, height]).map(([column, row]) =>
      voxelToPatient(grid, [column - 0.5, row - 0.5, slice]),
    ),
  );
}
