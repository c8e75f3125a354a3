import {
  type Affine,
  affineOf,
  compose,
  cross,
  determinant,
  dot,
  invert,
  length,
  originOf,
  stepsOf,
  transform,
  type Vector3,
} from './affine.js';
import { largest, smallest } from './extremes.js';
import type { SliceSource, Volume, VoxelGrid } from './volume.js';

/** `[x, y, z, width, height, depth]` in voxels; voxel n reaches from n to n + 1. */
export type Box3d = readonly [number, number, number, number, number, number];

/** Patient coordinates (LPS, mm) of the centre of a voxel; fractions of an index are allowed. */
export function voxelToPatient({ affine }: VoxelGrid, index: Vector3): Vector3 {
  return transform(affine, index);
}

/** Voxel index (fractional; whole numbers are centres) of a point in patient coordinates. Many points: `invert` once. */
export function patientToVoxel({ affine }: VoxelGrid, pointMm: Vector3): Vector3 {
  return transform(invert(affine), pointMm);
}

/** Distance between neighbouring voxels along columns (x), rows (y) and slices (z), mm. */
export function spacingMm({ affine }: VoxelGrid): Vector3 {
  const [x, y, z] = stepsOf(affine);
  return [length(x), length(y), length(z)];
}

/** Volume of one voxel, ml. */
export function voxelMl({ affine }: VoxelGrid): number {
  return Math.abs(determinant(affine)) / 1000;
}

/** Angle between the slice axis and the normal of the slices, degrees: the gantry tilt; 0 for an upright block. */
export function shearDegrees({ affine }: VoxelGrid): number {
  const [x, y, z] = stepsOf(affine);
  const normal = cross(x, y);
  const cosine = Math.abs(dot(normal, z)) / (length(normal) * length(z));
  return (Math.acos(Math.min(1, cosine)) * 180) / Math.PI;
}

/** Main plane of the slices: the patient axis that their normal comes nearest to. */
export function slicePlane({ affine }: VoxelGrid): 'axial' | 'coronal' | 'sagittal' {
  const [x, y] = stepsOf(affine);
  const normal = cross(x, y).map(Math.abs);
  const main = normal.indexOf(largest(normal));
  return main === 2 ? 'axial' : main === 1 ? 'coronal' : 'sagittal';
}

/** Centre of a voxel box in patient coordinates, mm. */
export function boxCentreMm({ affine }: VoxelGrid, [x, y, z, w, h, d]: Box3d): Vector3 {
  return transform(affine, [x + w / 2 - 0.5, y + h / 2 - 0.5, z + d / 2 - 0.5]);
}

/** The smallest box of grid `to` that holds the box of grid `from`; exact where their axes are the same up to order and sign. */
export function mapBox(from: VoxelGrid, to: VoxelGrid, [x, y, z, w, h, d]: Box3d): Box3d {
  const map = compose(invert(to.affine), from.affine);
  const corners = [x, x + w].flatMap((cx) =>
    [y, y + h].flatMap((cy) => [z, z + d].map((cz) => transform(map, [cx - 0.5, cy - 0.5, cz - 0.5]))),
  );
  const low = [0, 1, 2].map((axis) => smallest(corners.map((corner) => corner[axis] ?? 0)) + 0.5);
  const high = [0, 1, 2].map((axis) => largest(corners.map((corner) => corner[axis] ?? 0)) + 0.5);
  const [lx = 0, ly = 0, lz = 0] = low.map(withoutNoise);
  const [hx = 0, hy = 0, hz = 0] = high.map(withoutNoise);
  return [lx, ly, lz, hx - lx, hy - ly, hz - lz];
}

// Whole voxels stay whole through two matrices.
function withoutNoise(value: number): number {
  const whole = Math.round(value);
  return Math.abs(value - whole) < 1e-6 ? whole : value;
}

type Axis = 0 | 1 | 2;

