import type { ViewSetup } from '../anatomy/anatomies.js';
import { compose, type Rigid, rotation, translation } from '../geometry/rigid.js';
import { add, scale } from '../geometry/vector.js';
import type { Projection } from '../physics/projection.js';
import type { Random } from '../random.js';

const radians = (degrees: number) => (degrees * Math.PI) / 180;

/** Focal spot to detector, mm. */
const sourceDistance = 1150;
/** Middle of the limb above the detector, mm: half a limb, the table top and the detector's cover. */
const limbHeight = { hand: [38, 52], leg: [62, 85] } as const;
/** How far a limb is from lying exactly as the textbook wants it, degrees and mm. */
const poseSlack = { turn: 4, lean: 2, tilt: 4, shift: 6 };

const mirror: Rigid = {
  rows: [
    [-1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  translation: [0, 0, 0],
};

/** Lays the limb on the detector for a view; left limbs are mirror images of right ones. `field`: 0 tightest, 1 widest. */
export function setUpProjection(
  view: ViewSetup,
  limb: 'hand' | 'leg',
  left: boolean,
  size: number,
  field: number,
  detector: { readonly width: number; readonly height: number; readonly pixelMm: number },
  random: Random,
): Projection {
  const [low, high] = limbHeight[limb];
  const turnY = rotation([0, 1, 0], radians(-view.turnDegrees + poseSlack.turn * random.normal()));
  const leanX = rotation([1, 0, 0], radians(poseSlack.lean * random.normal()));
  const tiltZ = rotation([0, 0, 1], radians(poseSlack.tilt * random.normal()));
  const shift = translation([
    poseSlack.shift * random.normal(),
    poseSlack.shift * random.normal() * 0.7,
    random.between(low, high),
  ]);
  const [tight, wide] = view.centre;
  const centre = add(scale(tight, 1 - field), scale(wide, field));
  const centred = translation(scale(centre, -size));
  const laid = compose(leanX, compose(turnY, centred));
  const roomFromLimb = compose(shift, compose(tiltZ, left ? compose(mirror, laid) : laid));
  const source = [20 * random.normal(), 20 * random.normal(), sourceDistance] as const;
  return { ...detector, source, roomFromLimb };
}
