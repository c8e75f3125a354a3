import { ellipsoid, grown, moved, roundCone, union, without } from '../geometry/field.js';
import { profile } from '../geometry/profile.js';
import { identity, translation } from '../geometry/rigid.js';
import { tube } from '../geometry/tube.js';
import type { Bone } from './bone.js';
import { capitellum, trochleaOfHumerus } from './elbow.js';
import { carpalCup } from './hand.js';

/** From the elbow joint (y = 0 of the elbow frame) to the middle of the joint surface of the radius, mm. */
export const forearmLength = 250;

const toWrist = translation([0, forearmLength, 0]);

/** The radius in the elbow frame, supinated: head, neck, tuberosity, lateral bow, flared end with styloid. */
export function radius(): Bone {
  const shaft = tube(
    [
      { y: 10.5, x: -12, z: 3.5, rx: 10.6, rz: 10.6 },
      { y: 16, x: -12, z: 3.5, rx: 11.2, rz: 11.2 },
      { y: 21, x: -12, z: 3, rx: 10, rz: 10 },
      { y: 29, x: -11.5, z: 2.5, rx: 6.8, rz: 6.8 },
      { y: 45, x: -11.5, z: 2, rx: 7.2, rz: 7 },
      { y: 75, x: -14.5, z: 2, rx: 7, rz: 6.6 },
      { y: 120, x: -17.5, z: 1.5, rx: 7.6, rz: 6.4, tri: 0.08, triAngle: 0 },
      { y: 165, x: -16, z: 0.5, rx: 7.8, rz: 6.4, tri: 0.08, triAngle: 0 },
      { y: 200, x: -11.5, z: 0, rx: 8.4, rz: 6.8, tri: 0.04, triAngle: 0 },
      { y: 222, x: -8.5, z: 0.5, rx: 11.2, rz: 8.2 },
      { y: 236, x: -7, z: 0.5, rx: 14.2, rz: 9.8 },
      { y: 246, x: -6.6, z: 0, rx: 16, rz: 10.8 },
      { y: 256, x: -8, z: 0, rx: 15.5, rz: 10.2 },
      { y: 264, x: -16, z: 1, rx: 7.5, rz: 7 },
    ],
    [2.5, 4],
  );
  const tuberosity = ellipsoid([-6.5, 42, 3], [4.5, 9, 4.5]);
  const lister = roundCone([-7, 232, -8.5], 2.4, [-7.5, 244, -10.2], 2.2);
  const styloid = roundCone([-17, 248, 1], 5.6, [-21, 260, 1.5], 3);
  const ulnarNotch = ellipsoid([18.5, 243.5, -1], [9.8, 13, 10.5]);
  const cup = moved(carpalCup, toWrist);
  return {
    name: 'radius',
    part: 'forearm',
    field: without(
      1,
      union(3, shaft.field, tuberosity, lister, styloid),
      grown(cup, 2.4),
      ulnarNotch,
      grown(capitellum, 2.4),
    ),
    bounds: { min: [-30, 7, -16], max: [14, 268, 18] },
    place: identity,
    cortex: profile([
      [10, 0.9],
      [28, 1.4],
      [50, 2.3],
      [100, 2.9],
      [165, 2.9],
      [200, 2.3],
      [220, 1.5],
      [236, 1],
      [262, 0.9],
    ]),
    spongiosa: profile([
      [10, 0.25],
      [25, 0.16],
      [45, 0.05],
      [70, 0.008],
      [180, 0.008],
      [205, 0.05],
      [225, 0.13],
      [240, 0.2],
      [252, 0.27],
    ]),
    shaft,
  };
}

/** The ulna in the elbow frame: olecranon, coronoid, shaft, head and styloid. */
export function ulna(): Bone {
  const shaft = tube(
    [
      { y: -17, x: 9, z: -14, rx: 8.5, rz: 6.5 },
      { y: -8, x: 9.5, z: -14.5, rx: 11, rz: 8.5 },
      { y: 6, x: 9.5, z: -11, rx: 11, rz: 10 },
      { y: 22, x: 9.5, z: -6, rx: 10.2, rz: 11 },
      { y: 40, x: 10, z: -5, rx: 8.2, rz: 9.6 },
      { y: 75, x: 12, z: -4.5, rx: 7.2, rz: 8.2, tri: 0.07, triAngle: Math.PI },
      { y: 130, x: 14.5, z: -3.5, rx: 6.7, rz: 7.4, tri: 0.07, triAngle: Math.PI },
      { y: 185, x: 16.5, z: -2.5, rx: 5.9, rz: 6.4 },
      { y: 222, x: 17.5, z: -2, rx: 5.2, rz: 5.6 },
      { y: 236, x: 17.8, z: -1.5, rx: 6.8, rz: 6.8 },
      { y: 243, x: 17.6, z: -1.5, rx: 8.2, rz: 7.8 },
      { y: 250, x: 17.2, z: -1.5, rx: 7.4, rz: 7 },
    ],
    [4, 5.5],
  );
  const coronoid = ellipsoid([9, 13.5, 1], [9.5, 8.5, 9.5]);
  const beak = ellipsoid([9.5, -12, -8], [9, 5.5, 8]);
  const styloid = roundCone([22.3, 243, -4], 2.9, [23.4, 252.5, -4.6], 1.7);
  const field = union(
    2,
    without(1.2, union(5, shaft.field, coronoid, beak), grown(trochleaOfHumerus, 2.3)),
    styloid,
  );
  return {
    name: 'ulna',
    part: 'forearm',
    field: without(1, field, ellipsoid([-12, 16, 3.5], [13, 9, 13])),
    bounds: { min: [-5, -20, -26], max: [30, 258, 14] },
    place: identity,
    cortex: profile([
      [-17, 1.6],
      [0, 1.7],
      [25, 2],
      [60, 2.7],
      [130, 2.8],
      [185, 2.4],
      [222, 1.5],
      [238, 0.9],
      [252, 0.8],
    ]),
    spongiosa: profile([
      [-17, 0.24],
      [15, 0.2],
      [40, 0.09],
      [70, 0.015],
      [195, 0.015],
      [222, 0.08],
      [240, 0.18],
      [252, 0.22],
    ]),
    shaft,
  };
}
