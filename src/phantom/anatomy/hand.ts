import { ellipsoid, type Field, grown, moved, roundCone, roundedBox, union } from '../geometry/field.js';
import { rotation } from '../geometry/rigid.js';
import type { Vec3 } from '../geometry/vector.js';
import { type Bone, blockBone } from './bone.js';
import { keepApart } from './joint-spaces.js';
import { type TubularSizes, tubularBone } from './tubular-bone.js';

/** A shape turned in the plane of the palm about a point; positive angles carry +x towards +y. */
function turned(field: Field, degrees: number, centre: Vec3): Field {
  return moved(field, rotation([0, 0, 1], (degrees * Math.PI) / 180, centre));
}

/**
 * The proximal face of the first carpal row in the wrist frame (origin in the middle of the joint surface of the
 * radius): an egg whose mould gives the radius its inclination (about 22 degrees) and its palmar tilt (about 11).
 */
export const carpalCup: Field = moved(
  turned(ellipsoid([-5, 15.5, 0.5], [24, 15.5, 17]), -16, [-5, 4, 0]),
  rotation([1, 0, 0], (-9 * Math.PI) / 180, [-5, 2, 0]),
);

/** The shapes overlap on purpose: `keepApart` cuts their facets. */
function carpals(): Bone[] {
  const block = (name: string, field: Field, c: Vec3, reach: number) =>
    blockBone(
      name,
      'hand',
      grown(field, 0.8),
      { min: [c[0] - reach, c[1] - reach, c[2] - reach], max: [c[0] + reach, c[1] + reach, c[2] + reach] },
      0.5,
      0.27,
    );
  const scaphoid = union(
    5,
    ellipsoid([-9.5, 8, 0], [8.6, 7.2, 8]),
    roundCone([-13, 10, 1], 6.4, [-20.5, 17, 5.5], 5.4),
  );
  const lunate = ellipsoid([3.4, 7.6, 0.5], [9.2, 8, 9]);
  const triquetrum = turned(ellipsoid([14.2, 11.5, -2], [7.6, 9.2, 7.4]), 28, [14.2, 11.5, -2]);
  const trapezium = turned(roundedBox([-23.5, 23, 4.5], [7.6, 9, 7.4], 5.4), 36, [-23.5, 23, 4.5]);
  const capitate = union(
    4,
    ellipsoid([-1, 15.6, 0.5], [7.2, 7.4, 7.4]),
    roundedBox([-3, 24.5, 0], [7.6, 9.5, 8.6], 5),
  );
  const hamate = union(
    4,
    turned(roundedBox([9.8, 24.5, -0.5], [7.8, 8.8, 7.4], 5), -12, [9.8, 24.5, -0.5]),
    roundCone([8, 20, 0], 6, [5.5, 14.5, 0], 3.6),
    roundCone([9, 24, 5], 4, [8, 24, 11.5], 2.6),
  );
  return [
    block('scaphoid', scaphoid, [-14, 12, 3], 17),
    block('lunate', lunate, [3.4, 7.6, 0.5], 11),
    block('triquetrum', triquetrum, [14.2, 11.5, -2], 12),
    block('pisiform', ellipsoid([14.5, 11, 9.5], [4.8, 5.8, 4.6]), [14.5, 11, 9.5], 7),
    block('trapezium', trapezium, [-23.5, 23, 4.5], 13),
    block(
      'trapezoid',
      turned(roundedBox([-13.6, 25.4, -1], [6.8, 7.6, 7.6], 4.6), 8, [-13.6, 25.4, -1]),
      [-13.6, 25.4, -1],
      12,
    ),
    block('capitate', capitate, [-2.5, 21.5, 0], 15),
    block('hamate', hamate, [8, 22, 3], 16),
  ];
}

