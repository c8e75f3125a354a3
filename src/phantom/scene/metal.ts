import type { Bone } from '../anatomy/bone.js';
import { compose, type Rigid } from '../geometry/rigid.js';
import {
  add,
  boundsOf,
  cross,
  dot,
  length,
  normalise,
  scale,
  subtract,
  type Vec3,
} from '../geometry/vector.js';
import { type PathLengths, slab } from '../physics/path-lengths.js';
import { type Projection, pixelRange, rayFan, rayOf } from '../physics/projection.js';
import type { Random } from '../random.js';

/** A straight pin or the shank of a screw. Bone coordinates, mm. */
export interface Pin {
  readonly from: Vec3;
  readonly to: Vec3;
  readonly radius: number;
  /** Height of the thread, 0 for a smooth pin. */
  readonly thread: number;
}

/** A bar with rounded outline: a segment of a plate. Its own frame is centred, y along the plate, z outwards. */
export interface Bar {
  readonly place: Rigid;
  readonly half: Vec3;
}

/** Metal in a bone, in the bone's own frame. */
export interface Implant {
  readonly pins: readonly Pin[];
  readonly bars: readonly Bar[];
}

const threadPitch = 1.25;

/** Chord of a ray through a pin: distance between the two points where it enters and leaves the cylinder, mm. */
function pinChord({ from, to, radius, thread }: Pin, o: Vec3, d: Vec3): number {
  const axis = normalise(subtract(to, from));
  const long = length(subtract(to, from));
  const rel = subtract(o, from);
  const across = subtract(d, scale(axis, dot(d, axis)));
  const start = subtract(rel, scale(axis, dot(rel, axis)));
  const a = dot(across, across);
  if (a < 1e-9) return 0;
  const nearest = -dot(across, start) / a;
  const middle = dot(rel, axis) + nearest * dot(d, axis);
  // A thread is a ripple of the radius along the pin.
  const r =
    radius + (thread > 0 ? thread * (Math.abs(((((middle / threadPitch) % 1) + 1) % 1) - 0.5) * 2 - 0.5) : 0);
  const closest = add(start, scale(across, nearest));
  const square = r * r - dot(closest, closest);
  if (square <= 0) return 0;
  const half = Math.sqrt(square / a);
  const slope = dot(d, axis);
  const base = dot(rel, axis);
  let t0 = nearest - half;
  let t1 = nearest + half;
  if (Math.abs(slope) > 1e-9) {
    const e0 = -base / slope;
    const e1 = (long - base) / slope;
    t0 = Math.max(t0, Math.min(e0, e1));
    t1 = Math.min(t1, Math.max(e0, e1));
  } else if (base < 0 || base > long) return 0;
  return Math.max(0, t1 - t0) * length(d);
}

/** Adds an implant to the path lengths; `place` carries the bone's frame to the limb. */
export function traceImplant(paths: PathLengths, p: Projection, implant: Implant, place: Rigid): void {
  const o: [number, number, number] = [0, 0, 0];
  const d: [number, number, number] = [0, 0, 0];
  for (const pin of implant.pins) {
    const range = pixelRange(p, boundsOf([pin.from, pin.to], pin.radius + pin.thread), place);
    if (!range) continue;
    const fan = rayFan(p, place);
    for (let row = range.top; row < range.bottom; row++) {
      for (let column = range.left; column < range.right; column++) {
        rayOf(fan, column, row, o, d);
        const chord = pinChord(pin, o, d);
        if (chord > 0) addSteel(paths, row * paths.width + column, chord);
      }
    }
  }
  const span: [number, number] = [0, 0];
  for (const { place: barPlace, half } of implant.bars) {
    const toLimb = compose(place, barPlace);
    const min: Vec3 = [-half[0], -half[1], -half[2]];
    const range = pixelRange(p, { min, max: half }, toLimb);
    if (!range) continue;
    const fan = rayFan(p, toLimb);
    for (let row = range.top; row < range.bottom; row++) {
      for (let column = range.left; column < range.right; column++) {
        rayOf(fan, column, row, o, d);
        slab(span, o, d, min, half);
        if (span[1] > span[0]) addSteel(paths, row * paths.width + column, (span[1] - span[0]) * length(d));
      }
    }
  }
}

function addSteel(paths: PathLengths, at: number, mm: number): void {
  paths.steel[at] = (paths.steel[at] as number) + mm;
}

