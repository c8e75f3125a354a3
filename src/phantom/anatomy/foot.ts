import { largest } from '../../core/extremes.js';
import {
  cylinder,
  ellipsoid,
  type Field,
  grown,
  moved,
  roundCone,
  roundedBox,
  union,
  without,
} from '../geometry/field.js';
import { rotation } from '../geometry/rigid.js';
import type { Vec3 } from '../geometry/vector.js';
import { type Bone, blockBone } from './bone.js';
import { keepApart } from './joint-spaces.js';
import { type TubularSizes, tubularBone } from './tubular-bone.js';

/** The axis of the ankle joint, in the ankle frame (origin on the roof of the joint): a point and its direction. */
export const ankleAxis: { readonly through: Vec3; readonly along: Vec3 } = {
  through: [0.5, 23.6, -1],
  along: [1, 0, 0],
};

/** The dome of the talus in the ankle frame: a roller about the axis of the joint. */
export const trochleaOfTalus: Field = cylinder(ankleAxis.through, ankleAxis.along, 20.5, 15.4, 4);

const talarHead = ellipsoid([7, 31, 31], [13.5, 12, 12.5]);

function talus(): Bone {
  const dome = without(1, trochleaOfTalus, ellipsoid([0.5, -3.6, -1], [7, 7, 60]));
  const body = roundedBox([0, 20, -3], [16, 13, 18], 7);
  const neck = roundCone([2, 23, 10], 11.5, [6, 30, 27], 11);
  const lateralProcess = roundCone([-9, 24, -2], 7.5, [-18, 29, -2], 4.5);
  const posteriorProcess = roundCone([2, 24, -14], 8, [4, 30, -26], 4.5);
  const field = union(5, body, dome, neck, talarHead, lateralProcess, posteriorProcess);
  return blockBone('talus', 'foot', field, { min: [-26, 0, -36], max: [26, 50, 48] }, 0.9, 0.29);
}

function calcaneus(): Bone {
  const tuber = union(6, ellipsoid([-3, 56, -43], [14, 20, 13]), ellipsoid([1, 69, -41], [11, 9, 11]));
  const waist = roundCone([-4, 52, -36], 15, [-7, 50, -4], 13);
  const facet = ellipsoid([-5, 41, -8], [14, 11, 14]);
  const front = roundCone([-8, 51, 4], 12, [-11, 51, 24], 11.5);
  const shelf = roundCone([0, 44, 8], 7, [13, 42, 8], 5);
  const field = union(8, tuber, waist, facet, front, shelf);
  return blockBone('calcaneus', 'foot', field, { min: [-28, 24, -64], max: [22, 84, 42] }, 1, 0.21);
}

/** Shapes overlap on purpose: `keepApart` cuts their facets. The row slopes down towards the toes. */
function midfoot(): Bone[] {
  const block = (name: string, field: Field, c: Vec3, reach: number) =>
    blockBone(
      name,
      'foot',
      field,
      { min: [c[0] - reach, c[1] - reach, c[2] - reach], max: [c[0] + reach, c[1] + reach, c[2] + reach] },
      0.8,
      0.27,
    );
  const wedge = (name: string, c: Vec3, half: Vec3) =>
    block(
      name,
      moved(roundedBox(c, half, 6.5), rotation([1, 0, 0], (18 * Math.PI) / 180, c)),
      c,
      largest(half) + 5,
    );
  return [
    block(
      'navicular',
      without(1.5, ellipsoid([9, 34, 44], [19, 15.5, 12]), grown(talarHead, 2)),
      [9, 34, 44],
      22,
    ),
    wedge('cuboid', [-16, 51, 49], [13, 12.5, 18.5]),
    wedge('medial cuneiform', [19.5, 41, 66], [9.5, 15, 14]),
    wedge('intermediate cuneiform', [6.5, 36.5, 63], [8.5, 11, 11]),
    wedge('lateral cuneiform', [-5.5, 41, 66], [8.5, 11.5, 14]),
  ];
}

const firstMetatarsal: TubularSizes = {
  base: [9.8, 13],
  waist: [6.6, 6.8],
  head: [10.5, 9.8],
  cortex: 2,
  ball: true,
};
const lesserMetatarsal: TubularSizes = {
  base: [8, 9.4],
  waist: [3.9, 4.3],
  head: [5.4, 7],
  cortex: 1.7,
  ball: true,
};
const toePhalanx: TubularSizes = { base: [5, 5], waist: [3.1, 3], head: [3.9, 3.1], cortex: 1, ball: false };
const halluxPhalanx: TubularSizes = {
  base: [9.3, 8],
  waist: [6.2, 5.4],
  head: [7.8, 5.6],
  cortex: 1.5,
  ball: false,
};

const rayPlan: readonly { readonly base: Vec3; readonly head: Vec3; readonly toes: readonly Vec3[] }[] = [
  {
    base: [19.5, 44, 78],
    head: [25, 65, 138],
    toes: [
      [23, 68, 172],
      [21, 70, 197],
    ],
  },
  {
    base: [7, 38.5, 72],
    head: [9, 65, 146],
    toes: [
      [7, 67, 174],
      [6, 72, 189],
      [6, 76, 200],
    ],
  },
  {
    base: [-5, 43, 77],
    head: [-4, 66, 143],
    toes: [
      [-6, 69, 169],
      [-7, 74, 182],
      [-8, 77, 192],
    ],
  },
  {
    base: [-14.5, 50, 66],
    head: [-17, 68, 134],
    toes: [
      [-20, 71, 158],
      [-22, 75, 169],
      [-23, 78, 179],
    ],
  },
  {
    base: [-23.5, 56, 61],
    head: [-30, 70, 124],
    toes: [
      [-34, 73, 146],
      [-36, 76, 156],
      [-37, 79, 165],
    ],
  },
];

function rayBones({ base, head, toes }: (typeof rayPlan)[number], ray: number): Bone[] {
  const first = ray === 1;
  const across: Vec3 = [1, 0, 0];
  const bones = [
    tubularBone(`metatarsal ${ray}`, 'foot', base, head, across, first ? firstMetatarsal : lesserMetatarsal),
  ];
  let from: Vec3 = [head[0], head[1] + 0.5, head[2] + 2];
  toes.forEach((to, joint) => {
    bones.push(
      tubularBone(
        `toe ${ray} phalanx ${joint + 1}`,
        'foot',
        from,
        to,
        across,
        first ? halluxPhalanx : toePhalanx,
      ),
    );
    from = [to[0], to[1], to[2] + 1.5];
  });
  return bones;
}

/** Every bone of the foot at a right angle to the leg, in the ankle frame. */
export function footBones(): Bone[] {
  const rays = rayPlan.map((ray, i) => rayBones(ray, i + 1));
  const metatarsals = rays.flatMap((bones) => bones.slice(0, 1));
  return [
    ...keepApart([talus(), calcaneus(), ...midfoot(), ...metatarsals], 1.6),
    ...rays.flatMap((bones) => bones.slice(1)),
  ];
}