const fingerMetacarpal: TubularSizes = {
  base: [7.9, 7.8],
  waist: [3.9, 4.3],
  head: [7, 7.2],
  cortex: 1.7,
  ball: true,
};
const thumbMetacarpal: TubularSizes = {
  base: [8.2, 7.6],
  waist: [4.9, 4.2],
  head: [7.4, 6.4],
  cortex: 1.7,
  ball: true,
};
const proximalPhalanx: TubularSizes = {
  base: [7, 5.8],
  waist: [4.2, 3.5],
  head: [5.2, 3.8],
  cortex: 1.4,
  ball: false,
};
const middlePhalanx: TubularSizes = {
  base: [5.9, 4.5],
  waist: [3.4, 2.8],
  head: [4.5, 3.1],
  cortex: 1.1,
  ball: false,
};
const distalPhalanx: TubularSizes = {
  base: [5, 3.8],
  waist: [2.2, 2],
  head: [3.4, 1.9],
  cortex: 0.8,
  ball: false,
};
const phalanges: readonly TubularSizes[] = [proximalPhalanx, middlePhalanx, distalPhalanx];

/** One ray: where its metacarpal starts, which way it points in the palm, lengths from the metacarpal outwards. */
interface Ray {
  readonly base: Vec3;
  readonly degrees: number;
  readonly lengths: readonly number[];
  /** Degrees towards the palm. */
  readonly lift: number;
}

const rayPlan: readonly [Ray, ...Ray[]] = [
  { base: [-29, 29.5, 6.5], degrees: 124, lengths: [45, 31, 22], lift: 14 },
  { base: [-13.8, 31, 0], degrees: 97, lengths: [67, 39, 23, 17], lift: 1 },
  { base: [-3.2, 31.5, -0.5], degrees: 91, lengths: [64, 43, 27, 18], lift: 0 },
  { base: [6.6, 30.8, 0.5], degrees: 84, lengths: [57.5, 40, 26, 18], lift: 2.5 },
  { base: [14.2, 29.4, 2], degrees: 75, lengths: [53.5, 32, 18, 16], lift: 6 },
];
/** Joint space between the bones of a ray, mm. */
const rayGap = 1.6;

/** The joints of every ray from the base of its metacarpal to the tip, thumb first; the soft tissue follows them. */
export function handRays(): Vec3[][] {
  return rayPlan.map(({ base, degrees, lengths, lift }) => {
    const angle = (degrees * Math.PI) / 180;
    const tilt = (lift * Math.PI) / 180;
    const step: Vec3 = [Math.cos(angle) * Math.cos(tilt), Math.sin(angle) * Math.cos(tilt), Math.sin(tilt)];
    let reach = 0;
    return [0, ...lengths].map((part): Vec3 => {
      reach += part;
      return [base[0] + step[0] * reach, base[1] + step[1] * reach, base[2] + step[2] * reach];
    });
  });
}

function rayBones(joints: readonly Vec3[], digit: number): Bone[] {
  const thumb = digit === 1;
  const across: Vec3 = thumb ? [0.62, 0, -0.78] : [1, 0, 0];
  return joints.slice(1).map((to, i) => {
    const from = joints[i] ?? to;
    const short = 1 - rayGap / Math.hypot(to[0] - from[0], to[1] - from[1], to[2] - from[2]);
    const end: Vec3 = [
      from[0] + (to[0] - from[0]) * short,
      from[1] + (to[1] - from[1]) * short,
      from[2] + (to[2] - from[2]) * short,
    ];
    if (i === 0)
      return tubularBone(
        `metacarpal ${digit}`,
        'hand',
        from,
        end,
        across,
        thumb ? thumbMetacarpal : fingerMetacarpal,
      );
    const sizes = i === joints.length - 2 ? distalPhalanx : (phalanges[i - 1] ?? distalPhalanx);
    return tubularBone(`digit ${digit} phalanx ${i}`, 'hand', from, end, across, sizes);
  });
}

/** Every bone of the hand laid flat, in the wrist frame. */
export function handBones(): Bone[] {
  const rays = handRays().map((joints, i) => rayBones(joints, i + 1));
  const metacarpals = rays.flatMap((bones) => bones.slice(0, 1));
  return [...keepApart([...carpals(), ...metacarpals], 1.1), ...rays.flatMap((bones) => bones.slice(1))];
}
