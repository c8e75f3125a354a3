import { invert, transform, type Vector3 } from '../../core/affine.js';
import { LucencyError } from '../../core/errors.js';
import { type VoxelGrid, voxelCount } from '../../core/volume.js';
import type { DataSet } from '../dicom/data-set.js';
import { tag } from '../dicom/tags.js';

/** One region of interest of an RT Structure Set (PS3.3 C.8.8.5, C.8.8.6). */
export interface Roi {
  readonly number: number;
  readonly name: string;
  /** Closed planar contours; points in patient coordinates, mm. */
  readonly contours: readonly (readonly Vector3[])[];
}

function pointsOf(contour: DataSet): Vector3[] {
  const values = contour.numbers(tag.ContourData, 'DS');
  return Array.from({ length: Math.floor(values.length / 3) }, (_, index): Vector3 => {
    const [x = Number.NaN, y = Number.NaN, z = Number.NaN] = values.slice(3 * index, 3 * index + 3);
    return [x, y, z];
  });
}

/** The regions of a structure set with their closed contours; points and open lines enclose nothing and are left out. */
export function readStructureSet(dataSet: DataSet): Roi[] {
  const names = new Map(
    dataSet
      .items(tag.StructureSetRoiSequence)
      .map((roi) => [roi.number(tag.RoiNumber, 'IS'), roi.text(tag.RoiName)] as const),
  );
  return dataSet.items(tag.RoiContourSequence).map((roi) => {
    const number = roi.number(tag.ReferencedRoiNumber, 'IS') ?? 0;
    const contours = roi
      .items(tag.ContourSequence)
      .filter((contour) => contour.text(tag.ContourGeometricType)?.startsWith('CLOSED_PLANAR'))
      .map(pointsOf)
      .filter((points) => points.length >= 3);
    return { number, name: names.get(number) ?? '', contours };
  });
}

/** Turns the voxels of one slice whose centres lie inside of a contour over: what lies in an even number of them is a hole. */
function fill(
  mask: Uint8Array,
  columns: number,
  rows: number,
  offset: number,
  points: readonly Vector3[],
): void {
  for (let row = 0; row < rows; row += 1) {
    const crossings: number[] = [];
    points.forEach(([x1, y1], index) => {
      const [x2, y2] = points[(index + 1) % points.length] as Vector3;
      if (y1 > row === y2 > row) return;
      crossings.push(x1 + ((row - y1) / (y2 - y1)) * (x2 - x1));
    });
    crossings.sort((a, b) => a - b);
    for (let pair = 0; pair + 1 < crossings.length; pair += 2) {
      const first = Math.max(0, Math.ceil(crossings[pair] as number));
      const last = Math.min(columns - 1, Math.ceil(crossings[pair + 1] as number) - 1);
      for (let column = first; column <= last; column += 1) {
        const at = offset + row * columns + column;
        mask[at] = mask[at] === 1 ? 0 : 1;
      }
    }
  }
}

/**
 * Voxels of a grid whose centres lie inside of a region's contours: 1 inside, 0 outside, in the order of the grid. Contours
 * drawn inside of others are holes.
 *
 * @param name of the structure set, for messages
 * @throws LUC_VOLUME_STRUCTURE_SET when a contour does not lie in a slice of the grid
 */
export function rasterise(roi: Roi, grid: VoxelGrid, name: string): Uint8Array {
  const [columns, rows, slices] = grid.size;
  const mask = new Uint8Array(voxelCount(grid.size));
  const toVoxel = invert(grid.affine);
  for (const contour of roi.contours) {
    const points = contour.map((point) => transform(toVoxel, point));
    const depths = points.map(([, , z]) => z);
    const slice = Math.round(depths.reduce((sum, z) => sum + z, 0) / depths.length);
    if (!depths.every((z) => Math.abs(z - slice) < 0.5)) {
      const reason = `a contour of "${roi.name}" does not lie in one slice`;
      throw new LucencyError('LUC_VOLUME_STRUCTURE_SET', { path: name, reason });
    }
    if (slice >= 0 && slice < slices) fill(mask, columns, rows, slice * columns * rows, points);
  }
  return mask;
}
