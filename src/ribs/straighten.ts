import { cross, dot, invert, length, transform, type Vector3 } from '../core/affine.js';
import type { Volume } from '../core/volume.js';

/** Millimetres between the samples of a straightened rib, in all three directions. */
export const sampleMm = 0.8;

/** Samples across a straightened rib: from inside to outside of the chest, and from below to above. */
export interface CrossSection {
  readonly across: number;
  readonly high: number;
}

/** What the networks see of a cross-section. */
export const networkSection: CrossSection = { across: 24, high: 32 };

/** A rib as if it were straight: one cross-section after the other. */
export interface StraightRib extends CrossSection {
  /** Cross-sections, `sampleMm` apart. */
  readonly count: number;
  /** HU: index `high + section.high * (across + section.across * along)`. */
  readonly hu: Float32Array;
  /** The frame of each cross-section. */
  readonly frames: readonly RibFrame[];
}

/** A point of the centre line of a rib and the axes of the cross-section there (unit vectors, LPS). */
export interface RibFrame {
  readonly pointMm: Vector3;
  readonly along: Vector3;
  /** Away from the middle of the chest. */
  readonly outwards: Vector3;
  /** Towards the head. */
  readonly upwards: Vector3;
}

const add = (a: Vector3, b: Vector3, by = 1): Vector3 => [
  a[0] + by * b[0],
  a[1] + by * b[1],
  a[2] + by * b[2],
];
const unit = (a: Vector3): Vector3 => add([0, 0, 0], a, 1 / (length(a) || 1));

/** A curve at equal steps. @param points any steps, mm */
export function resampleLine(points: readonly Vector3[], stepMm: number): Vector3[] {
  const first = points[0];
  if (!first) return [];
  const steps: Vector3[] = [first];
  let carried = 0;
  for (let i = 1; i < points.length; i++) {
    const from = points[i - 1] ?? first;
    const to = points[i] ?? first;
    const way = add(to, from, -1);
    const span = length(way);
    let at = stepMm - carried;
    for (; at <= span; at += stepMm) steps.push(add(from, way, at / span));
    carried = span - (at - stepMm);
  }
  return steps;
}

/** Lines are carried on straight by this many samples at both ends, so that the network sees what lies beyond. */
export const beyondEnds = 16;

/** A line carried on straight by so many steps before its start and beyond its end. */
export function extendLine(points: readonly Vector3[], before: number, after: number): Vector3[] {
  const first = points[0];
  const last = points.at(-1);
  const reach = Math.min(points.length - 1, Math.round(8 / sampleMm));
  if (!first || !last || reach < 1) return [...points];
  const start = unit(add(first, points[reach] ?? first, -1));
  const end = unit(add(last, points[points.length - 1 - reach] ?? last, -1));
  return [
    ...Array.from({ length: before }, (_, i) => add(first, start, (before - i) * sampleMm)),
    ...points,
    ...Array.from({ length: after }, (_, i) => add(last, end, (i + 1) * sampleMm)),
  ];
}

/**
 * Frames along a centre line.
 * @param line points `sampleMm` apart
 * @param chestCentre a point in the middle of the chest (x and y count), from which "outwards" is reckoned
 */
export function framesAlong(line: readonly Vector3[], chestCentre: readonly [number, number]): RibFrame[] {
  const reach = Math.round(4 / sampleMm);
  return line.map((pointMm, i) => {
    const before = line[Math.max(0, i - reach)] ?? pointMm;
    const after = line[Math.min(line.length - 1, i + reach)] ?? pointMm;
    const along = unit(add(after, before, -1));
    const from: Vector3 = [pointMm[0] - chestCentre[0], pointMm[1] - chestCentre[1], 0];
    const outwards = unit(add(from, along, -dot(from, along)));
    const side = cross(along, outwards);
    return { pointMm, along, outwards, upwards: side[2] < 0 ? add([0, 0, 0], side, -1) : side };
  });
}

/**
 * Resamples a CT along frames, interpolated linearly; -1024 HU outside of the scan.
 * @param ct HU
 */
export function straighten(ct: Volume, frames: readonly RibFrame[], section: CrossSection): StraightRib {
  const { across, high } = section;
  const hu = new Float32Array(frames.length * across * high);
  const toVoxel = invert(ct.affine);
  const turn = (v: Vector3): Vector3 => add(transform(toVoxel, v), transform(toVoxel, [0, 0, 0]), -1);
  const [columns, rows, slices] = ct.size;
  const { voxels } = ct;
  const plane = columns * rows;
  let at = 0;
  for (const { pointMm, outwards, upwards } of frames) {
    const [px, py, pz] = transform(toVoxel, pointMm);
    const [ox, oy, oz] = turn(outwards);
    const [ux, uy, uz] = turn(upwards);
    for (let i = 0; i < across; i++) {
      const u = (i - (across - 1) / 2) * sampleMm;
      for (let j = 0; j < high; j++) {
        const v = (j - (high - 1) / 2) * sampleMm;
        const x = px + u * ox + v * ux;
        const y = py + u * oy + v * uy;
        const z = pz + u * oz + v * uz;
        const x0 = Math.floor(x);
        const y0 = Math.floor(y);
        const z0 = Math.floor(z);
        if (x0 < 0 || y0 < 0 || z0 < 0 || x0 + 1 >= columns || y0 + 1 >= rows || z0 + 1 >= slices) {
          hu[at++] = -1024;
          continue;
        }
        const fx = x - x0;
        const fy = y - y0;
        const fz = z - z0;
        const k = x0 + columns * y0 + plane * z0;
        const a = (voxels[k] as number) * (1 - fx) + (voxels[k + 1] as number) * fx;
        const b = (voxels[k + columns] as number) * (1 - fx) + (voxels[k + columns + 1] as number) * fx;
        const m = k + plane;
        const c = (voxels[m] as number) * (1 - fx) + (voxels[m + 1] as number) * fx;
        const d = (voxels[m + columns] as number) * (1 - fx) + (voxels[m + columns + 1] as number) * fx;
        hu[at++] = (a * (1 - fy) + b * fy) * (1 - fz) + (c * (1 - fy) + d * fy) * fz;
      }
    }
  }
  return { count: frames.length, across, high, hu, frames };
}

/** CT numbers that the networks see, black to white. */
export const networkWindow = [-300, 1300] as const;

/** A CT number as the networks take it: 0 to 1. */
export function toNetworkValue(hu: number): number {
  const [low, high] = networkWindow;
  return Math.max(0, Math.min(1, (hu - low) / (high - low)));
}
