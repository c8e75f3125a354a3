import { ellipsoid, union, without } from '../geometry/field.js';
import { profile } from '../geometry/profile.js';
import { identity } from '../geometry/rigid.js';
import { tube } from '../geometry/tube.js';
import type { Vec3 } from '../geometry/vector.js';
import { type Bone, blockBone } from './bone.js';

/** The axis about which the knee bends, through the back of both condyles: a point and its direction. */
export const kneeAxis: { readonly through: Vec3; readonly along: Vec3 } = {
  through: [0, -21, -11],
  along: [1, 0, 0],
};

/** The femur below the trochanters in the knee frame: valgus shaft, anterior bow, condyles, notch and groove. */
export function femur(): Bone {
  const back = -Math.PI / 2;
  const shaft = tube(
    [
      { y: -480, x: -48, z: -4, rx: 17.5, rz: 17.5 },
      { y: -395, x: -41, z: 2, rx: 16.5, rz: 16.5 },
      { y: -340, x: -36, z: 6, rx: 14.8, rz: 15.2, tri: 0.03, triAngle: back },
      { y: -260, x: -28, z: 10, rx: 14, rz: 14.6, tri: 0.05, triAngle: back },
      { y: -180, x: -20, z: 10, rx: 14.2, rz: 14.6, tri: 0.05, triAngle: back },
      { y: -125, x: -13.5, z: 6, rx: 15.4, rz: 14.6, tri: 0.03, triAngle: back },
      { y: -88, x: -8.5, z: 2.5, rx: 18.6, rz: 15.4 },
      { y: -62, x: -5, z: 0, rx: 24, rz: 17 },
      { y: -40, x: -1.5, z: -1.5, rx: 34, rz: 20 },
      { y: -26, x: 0, z: -3, rx: 39, rz: 23 },
      { y: -12, x: 0, z: -4, rx: 37, rz: 24 },
      { y: -5, x: 0, z: -4, rx: 31, rz: 20 },
    ],
    [3, 9],
  );
  const medial = ellipsoid([21, -22, -11], [15.5, 19.5, 30]);
  const lateral = ellipsoid([-21.5, -21.5, -10], [16, 18.5, 31]);
  const notch = ellipsoid([0, -4, -26], [9.5, 21, 27]);
  const groove = ellipsoid([-1, -22, 33], [13, 34, 14]);
  return {
    name: 'femur',
    part: 'thigh',
    field: without(4, union(6, shaft.field, medial, lateral), notch, groove),
    bounds: { min: [-70, -482, -46], max: [44, 2, 34] },
    place: identity,
    cortex: profile([
      [-395, 6],
      [-340, 6.6],
      [-250, 7.2],
      [-180, 6.6],
      [-130, 4.6],
      [-90, 2.4],
      [-60, 1.4],
      [-35, 1],
      [-5, 1.1],
    ]),
    spongiosa: profile([
      [-150, 0.004],
      [-120, 0.02],
      [-90, 0.06],
      [-60, 0.12],
      [-35, 0.18],
      [-12, 0.24],
      [-3, 0.28],
    ]),
    shaft,
  };
}

/** The patella glides on the femur but hangs on the tibia: it goes where the leg goes. */
export function patella(): Bone {
  const body = union(3, ellipsoid([-2, -30, 37], [22, 21, 9.5]), ellipsoid([-2, -14, 38], [8, 10, 6.5]));
  return blockBone('patella', 'leg', body, { min: [-28, -55, 22], max: [24, 0, 52] }, 1.6, 0.27);
}