/** How far from the centre line of a bone its surface lies in a direction, mm. */
function surfaceAlong(bone: Bone, from: Vec3, direction: Vec3): number {
  let t = 0;
  for (let i = 0; i < 60; i++) {
    const p = add(from, scale(direction, t));
    const value = bone.field(...p);
    if (value >= 0) return t;
    t += Math.max(0.3, -value * 0.6);
  }
  return t;
}

/** A plate along a shaft about `level` (bone coordinates), held by screws above and below the break. */
export function plateAndScrews(bone: Bone, level: number, size: number, random: Random): Implant {
  const { shaft } = bone;
  if (!shaft) throw new RangeError(`the ${bone.name} has no shaft to plate`);
  const angle = random.between(0, 2 * Math.PI);
  const outward: Vec3 = [Math.cos(angle), 0, Math.sin(angle)];
  const { x, z } = shaft.halfWidths(level);
  const heavy = Math.min(1.25, Math.max(0.7, (x + z) / 26));
  const holes = random.pick([6, 7, 8]);
  const spacing = 13 * heavy * size;
  const first = level - ((holes - 1) / 2) * spacing;
  const bars: Bar[] = [];
  const pins: Pin[] = [];
  const segments = holes * 2;
  const foot = (y: number): Vec3 => {
    const centre = shaft.centre(y);
    return add(centre, scale(outward, surfaceAlong(bone, centre, outward) + 0.3));
  };
  const bottom = first - spacing * 0.55;
  const top = first + spacing * (holes - 0.45);
  const step = (top - bottom) / segments;
  for (let i = 0; i < segments; i++) {
    const from = foot(bottom + i * step);
    const to = foot(bottom + (i + 1) * step);
    const run = normalise(subtract(to, from));
    const out = normalise(subtract(outward, scale(run, dot(outward, run))));
    const side = cross(run, out);
    const middle = add(scale(add(from, to), 0.5), scale(out, 1.7 * heavy));
    bars.push({
      place: {
        rows: [
          [side[0], run[0], out[0]],
          [side[1], run[1], out[1]],
          [side[2], run[2], out[2]],
        ],
        translation: middle,
      },
      half: [5.2 * heavy, length(subtract(to, from)) / 2 + 0.05, 1.6 * heavy],
    });
  }
  for (let i = 0; i < holes; i++) {
    const y = first + i * spacing;
    if (Math.abs(y - level) < spacing * 0.6) continue;
    const head = foot(y);
    const centre = shaft.centre(y);
    const far = surfaceAlong(bone, centre, scale(outward, -1)) + 1.5;
    pins.push({
      from: add(head, scale(outward, 3.2 * heavy)),
      to: add(centre, scale(outward, -far)),
      radius: 1.55 * heavy,
      thread: 0.28,
    });
    pins.push({
      from: add(head, scale(outward, 3.6 * heavy)),
      to: add(head, scale(outward, 0.6)),
      radius: 3.5 * heavy,
      thread: 0,
    });
  }
  return { pins, bars };
}

/** Two or three smooth wires driven across a break near the end of a bone. */
export function wires(bone: Bone, level: number, end: number, random: Random): Implant {
  const { shaft } = bone;
  if (!shaft) throw new RangeError(`the ${bone.name} has no shaft to wire`);
  const towards = Math.sign(end - level) || 1;
  const pins = Array.from({ length: random.pick([2, 2, 3]) }, (_, i): Pin => {
    const angle = random.between(-0.5, 0.5) + i * Math.PI * 0.8 + Math.PI / 2;
    const side: Vec3 = [Math.cos(angle), 0, Math.sin(angle) * 0.7];
    const middle = shaft.centre(level);
    const { x } = shaft.halfWidths(level);
    const entry = add(
      middle,
      add(scale(side, x * random.between(1.0, 1.5)), [
        0,
        towards * Math.min(random.between(14, 20), Math.abs(end - level) - 9),
        0,
      ]),
    );
    const run = normalise(subtract(add(middle, scale(side, -x * 0.35)), entry));
    return {
      from: subtract(entry, scale(run, random.between(6, 12))),
      to: add(entry, scale(run, random.between(44, 58))),
      radius: 0.8,
      thread: 0,
    };
  });
  return { pins, bars: [] };
}
