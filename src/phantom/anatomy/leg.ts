import { cylinder, ellipsoid, grown, moved, roundCone, union, without } from '../geometry/field.js';
import { profile } from '../geometry/profile.js';
import { identity, translation } from '../geometry/rigid.js';
import { tube } from '../geometry/tube.js';
import type { Bone } from './bone.js';
import { trochleaOfTalus } from './foot.js';

/** From the tibial plateau (y = 0 of the knee frame) to the roof of the ankle joint, mm. */
export const tibiaLength = 365;

const toAnkle = translation([0, tibiaLength, 0]);

/** The tibia of an adult in the knee frame (origin on the plateau). Proportions after Gray's Anatomy, ch. 83-84. */
export function tibia(): Bone {
  const front = Math.PI / 2;
  const shaft = tube(
    [
      { y: 0, x: 0.5, z: -4, rx: 36, rz: 23 },
      { y: 10, x: 0.5, z: -4, rx: 37, rz: 23.5 },
      { y: 22, x: 0.5, z: -2.5, rx: 32.5, rz: 22, tri: 0.03, triAngle: front },
      { y: 40, x: 0, z: 0, rx: 23.5, rz: 20, tri: 0.06, triAngle: front },
      { y: 62, x: -0.5, z: 1.5, rx: 17.5, rz: 18.5, tri: 0.1, triAngle: front },
      { y: 95, x: -0.5, z: 2.5, rx: 14.2, rz: 16.8, tri: 0.12, triAngle: front },
      { y: 145, x: 1, z: 3, rx: 12.6, rz: 15.2, tri: 0.13, triAngle: front },
      { y: 205, x: 1.5, z: 3, rx: 11.6, rz: 13.6, tri: 0.12, triAngle: front },
      { y: 255, x: 1, z: 2, rx: 11, rz: 12.2, tri: 0.08, triAngle: front },
      { y: 295, x: 1, z: 1, rx: 12, rz: 12.6, tri: 0.04, triAngle: front },
      { y: 322, x: 1.5, z: 0, rx: 15, rz: 14.5 },
      { y: 343, x: 2, z: -0.5, rx: 19.5, rz: 17.2 },
      { y: 357, x: 2, z: -0.5, rx: 21.5, rz: 19.3 },
      { y: 370, x: 2, z: -0.5, rx: 21.5, rz: 19.5 },
    ],
    [5, 4],
  );
  const tuberosity = ellipsoid([-3, 42, 18.5], [12, 22, 7.5]);
  const eminence = union(
    2,
    roundCone([6, 1, -4], 4, [4.5, -6.5, -3], 1.6),
    roundCone([-6, 1, -3], 4, [-5, -5.5, -4], 1.6),
  );
  const malleolus = roundCone([10.5, 334, 0], 8, [23.5, 375, 1], 5.4);
  const medialDish = ellipsoid([20, -14, -5], [22, 16.5, 26]);
  const lateralDish = ellipsoid([-20, -15, -4], [20, 16.2, 24]);
  const fibularNotch = cylinder([-29, 352, -4], [0, 1, 0], 10.5, 28, 3);
  const body = without(2, union(10, shaft.field, tuberosity), medialDish, lateralDish, fibularNotch);
  const trochlea = moved(trochleaOfTalus, toAnkle);
  return {
    name: 'tibia',
    part: 'leg',
    field: without(1.5, union(7, union(3, body, eminence), malleolus), grown(trochlea, 3.1)),
    bounds: { min: [-42, -12, -32], max: [42, 386, 32] },
    place: identity,
    cortex: profile([
      [0, 1.1],
      [18, 1],
      [40, 1.5],
      [62, 2.3],
      [95, 3.8],
      [145, 5],
      [205, 5.4],
      [255, 4.8],
      [295, 3],
      [322, 1.7],
      [345, 1.1],
      [370, 1],
    ]),
    spongiosa: profile([
      [0, 0.3],
      [12, 0.25],
      [35, 0.16],
      [62, 0.09],
      [95, 0.025],
      [130, 0.004],
      [270, 0.004],
      [298, 0.04],
      [325, 0.13],
      [350, 0.2],
      [366, 0.28],
    ]),
    shaft,
  };
}

/** The fibula in the knee frame; its tip reaches about 20 mm beyond the roof of the ankle. */
export function fibula(): Bone {
  const shaft = tube(
    [
      { y: 9, x: -38, z: -17, rx: 6, rz: 6.5 },
      { y: 18, x: -37.5, z: -17, rx: 10.5, rz: 11.5 },
      { y: 32, x: -36.5, z: -16, rx: 9, rz: 9.5 },
      { y: 52, x: -34.5, z: -15, rx: 6, rz: 6.6 },
      { y: 90, x: -32, z: -14, rx: 6, rz: 7 },
      { y: 150, x: -29.5, z: -12, rx: 6.6, rz: 7.4, tri: 0.1, triAngle: 0.4 },
      { y: 215, x: -27.5, z: -10, rx: 6.4, rz: 7.1, tri: 0.1, triAngle: 0.8 },
      { y: 280, x: -26.5, z: -7.5, rx: 6, rz: 6.6, tri: 0.06, triAngle: 0.9 },
      { y: 318, x: -26.5, z: -5.5, rx: 6.4, rz: 7.6 },
      { y: 343, x: -28, z: -5, rx: 7.8, rz: 9.8 },
      { y: 363, x: -28.6, z: -5, rx: 8.2, rz: 11.4 },
      { y: 377, x: -29, z: -6, rx: 7, rz: 9.4 },
      { y: 387, x: -29.5, z: -7, rx: 4.6, rz: 6 },
    ],
    [6, 5],
  );
  return {
    name: 'fibula',
    part: 'leg',
    field: shaft.field,
    bounds: { min: [-52, 6, -33], max: [-14, 390, 12] },
    place: identity,
    cortex: profile([
      [9, 0.8],
      [30, 1],
      [52, 1.9],
      [90, 2.6],
      [180, 3],
      [280, 2.7],
      [318, 2],
      [343, 1.3],
      [363, 1],
      [387, 0.9],
    ]),
    spongiosa: profile([
      [9, 0.22],
      [30, 0.17],
      [55, 0.06],
      [90, 0.015],
      [290, 0.015],
      [330, 0.08],
      [355, 0.16],
      [385, 0.22],
    ]),
    shaft,
  };
}
