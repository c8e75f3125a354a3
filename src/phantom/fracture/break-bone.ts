import type { FractureSite } from '../anatomy/anatomies.js';
import type { Bone, Part } from '../anatomy/bone.js';
import type { Field } from '../geometry/field.js';
import { apply, compose, invert, type Rigid, rotation, translation, turn } from '../geometry/rigid.js';
import { add, normalise, scale, subtract, type Vec3 } from '../geometry/vector.js';
import type { Piece } from '../physics/trace-bone.js';
import type { Random } from '../random.js';
import { shatter } from './comminuted.js';
import type { Breaking, Fragments } from './fragments.js';
import { crack, greenstickMove } from './greenstick.js';
import { type BreakFrame, breakFrame, directionIn, planarSurface, spiralSurface } from './surface.js';
import { breakInTwo } from './two-part.js';
import type { FractureParameters } from './types.js';

/** A broken bone, and what its lower fragment takes along. */
export interface BrokenBone {
  readonly bone: Bone;
  readonly parameters: FractureParameters;
  readonly pieces: readonly Piece[];
  /** Points of the broken faces where they now lie, limb coordinates. */
  readonly faces: readonly Vec3[];
  /** Middle of the break and the run of the bone there, limb coordinates. */
  readonly centre: Vec3;
  readonly axis: Vec3;
  /** Where the lower fragment went, limb coordinates. */
  readonly move: Rigid;
  readonly carries: readonly Part[];
}

const radians = (degrees: number) => (degrees * Math.PI) / 180;

/** Half of the sampled stretch from which the run of the bone is taken, mm. */
const runMm = 4;

/** The frame of the break in the bone's own coordinates. */
function frameOf(bone: Bone, site: FractureSite, levelMm: number, size: number): BreakFrame {
  if (site.spur) {
    const centre = apply(invert(bone.place), scale([site.spur.at[0], levelMm / size, site.spur.at[2]], size));
    return breakFrame(centre, [0, 1, 0], 8 * size);
  }
  const { shaft } = bone;
  if (!shaft) throw new RangeError(`the ${bone.name} has no shaft to break`);
  const y = levelMm - bone.place.translation[1];
  const axis = normalise(subtract(shaft.centre(y + runMm), shaft.centre(y - runMm)));
  const { x, z } = shaft.halfWidths(y);
  return breakFrame(shaft.centre(y), axis, (x + z) / 2);
}

/** Where the lower fragment goes in the bone's own frame: turned about the break, bent, then shifted. */
export function lowerMove(frame: BreakFrame, f: FractureParameters): Rigid {
  const { centre, axis } = frame;
  if (f.type === 'greenstick') return greenstickMove(frame, f.angulationDegrees, f.directionDegrees);
  const towards = directionIn(frame, f.angulationTowardsDegrees);
  const side = directionIn(frame, f.angulationTowardsDegrees + 90);
  // Turning the axis towards `towards` is a rotation about the vector at right angles to both.
  const bendAxis: Vec3 = turn(rotation(axis, Math.PI), side);
  const bent = rotation(signedFor(axis, towards, bendAxis), radians(f.angulationDegrees), centre);
  const twisted = rotation(axis, radians(f.rotationDegrees), centre);
  const shift = add(
    scale(directionIn(frame, f.displacementDegrees), f.displacementMm),
    scale(axis, -f.shorteningMm),
  );
  return compose(translation(shift), compose(bent, twisted));
}

/** The one of `about` and its opposite about which a positive angle turns `axis` towards `towards`. */
function signedFor(axis: Vec3, towards: Vec3, about: Vec3): Vec3 {
  const turned = turn(rotation(about, 0.01), axis);
  const gained = subtract(turned, axis);
  const forward = gained[0] * towards[0] + gained[1] * towards[1] + gained[2] * towards[2] > 0;
  return forward ? about : scale(about, -1);
}

function fragmentsOf(
  breaking: Breaking,
  frame: BreakFrame,
  f: FractureParameters,
  random: Random,
): Fragments {
  const { slopeDegrees, directionDegrees, gapMm } = f;
  switch (f.type) {
    case 'transverse':
    case 'oblique':
      return breakInTwo(breaking, planarSurface(frame, slopeDegrees, directionDegrees, breaking.seed), gapMm);
    case 'spiral':
      return breakInTwo(breaking, spiralSurface(frame, slopeDegrees, directionDegrees, breaking.seed), gapMm);
    case 'comminuted':
      return shatter(breaking, frame, slopeDegrees, directionDegrees, gapMm, random);
    case 'greenstick':
      return crack(breaking, frame, f.angulationDegrees, directionDegrees, gapMm);
  }
}

/** Breaks a bone. `carried`: the lower part follows this limb move instead of its own (a second bone of the pair). */
export function breakBone(
  bone: Bone,
  site: FractureSite,
  f: FractureParameters,
  size: number,
  random: Random,
  carried: Rigid | null,
): BrokenBone {
  const frame = frameOf(bone, site, f.levelMm, size);
  const own = lowerMove(frame, f);
  const toLimb = bone.place;
  const lower = carried ? compose(invert(toLimb), compose(carried, toLimb)) : own;
  const { spur } = site;
  const beyond: Field | null = spur
    ? (x, y, z) => {
        const [u, v, w] = apply(toLimb, [x, y, z]);
        return spur.region(u / size, v / size, w / size) * size;
      }
    : null;
  const fragments = fragmentsOf({ bone: bone.field, beyond, lower, seed: random.bits() }, frame, f, random);
  return {
    bone,
    parameters: f,
    pieces: fragments.pieces.map(({ move, ...piece }) => ({ ...piece, move: compose(toLimb, move) })),
    faces: fragments.faces.map((face) => apply(toLimb, face)),
    centre: apply(toLimb, frame.centre),
    axis: turn(toLimb, frame.axis),
    move: compose(toLimb, compose(lower, invert(toLimb))),
    carries: site.carries,
  };
}
