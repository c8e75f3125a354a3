import { invert, transform, type Vector3 } from '../../core/affine.js';
import { sampleVoxel } from '../../core/resample.js';
import type { Volume } from '../../core/volume.js';

export type CutPlane = 'axial' | 'coronal' | 'sagittal';

/**
 * Directions of a picture in the patient (LPS), as radiologists look: at axial cuts from the feet, at coronal ones from the
 * front, at sagittal ones from the patient's left.
 */
const directions: Readonly<Record<CutPlane, { readonly right: Vector3; readonly down: Vector3 }>> = {
  axial: { right: [1, 0, 0], down: [0, 1, 0] },
  coronal: { right: [1, 0, 0], down: [0, 0, -1] },
  sagittal: { right: [0, 1, 0], down: [0, 0, -1] },
};

/** Letters at the left and right, top and bottom edge of a cut. */
export const cutEdges: Readonly<Record<CutPlane, readonly [string, string, string, string]>> = {
  axial: ['R', 'L', 'A', 'P'],
  coronal: ['R', 'L', 'H', 'F'],
  sagittal: ['A', 'P', 'H', 'F'],
};

export interface CutFrame {
  readonly plane: CutPlane;
  readonly centreMm: Vector3;
  /** Side of the square that is shown, mm. */
  readonly sideMm: number;
  /** Side of the picture, pixels. */
  readonly pixels: number;
}

/** Where a point of the patient lies in a cut, pixels from its corner. */
export function pointInCut(
  { plane, centreMm, sideMm, pixels }: CutFrame,
  pointMm: Vector3,
): [number, number] {
  const { right, down } = directions[plane];
  const along = (direction: Vector3): number =>
    direction.reduce((sum, part, axis) => sum + part * ((pointMm[axis] ?? 0) - (centreMm[axis] ?? 0)), 0);
  const scale = pixels / sideMm;
  return [pixels / 2 + along(right) * scale, pixels / 2 + along(down) * scale];
}

/** Values of a volume on a cut, row by row; `outside` where the volume does not reach. */
export function cutThrough(
  volume: Pick<Volume, 'size' | 'affine' | 'voxels'>,
  frame: CutFrame,
  outside: number,
): Float32Array {
  const { plane, centreMm, sideMm, pixels } = frame;
  const { right, down } = directions[plane];
  const toVoxel = invert(volume.affine);
  const step = sideMm / pixels;
  const values = new Float32Array(pixels * pixels);
  const at = (column: number, row: number): Vector3 => {
    const x = (column + 0.5 - pixels / 2) * step;
    const y = (row + 0.5 - pixels / 2) * step;
    return [
      centreMm[0] + x * right[0] + y * down[0],
      centreMm[1] + x * right[1] + y * down[1],
      centreMm[2] + x * right[2] + y * down[2],
    ];
  };
  for (let row = 0; row < pixels; row += 1) {
    for (let column = 0; column < pixels; column += 1) {
      values[row * pixels + column] = sampleVoxel(volume, transform(toVoxel, at(column, row)), outside);
    }
  }
  return values;
}
