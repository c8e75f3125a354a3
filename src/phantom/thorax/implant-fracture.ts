import { invert, transform } from '../../core/affine.js';
import { smallest } from '../../core/extremes.js';
import { sampleVoxel } from '../../core/resample.js';
import type { Volume } from '../../core/volume.js';
import { spacingMm } from '../../core/volume-geometry.js';
import type { Vec3 } from '../geometry/vector.js';
import { ellipseDistance } from './paint-rib.js';
import { type BrokenPoint, breakPoint, type FractureShape, fractureReachMm } from './rib-fracture.js';
import { makeTube, stationAt, stationStepMm } from './rib-tube.js';
import { inside } from './slice-plane.js';
import { fineTexture } from './texture.js';

/** The rib of a real CT is taken for a mean one: half thickness and half height, mm. */
const section = [3.9, 6.5] as const;
const reachMm = 18;
const haematomaHu = 62;
const boneFromHu = 130;

/** Where a fracture is put into a CT. */
export interface Implant {
  /** Centre line of the rib in patient coordinates (LPS), mm. */
  readonly pointsMm: readonly Vec3[];
  /** A point in the middle of the chest: x and y, mm. */
  readonly chestCentre: readonly [number, number];
  /** From the start of the line to the break, mm. */
  readonly alongMm: number;
  readonly shape: FractureShape;
}

/**
 * Breaks a rib of a CT: the bone that is there is shifted, opened, bent or covered by callus as the shape says, in the
 * CT's own noise and blur. The CT stays as it is; the broken one is returned.
 * @param ct HU
 */
export function implantFracture(ct: Volume, { pointsMm, chestCentre, alongMm, shape }: Implant): Volume {
  const tube = makeTube(
    pointsMm,
    (point) => [point[0] - chestCentre[0], point[1] - chestCentre[1], 0],
    () => section,
  );
  const voxels = ct.voxels.slice();
  const [columns, rows, slices] = ct.size;
  const toVoxel = invert(ct.affine);
  const finest = smallest(spacingMm(ct));
  const point: BrokenPoint = { along: 0, out: 0, up: 0, gone: 0, callusMm: 0, haematomaMm: 0, sclerosis: 0 };
  const first = Math.max(0, Math.floor((alongMm - fractureReachMm) / stationStepMm));
  const last = Math.min(tube.count - 2, Math.ceil((alongMm + fractureReachMm) / stationStepMm));
  for (let station = first; station <= last; station++) {
    const a = stationAt(tube, station * stationStepMm);
    const b = stationAt(tube, (station + 1) * stationStepMm);
    const middle = transform(toVoxel, stationAt(tube, (station + 0.5) * stationStepMm).position);
    const reach = spacingMm(ct).map((spacing) => Math.ceil((reachMm + stationStepMm) / spacing));
    const from = middle.map((value, axis) => Math.max(0, Math.floor(value) - (reach[axis] ?? 0)));
    const to = middle.map((value, axis) =>
      Math.min((ct.size[axis] ?? 1) - 1, Math.ceil(value) + (reach[axis] ?? 0)),
    );
    for (let z = from[2] as number; z <= (to[2] as number); z++) {
      for (let y = from[1] as number; y <= (to[1] as number); y++) {
        for (let x = from[0] as number; x <= (to[0] as number); x++) {
          const p = transform(ct.affine, [x, y, z]);
          const da = dot(minus(p, a.position), a.tangent);
          const db = dot(minus(p, b.position), b.tangent);
          if (da < 0 || db >= 0) continue;
          const f = da / (da - db);
          const at = stationAt(tube, (station + f) * stationStepMm);
          const away = minus(p, at.position);
          const [out, up] = [dot(away, at.normal), dot(away, at.up)];
          if (Math.hypot(out, up) > reachMm) continue;
          const along = (station + f) * stationStepMm - alongMm;
          breakPoint(shape, along, out, up, finest, point);
          const index = x + columns * (y + rows * z);
          if (index >= columns * rows * slices) continue;
          voxels[index] = Math.round(changed(ct, toVoxel, at, point, out, up, p, shape));
        }
      }
    }
  }
  return { ...ct, voxels };
}

function changed(
  ct: Volume,
  toVoxel: Volume['affine'],
  at: ReturnType<typeof stationAt>,
  point: BrokenPoint,
  out: number,
  up: number,
  here: Vec3,
  shape: FractureShape,
): number {
  const original = sampleVoxel(ct, transform(toVoxel, here), -1024);
  const distance = ellipseDistance(point.out, point.up, section[0], section[1]);
  // Soft tissue and lung stay where they are: only what is bone, or takes its place, moves.
  const near = inside(Math.min(distance, ellipseDistance(out, up, section[0], section[1])) - 2.5, 3);
  const source: Vec3 = [0, 1, 2].map(
    (i) => (at.position[i] ?? 0) + point.out * (at.normal[i] ?? 0) + point.up * (at.up[i] ?? 0),
  ) as unknown as Vec3;
  const moved = sampleVoxel(ct, transform(toVoxel, source), -1024);
  let value = original + near * (moved - original);
  if (point.haematomaMm > 0.3 && value < haematomaHu && distance > -1) {
    value += 0.95 * inside(distance - point.haematomaMm, 1.6) * (haematomaHu - value);
  }
  if (point.callusMm > 0.1) {
    const woven = shape.callusHu * (1 + 0.3 * fineTexture(here[0], here[1], here[2]));
    const shell = inside(distance - point.callusMm, 1.2) * (1 - inside(distance, 1.2));
    value += shell * (woven - value);
    if (distance < 0 && value < shape.sclerosisHu) value += point.sclerosis * (shape.sclerosisHu - value);
  }
  if (value > boneFromHu) value += point.gone * inside(distance - 1, 1.5) * (haematomaHu - value);
  return value;
}

const minus = (a: Vec3, b: Vec3): Vec3 => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
const dot = (a: Vec3, b: Vec3): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
