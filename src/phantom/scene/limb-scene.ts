import type { Bone } from '../anatomy/bone.js';
import type { Limb } from '../anatomy/limb.js';
import type { BrokenBone } from '../fracture/break-bone.js';
import { apply, compose, invert, type Rigid } from '../geometry/rigid.js';
import { type Bounds, boundsOf, corners } from '../geometry/vector.js';
import { bakeBone, latticeSpacing } from '../physics/baked-bone.js';
import { emptyPathLengths, type PathLengths } from '../physics/path-lengths.js';
import { type Projection, pixelRange } from '../physics/projection.js';
import type { Spongiosa } from '../physics/trabeculae.js';
import { type Piece, traceBone } from '../physics/trace-bone.js';
import {
  bakeSoftTissue,
  type Cast,
  type Deformation,
  traceSoftTissue,
} from '../physics/trace-soft-tissue.js';
import { type Implant, traceImplant } from './metal.js';

/** Everything that lies in the beam. */
export interface LimbScene {
  readonly limb: Limb;
  readonly broken: readonly BrokenBone[];
  readonly cast: Cast | null;
  readonly implant: { readonly bone: Bone; readonly metal: Implant } | null;
  readonly spongiosa: Spongiosa;
  readonly seed: number;
}

/** Displaced fragments may reach this far into the image from outside it, mm. */
const viewMargin = 35;
/** The limb lies within this height above the detector, mm. */
const highestMm = 330;
/** Half of the stretch over which the soft tissue takes up the step of a break, mm. */
const skinBand = 38;
const swellingLength = 30;

/** The part of space that the image shows, in room coordinates. */
function viewBox(p: Projection): Bounds {
  const x = (p.width * p.pixelMm) / 2 + viewMargin;
  const y = (p.height * p.pixelMm) / 2 + viewMargin;
  return { min: [-x, -y, -highestMm / 2], max: [x, y, highestMm] };
}

/** The same in the frame of a body; `place` carries that frame to the limb. */
function viewBoxIn(p: Projection, place: Rigid): Bounds {
  const toBody = invert(compose(p.roomFromLimb, place));
  return boundsOf(
    corners(viewBox(p)).map((corner) => apply(toBody, corner)),
    0,
  );
}

function wholePiece(place: Rigid): Piece {
  return {
    move: place,
    clip: null,
    from: Number.NEGATIVE_INFINITY,
    to: Number.POSITIVE_INFINITY,
    straighten: null,
    bendReachMm: 0,
  };
}

/** Where the pieces of a bone lie: broken, carried along by a broken one, or at rest. */
function piecesOf(bone: Bone, broken: readonly BrokenBone[]): readonly Piece[] {
  const own = broken.find((b) => b.bone.name === bone.name);
  if (own) return own.pieces;
  const carrier = broken.find(({ carries }) => carries.includes(bone.part));
  return [wholePiece(carrier ? compose(carrier.move, bone.place) : bone.place)];
}

/** The soft tissue follows the fragments smoothly and swells over the breaks. */
function deformationOf(broken: readonly BrokenBone[]): Deformation | null {
  if (broken.length === 0) return null;
  const followed = broken.find(({ carries }) => carries.length > 0);
  const back = followed ? invert(followed.move) : null;
  return {
    straighten: (point) => {
      if (!followed || !back) return;
      const { centre, axis } = followed;
      const level =
        (point[0] - centre[0]) * axis[0] +
        (point[1] - centre[1]) * axis[1] +
        (point[2] - centre[2]) * axis[2];
      const t = Math.max(0, Math.min(1, (level + skinBand) / (2 * skinBand)));
      if (t === 0) return;
      const share = t * t * (3 - 2 * t);
      const [x, y, z] = apply(back, point);
      point[0] += share * (x - point[0]);
      point[1] += share * (y - point[1]);
      point[2] += share * (z - point[2]);
    },
    swelling: (x, y, z) =>
      broken.reduce((sum, { centre, parameters }) => {
        const square = (x - centre[0]) ** 2 + (y - centre[1]) ** 2 + (z - centre[2]) ** 2;
        return sum + parameters.swellingMm * Math.exp(-square / (2 * (swellingLength + 20) ** 2));
      }, 0),
    reachMm: 70,
  };
}

/** Follows every ray through the scene. */
export function traceScene(scene: LimbScene, p: Projection): PathLengths {
  const { limb, broken, cast, implant, spongiosa, seed } = scene;
  const paths = emptyPathLengths(p.width, p.height);
  limb.bones.forEach((bone, index) => {
    const pieces = piecesOf(bone, broken);
    if (!pieces.some(({ move }) => pixelRange(p, bone.bounds, move))) return;
    const within = pieces.map(({ move }) => viewBoxIn(p, move));
    const baked = bakeBone(
      bone,
      boundsOf(
        within.flatMap(({ min, max }) => [min, max]),
        0,
      ),
      latticeSpacing(bone, p.pixelMm),
      seed + 7 * index,
    );
    if (!baked) return;
    for (const piece of pieces) traceBone(paths, p, baked, piece, spongiosa);
  });
  const deformation = deformationOf(broken);
  const soft = bakeSoftTissue(
    limb.soft,
    viewBoxIn(p, {
      rows: [
        [1, 0, 0],
        [0, 1, 0],
        [0, 0, 1],
      ],
      translation: [0, 0, 0],
    }),
    seed + 3,
  );
  if (soft) traceSoftTissue(paths, p, soft, deformation, cast);
  if (implant) traceImplant(paths, p, implant.metal, implant.bone.place);
  return paths;
}
