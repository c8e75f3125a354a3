import { ellipsoid, type Field, roundCone, union, without } from '../geometry/field.js';
import { profile } from '../geometry/profile.js';
import { identity } from '../geometry/rigid.js';
import { tube } from '../geometry/tube.js';
import type { Vec3 } from '../geometry/vector.js';
import type { Bone } from './bone.js';

/** The axis about which the elbow bends: a point and its direction. */
export const elbowAxis: { readonly through: Vec3; readonly along: Vec3 } = {
  through: [0, -2.4, 3],
  along: [1, 0, 0],
};

/** The roller of the humerus on which the ulna turns, in the elbow frame (origin between trochlea and capitellum). */
export const trochleaOfHumerus: Field = union(
  4,
  ellipsoid([18.5, -2, 2], [7, 11.8, 12.2]),
  ellipsoid([10, -2.5, 2], [9, 9.6, 9.6]),
  ellipsoid([2.5, -2, 2.5], [5, 10.5, 10.5]),
);

/** The ball of the humerus on which the radial head turns. */
export const capitellum: Field = ellipsoid([-11, -2.5, 4.5], [9.5, 10.6, 10.6]);

/** The humerus in the elbow frame; above the deltoid tuberosity only its shaft, which no image goes beyond. */
export function humerus(): Bone {
  const shaft = tube(
    [
      { y: -370, x: 2, z: 0, rx: 14.5, rz: 14.5 },
      { y: -290, x: 0, z: 0, rx: 12.6, rz: 12.4 },
      { y: -240, x: -1, z: 0, rx: 11.4, rz: 11.6 },
      { y: -185, x: -2.5, z: 0, rx: 11.6, rz: 11.2 },
      { y: -140, x: -1, z: -0.5, rx: 10.4, rz: 10.4 },
      { y: -95, x: 0, z: -1, rx: 11, rz: 9.2 },
      { y: -65, x: 0.8, z: -1, rx: 14.5, rz: 8 },
      { y: -45, x: 1.5, z: -0.5, rx: 19.5, rz: 7.4 },
      { y: -30, x: 2.5, z: 0, rx: 25, rz: 7 },
      { y: -18, x: 3, z: 1, rx: 27, rz: 7.2 },
      { y: -8, x: 2, z: 2, rx: 21, rz: 7.4 },
      { y: 0, x: 1, z: 2.5, rx: 17, rz: 7 },
    ],
    [3, 4],
  );
  const medialEpicondyle = roundCone([20, -22, -1], 6.5, [31.5, -20, -2.5], 4);
  const lateralEpicondyle = roundCone([-17, -20, 1], 6.5, [-23, -15, 0.5], 4.2);
  const olecranonFossa = ellipsoid([5, -22, -9], [11, 10, 8]);
  const coronoidFossa = ellipsoid([7, -20, 11], [8.5, 7, 8]);
  const body = union(6, shaft.field, trochleaOfHumerus, capitellum, medialEpicondyle, lateralEpicondyle);
  return {
    name: 'humerus',
    part: 'arm',
    field: without(2, body, olecranonFossa, coronoidFossa),
    bounds: { min: [-34, -372, -18], max: [40, 14, 20] },
    place: identity,
    cortex: profile([
      [-290, 3.4],
      [-240, 4.2],
      [-180, 4.6],
      [-120, 4.4],
      [-80, 3.2],
      [-55, 2.2],
      [-35, 1.5],
      [-15, 1.1],
      [8, 0.9],
    ]),
    spongiosa: profile([
      [-290, 0.03],
      [-250, 0.006],
      [-90, 0.006],
      [-60, 0.05],
      [-35, 0.12],
      [-10, 0.22],
      [8, 0.27],
    ]),
    shaft,
  };
}
