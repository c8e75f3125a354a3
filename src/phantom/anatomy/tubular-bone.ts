import { cylinder, type Field, union } from '../geometry/field.js';
import type { Rigid } from '../geometry/rigid.js';
import { type Section, tube } from '../geometry/tube.js';
import { cross, length, normalise, subtract, type Vec3 } from '../geometry/vector.js';
import type { Bone, Part } from './bone.js';

/** Half widths of a small tubular bone in mm: across the row of its neighbours, and at right angles to it. */
export type Girth = readonly [width: number, depth: number];

export interface TubularSizes {
  readonly base: Girth;
  readonly waist: Girth;
  readonly head: Girth;
  /** Cortex at the waist, mm. */
  readonly cortex: number;
  /** Metacarpals and metatarsals end in a ball, phalanges in a small roller. */
  readonly ball: boolean;
}

/** A metacarpal, metatarsal or phalanx from the centre of its base to the end of its head. */
export function tubularBone(
  name: string,
  part: Part,
  from: Vec3,
  to: Vec3,
  across: Vec3,
  sizes: TubularSizes,
): Bone {
  const run = subtract(to, from);
  const long = length(run);
  const axis = normalise(run);
  const depth = normalise(cross(across, axis));
  const width = cross(axis, depth);
  const { base, waist, head } = sizes;
  // The shafts bow towards the back of the hand or foot.
  const bow = -0.03 * long;
  const section = (share: number, [rx, rz]: Girth, z = 0): Section => ({ y: share * long, x: 0, z, rx, rz });
  const body = tube(
    [
      section(0, [base[0] * 0.9, base[1] * 0.9]),
      section(0.07, base),
      section(0.24, [waist[0] * 1.15, waist[1] * 1.12], bow * 0.6),
      section(0.5, waist, bow),
      section(0.72, [waist[0] * 1.12, waist[1] * 1.08], bow * 0.6),
      section(0.88, [head[0] * 0.98, head[1] * 0.95]),
      section(1, [head[0] * 0.86, head[1] * 0.88]),
    ],
    [2, sizes.ball ? head[0] * 0.9 : head[0] * 0.55],
  );
  const roller: Field = cylinder([0, long - head[1] * 0.8, 0], [1, 0, 0], head[1] * 0.9, head[0] * 0.98, 1.2);
  const place: Rigid = {
    rows: [
      [width[0], axis[0], depth[0]],
      [width[1], axis[1], depth[1]],
      [width[2], axis[2], depth[2]],
    ],
    translation: from,
  };
  const wide = Math.max(base[0], head[0]) + 1;
  const deep = Math.max(base[1], head[1]) + 1 - bow;
  return {
    name,
    part,
    field: sizes.ball ? body.field : union(1.5, body.field, roller),
    bounds: { min: [-wide, -1, -deep], max: [wide, long + 1, deep] },
    place,
    cortex: (y) => sizes.cortex * waistShare(y / long) + 0.5,
    spongiosa: (y) => 0.23 * (1 - waistShare(y / long)) + 0.015,
    shaft: null,
  };
}

/** 1 in the middle of a tubular bone, falling to 0 towards both ends. */
function waistShare(at: number): number {
  const distance = Math.min(1, Math.abs(at - 0.5) / 0.37);
  return (1 - distance * distance) ** 1.5;
}
