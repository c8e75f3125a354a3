import type { Field } from '../geometry/field.js';
import { readTable } from '../geometry/profile.js';
import type { Rigid } from '../geometry/rigid.js';
import type { Vec3 } from '../geometry/vector.js';
import type { BakedBone } from './baked-bone.js';
import { type PathLengths, shareBelowZero, slab } from './path-lengths.js';
import { type Projection, pixelRange, rayFan, rayOf } from './projection.js';
import { type Spongiosa, trabecularDensity } from './trabeculae.js';

/** A part of a bone that moves as one. */
export interface Piece {
  /** Where the piece has gone: coordinates of the unbroken bone to those of the limb. */
  readonly move: Rigid;
  /** Negative where the bone belongs to this piece, about the distance to the break; null for a whole bone. */
  readonly clip: Field | null;
  /** The stretch along y that the piece can reach, in coordinates of the unbroken bone, mm. */
  readonly from: number;
  readonly to: number;
  /** Carries a point of the bent bone back to the straight one; null where nothing is bent. */
  readonly straighten: ((point: [number, number, number]) => void) | null;
  /** How far the bent end swings out of the box of the straight bone, mm; 0 where nothing is bent. */
  readonly bendReachMm: number;
}

/** Shortest and longest step along a ray, mm. */
const shortestStep = 0.55;
const longestStep = 6;
/** Share of a distance that is trusted: the fields are distances to first order only. */
const trustNear = 0.85;
/** The same deep inside, where the radius of a flat or three-cornered bone overstates the way to its wall. */
const trustDeep = 0.6;
/** Below this bone volume fraction the marrow is crossed without looking for trabeculae. */
const emptyMarrow = 0.006;
/** Steps near a break, mm: its face is rough. */
const fineAtBreak = 0.35;
/** Distance to a break within which steps stay fine, mm. */
const nearBreak = 2.5;

/** What one ray crosses in one piece, mm along the ray. */
interface Crossing {
  bone: number;
  marrow: number;
  inside: number;
}

/**
 * Adds one piece of a bone to the path lengths of every ray that meets it. Steps follow the distance to the next
 * surface; within a step the surface is taken as flat, so that thin cortices are measured far below the step.
 */
export function traceBone(
  paths: PathLengths,
  p: Projection,
  bone: BakedBone,
  piece: Piece,
  spongiosa: Spongiosa,
): void {
  const full = bone.outer.bounds;
  const { bendReachMm } = piece;
  const min: Vec3 = [full.min[0] - bendReachMm, Math.max(full.min[1], piece.from), full.min[2] - bendReachMm];
  const max: Vec3 = [full.max[0] + bendReachMm, Math.min(full.max[1], piece.to), full.max[2] + bendReachMm];
  if (min[1] >= max[1]) return;
  const range = pixelRange(p, { min, max }, piece.move);
  if (!range) return;
  const fan = rayFan(p, piece.move);
  const texture = Math.max(0.45, Math.min(0.7, p.pixelMm * 2));
  const o: [number, number, number] = [0, 0, 0];
  const d: [number, number, number] = [0, 0, 0];
  const span: [number, number] = [0, 0];
  const crossing: Crossing = { bone: 0, marrow: 0, inside: 0 };
  for (let row = range.top; row < range.bottom; row++) {
    for (let column = range.left; column < range.right; column++) {
      rayOf(fan, column, row, o, d);
      slab(span, o, d, min, max);
      if (span[0] >= span[1]) continue;
      crossing.bone = 0;
      crossing.marrow = 0;
      crossing.inside = 0;
      const stretch = Math.sqrt(d[0] * d[0] + d[1] * d[1] + d[2] * d[2]);
      traceRay(crossing, bone, piece, spongiosa, texture / stretch, o, d, span[0], span[1]);
      if (crossing.inside > 0) {
        const at = row * paths.width + column;
        paths.bone[at] = (paths.bone[at] as number) + crossing.bone * stretch;
        paths.fat[at] = (paths.fat[at] as number) + crossing.marrow * stretch;
        paths.insideBones[at] = (paths.insideBones[at] as number) + crossing.inside * stretch;
      }
    }
  }
}

/** Follows one ray `o + z d` from `start` to `end`; z is within a percent of millimetres. */
function traceRay(
  crossing: Crossing,
  bone: BakedBone,
  { clip, straighten }: Piece,
  spongiosa: Spongiosa,
  texture: number,
  o: Readonly<[number, number, number]>,
  d: Readonly<[number, number, number]>,
  start: number,
  end: number,
): void {
  const { outer, cortex } = bone;
  let z = start;
  let step = 0;
  let before = 1;
  let beforeMedulla = 1;
  for (;;) {
    point[0] = o[0] + z * d[0];
    point[1] = o[1] + z * d[1];
    point[2] = o[2] + z * d[2];
    if (straighten) straighten(point);
    const [x, y, w] = point;
    let value = outer.sample(x, y, w);
    let medulla = value > 0 ? value + 1 : value + cortex.nearest(x, y, w);
    const depth = -value;
    let limit = longestStep;
    if (clip && value < nearBreak) {
      const cut = clip(x, y, w);
      if (cut > value) value = cut;
      if (cut > medulla) medulla = cut;
      limit = Math.max(fineAtBreak, Math.abs(cut) - nearBreak);
    }
    if (step > 0) {
      const crossed = step * shareBelowZero(before, value);
      if (crossed > 0) {
        const marrow = step * shareBelowZero(beforeMedulla, medulla);
        crossing.inside += crossed;
        crossing.bone += crossed - marrow;
        if (marrow > 0) fill(crossing, marrow, boneFraction(bone, spongiosa, x, y, w));
      }
    }
    if (z >= end) return;
    before = value;
    beforeMedulla = medulla;
    let free: number;
    if (value > 0) free = value * trustNear;
    else if (medulla > 0) free = Math.min(depth, medulla) * trustNear;
    else {
      free = -medulla * trustDeep;
      // Deep in the medulla no surface can come within `free`: only the trabeculae are looked at on the way.
      const deep = Math.min(free, limit, end - z) - shortestStep;
      if (deep > texture && !straighten) {
        const count = Math.floor(deep / texture);
        for (let i = 0; i < count; i++) {
          const at = z + (i + 0.5) * texture;
          fill(
            crossing,
            texture,
            boneFraction(bone, spongiosa, o[0] + at * d[0], o[1] + at * d[1], o[2] + at * d[2]),
          );
        }
        crossing.inside += count * texture;
        z += count * texture;
        step = 0;
        // The next sample starts a new step from inside the medulla: nothing is left to add for this one.
        continue;
      }
      free = Math.min(free, texture);
    }
    step = Math.min(Math.max(shortestStep, free), limit);
    if (z + step >= end) {
      step = end - z;
      z = end;
    } else {
      z += step;
    }
  }
}

const point: [number, number, number] = [0, 0, 0];

function fill(crossing: Crossing, length: number, fraction: number): void {
  crossing.bone += length * fraction;
  crossing.marrow += length * (1 - fraction);
}

/** Bone volume fraction of the medulla at a point of the unbroken bone: the profile times the trabeculae there. */
function boneFraction(bone: BakedBone, spongiosa: Spongiosa, x: number, y: number, z: number): number {
  const fraction = readTable(bone.spongiosa, y);
  return fraction > emptyMarrow ? Math.min(1, fraction * trabecularDensity(spongiosa, x, y, z)) : fraction;
}
