import { ellipsoid, type Field, moved, roundCone, union, without } from '../geometry/field.js';
import { type Profile, profile } from '../geometry/profile.js';
import type { Rigid } from '../geometry/rigid.js';
import { type Section, tube } from '../geometry/tube.js';
import type { Bounds, Vec3 } from '../geometry/vector.js';
import { handRays } from './hand.js';

/** What lies around the bones, in the limb's own frame. */
export interface SoftTissue {
  /** Outer surface of the skin. */
  readonly skin: Field;
  /** Muscle and tendon; between it and the skin lies fat. */
  readonly muscle: Field;
  readonly bounds: Bounds;
}

/** The soft tissue of one part of a limb, in the frame of that part. */
export interface Flesh {
  readonly skin: Field;
  readonly muscle: Field;
}

/** Muscle fills a part up to the layer of fat under the skin and leaves the fat pads free. */
function flesh(skin: Field, fat: Profile, ...pads: readonly Field[]): Flesh {
  return { skin, muscle: without(2, (x, y, z) => skin(x, y, z) + fat(y), ...pads) };
}

/** The parts of a limb in one, each carried to its place, the folds between them filled over `k` mm. */
export function joinFlesh(
  k: number,
  parts: readonly (readonly [Flesh, Rigid])[],
  bounds: Bounds,
): SoftTissue {
  const [first, ...others] = parts.map(([part, place]) => ({
    skin: moved(part.skin, place),
    muscle: moved(part.muscle, place),
  }));
  if (!first) throw new RangeError('a limb has at least one part');
  return {
    skin: union(k, first.skin, ...others.map((o) => o.skin)),
    muscle: union(k / 2, first.muscle, ...others.map((o) => o.muscle)),
    bounds,
  };
}

const thighSections: readonly Section[] = [
  { y: -500, x: -26, z: 2, rx: 90, rz: 92 },
  { y: -420, x: -22, z: 2, rx: 84, rz: 86 },
  { y: -300, x: -15, z: 2, rx: 75, rz: 78 },
  { y: -200, x: -10, z: 0, rx: 68, rz: 71 },
  { y: -100, x: -4, z: -1, rx: 58, rz: 62 },
  { y: -40, x: 0, z: -3, rx: 54, rz: 57 },
  { y: 0, x: 0, z: -5, rx: 51, rz: 53 },
  { y: 30, x: -1, z: -7, rx: 48, rz: 48 },
];

/** The thigh in the knee frame. */
export function thighFlesh(): Flesh {
  // Fat behind the patellar tendon (Hoffa).
  const hoffa = ellipsoid([-2, 4, 36], [20, 16, 9]);
  return flesh(
    tube(thighSections, 14).field,
    profile([
      [-420, 12],
      [-200, 10],
      [-60, 7.5],
      [20, 7],
    ]),
    hoffa,
  );
}

const legSections: readonly Section[] = [
  { y: -34, x: 0, z: -6, rx: 49, rz: 50 },
  { y: 0, x: 0, z: -5, rx: 52, rz: 54 },
  { y: 40, x: -2, z: -10, rx: 50, rz: 51 },
  { y: 100, x: -5, z: -18, rx: 53, rz: 55 },
  { y: 150, x: -5, z: -19, rx: 51, rz: 54 },
  { y: 220, x: -6, z: -14, rx: 42, rz: 44 },
  { y: 280, x: -6, z: -10, rx: 33.5, rz: 37.5 },
  { y: 315, x: -5, z: -10, rx: 31.5, rz: 37 },
  { y: 345, x: -4, z: -9, rx: 35, rz: 38 },
  { y: 372, x: -3, z: -9, rx: 37, rz: 42 },
  { y: 402, x: -2, z: -10, rx: 34, rz: 43 },
];

/** The leg in the knee frame, `ankle` mm above the roof of the ankle joint. */
export function legFlesh(ankle: number): Flesh {
  const fat = profile([
    [-34, 7],
    [0, 6.5],
    [100, 6],
    [220, 4.5],
    [300, 3.2],
    [400, 3],
  ]);
  // Fat in front of the Achilles tendon (Kager's triangle).
  const kager = union(
    8,
    roundCone([-2, ankle - 80, -33], 2.5, [-2, ankle + 2, -32], 9.5),
    ellipsoid([-2, ankle + 14, -35], [12, 10, 7]),
  );
  return flesh(tube(legSections, 14).field, fat, kager);
}