/** Which index axis runs along patient axis x, y, z, and whether backwards. */
function axisOrder(affine: Affine): readonly { axis: Axis; backwards: boolean }[] {
  const steps = stepsOf(affine).map((step) => {
    const size = length(step);
    return step.map((part) => part / size);
  });
  const orders: readonly (readonly [Axis, Axis, Axis])[] = [
    [0, 1, 2],
    [1, 0, 2],
    [0, 2, 1],
    [1, 2, 0],
    [2, 0, 1],
    [2, 1, 0],
  ];
  const along = (order: readonly Axis[]): number =>
    order.reduce<number>((sum, axis, patient) => sum + Math.abs(steps[axis]?.[patient] ?? 0), 0);
  const best = orders.reduce((a, b) => (along(b) > along(a) + 1e-9 ? b : a));
  return best.map((axis, patient) => ({ axis, backwards: (steps[axis]?.[patient] ?? 0) < 0 }));
}

/**
 * The same voxels in the order that DICOM gives to axial slices of a patient on the back, head first: x to the left, y
 * to the back, z to the head, as nearly as the grid has it. Nothing is interpolated; the affine goes along, so that a
 * point of the patient stays where it is. Returns the volume itself when it is in this order already.
 */
export function inPatientOrder(volume: Volume): Volume {
  const order = axisOrder(volume.affine);
  if (order.every(({ axis, backwards }, patient) => axis === patient && !backwards)) return volume;
  const strides = [1, volume.size[0], volume.size[0] * volume.size[1]];
  const steps = stepsOf(volume.affine);
  const axes = order.map(({ axis, backwards }) => ({
    count: volume.size[axis],
    stride: (backwards ? -1 : 1) * (strides[axis] ?? 0),
    first: backwards ? volume.size[axis] - 1 : 0,
    step: steps[axis].map((part) => (backwards ? -part : part)) as unknown as Vector3,
    stored: axis,
    backwards,
  }));
  const [ax, ay, az] = axes;
  if (!ax || !ay || !az) return volume;
  const corner: [number, number, number] = [0, 0, 0];
  for (const { stored, first } of axes) corner[stored] = first;
  const voxels =
    volume.voxels instanceof Int16Array
      ? new Int16Array(volume.voxels.length)
      : new Float32Array(volume.voxels.length);
  let at = 0;
  const start = corner[0] + volume.size[0] * (corner[1] + volume.size[1] * corner[2]);
  for (let z = 0; z < az.count; z += 1) {
    for (let y = 0; y < ay.count; y += 1) {
      let from = start + z * az.stride + y * ay.stride;
      for (let x = 0; x < ax.count; x += 1) {
        voxels[at] = volume.voxels[from] as number;
        at += 1;
        from += ax.stride;
      }
    }
  }
  return {
    ...volume,
    size: [ax.count, ay.count, az.count],
    affine: affineOf(ax.step, ay.step, az.step, transform(volume.affine, corner)),
    voxels,
    slices: slicesInOrder(volume.slices, az),
  };
}

/** Sources stay with their slices where these are only turned round; across slices no image is the source of one. */
function slicesInOrder(
  slices: readonly (SliceSource | null)[],
  { stored, backwards }: { stored: Axis; backwards: boolean },
): readonly (SliceSource | null)[] {
  if (stored !== 2) return [];
  return backwards ? [...slices].reverse() : slices;
}

/** An upright grid over the same space with `spacing` mm between voxels along its own axes (its shear taken out). */
export function gridWithSpacing(grid: VoxelGrid, spacing: Vector3): VoxelGrid {
  const [x, y, z] = stepsOf(grid.affine);
  const normal = cross(x, y);
  const sign = dot(normal, z) < 0 ? -1 : 1;
  const unit = (step: Vector3, size: number): Vector3 => {
    const scale = size / length(step);
    return [step[0] * scale, step[1] * scale, step[2] * scale];
  };
  const depth = Math.abs(dot(normal, z)) / length(normal);
  const extents = [
    length(x) * (grid.size[0] - 1),
    length(y) * (grid.size[1] - 1),
    depth * (grid.size[2] - 1),
  ];
  const count = (axis: Axis): number => Math.floor((extents[axis] ?? 0) / spacing[axis] + 1e-6) + 1;
  return {
    size: [count(0), count(1), count(2)],
    affine: affineOf(
      unit(x, spacing[0]),
      unit(y, spacing[1]),
      unit(normal, sign * spacing[2]),
      originOf(grid.affine),
    ),
  };
}