/** The foot as a tube along z: sections along its own y (= z of the ankle frame), its z = -y. */
const footSections: readonly Section[] = [
  { y: -61, x: -3, z: -55, rx: 18, rz: 23 },
  { y: -40, x: -3, z: -55, rx: 29, rz: 34 },
  { y: 0, x: -2, z: -48, rx: 35, rz: 43 },
  { y: 40, x: -1, z: -46, rx: 38, rz: 37 },
  { y: 80, x: -1, z: -53, rx: 42, rz: 30 },
  { y: 118, x: -2, z: -63, rx: 46, rz: 21 },
  { y: 146, x: -3, z: -68, rx: 46, rz: 16 },
  { y: 160, x: -4, z: -70, rx: 44, rz: 13 },
];
const lyingForward: Rigid = {
  rows: [
    [1, 0, 0],
    [0, 0, -1],
    [0, 1, 0],
  ],
  translation: [0, 0, 0],
};
const toeAxes: readonly (readonly [Vec3, Vec3, number])[] = [
  [[24, 69, 145], [21, 71, 194], 12],
  [[9, 70, 148], [6, 76, 198], 8.5],
  [[-4, 71, 146], [-8, 77, 190], 8],
  [[-17, 73, 138], [-23, 78, 178], 7.5],
  [[-30, 74, 128], [-37, 79, 164], 7.5],
];

/** The foot in the ankle frame. */
export function footFlesh(): Flesh {
  const sole = moved(tube(footSections, [14, 8]).field, lyingForward);
  const toes = toeAxes.map(([from, to, r]) => roundCone(from, r + 1, to, r - 1));
  const heelPad = ellipsoid([-3, 86, -36], [26, 8, 24]);
  return flesh(union(6, sole, ...toes), () => 3, heelPad);
}

const upperArmSections: readonly Section[] = [
  { y: -380, x: 5, z: 2, rx: 55, rz: 57 },
  { y: -300, x: 3, z: 2, rx: 51, rz: 53 },
  { y: -210, x: 2, z: 2, rx: 46, rz: 50 },
  { y: -130, x: 1, z: 1, rx: 41, rz: 45 },
  { y: -65, x: 1, z: -1, rx: 40, rz: 38 },
  { y: -20, x: 1, z: -3, rx: 43, rz: 33 },
  { y: 14, x: 1, z: -3, rx: 40, rz: 29 },
];

/** The upper arm in the elbow frame. */
export function upperArmFlesh(): Flesh {
  const olecranonPad = ellipsoid([5, -30, -14], [10, 14, 5]);
  return flesh(
    tube(upperArmSections, 14).field,
    profile([
      [-300, 7.5],
      [-130, 6],
      [-20, 4.5],
    ]),
    olecranonPad,
  );
}

const forearmSections: readonly Section[] = [
  { y: -22, x: 2, z: -6, rx: 36, rz: 27 },
  { y: 10, x: 0, z: -4, rx: 44, rz: 34 },
  { y: 55, x: -2, z: -1, rx: 45, rz: 39 },
  { y: 100, x: -2, z: 0, rx: 41, rz: 35 },
  { y: 150, x: 0, z: 0, rx: 34, rz: 28 },
  { y: 200, x: 3, z: 0, rx: 29, rz: 22 },
  { y: 230, x: 4, z: 0, rx: 28, rz: 19.5 },
  { y: 250, x: 3, z: 0.5, rx: 29, rz: 18.5 },
  { y: 270, x: 0, z: 1, rx: 34, rz: 18 },
  { y: 295, x: -1, z: 1.5, rx: 39, rz: 16.5 },
  { y: 325, x: 0, z: 1.5, rx: 42, rz: 14.5 },
  { y: 346, x: 1, z: 1, rx: 42, rz: 12.5 },
  { y: 360, x: 2, z: 0.5, rx: 40, rz: 11 },
];

/** Forearm and palm in the elbow frame. */
export function forearmFlesh(): Flesh {
  const fat = profile([
    [-22, 4],
    [60, 5],
    [150, 4],
    [230, 2.6],
    [300, 2.2],
    [360, 1.8],
  ]);
  // The stripe of fat in front of pronator quadratus.
  const pronatorPad = ellipsoid([2, 224, 11.5], [15, 20, 1.8]);
  return flesh(tube(forearmSections, [14, 8]).field, fat, pronatorPad);
}

/** Fingers, thumb and its ball in the wrist frame. */
export function digitFlesh(): Flesh {
  const parts = handRays().flatMap((joints, i) => {
    const thumb = i === 0;
    const thick = thumb ? 12 : 9.8;
    const free = joints.slice(thumb ? 0 : 1);
    return free.slice(1).map((to, j) => {
      const wide = thick - j * 0.9 + (thumb && j === 0 ? 2 : 0);
      return roundCone(free[j] ?? to, wide, to, wide - 0.9);
    });
  });
  return flesh(union(7, ellipsoid([-24, 44, 12], [13, 24, 11]), ...parts), () => 1.8);
}
