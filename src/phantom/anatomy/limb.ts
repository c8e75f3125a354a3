import { type Field, moved } from '../geometry/field.js';
import { compose, identity, invert, type Rigid, rotation, translation } from '../geometry/rigid.js';
import type { Bounds } from '../geometry/vector.js';
import { type Bone, moveBone, scaleBone } from './bone.js';
import { elbowAxis, humerus } from './elbow.js';
import { ankleAxis, footBones } from './foot.js';
import { forearmLength, radius, ulna } from './forearm.js';
import { handBones } from './hand.js';
import { femur, kneeAxis, patella } from './knee.js';
import { fibula, tibia, tibiaLength } from './leg.js';
import {
  digitFlesh,
  footFlesh,
  forearmFlesh,
  joinFlesh,
  legFlesh,
  type SoftTissue,
  thighFlesh,
  upperArmFlesh,
} from './soft-tissue.js';

/** A limb: its bones and what lies around them, in one frame. */
export interface Limb {
  readonly bones: readonly Bone[];
  readonly soft: SoftTissue;
}

/** How the joints are bent, degrees. */
export interface Pose {
  readonly knee: number;
  /** Plantar flexion. */
  readonly ankle: number;
  readonly elbow: number;
}

/** How one person differs from the next: factors around 1. */
export interface Build {
  readonly size: number;
  readonly flesh: number;
  readonly cortex: number;
  readonly spongiosa: number;
}

const radians = (degrees: number) => (degrees * Math.PI) / 180;

/** Thigh, leg and foot; `frame` names the part that lies straight along y in the knee frame. */
export function lowerLimb(pose: Pose, frame: 'thigh' | 'leg'): Limb {
  const bend = rotation(kneeAxis.along, radians(pose.knee), kneeAxis.through);
  const thigh = frame === 'leg' ? bend : identity;
  const leg = frame === 'leg' ? identity : invert(bend);
  const plantar = rotation(ankleAxis.along, -radians(pose.ankle), ankleAxis.through);
  const foot = compose(leg, compose(translation([0, tibiaLength, 0]), plantar));
  const bones = [
    ...[femur(), patella()].map((bone) => moveBone(bone, thigh)),
    ...[tibia(), fibula()].map((bone) => moveBone(bone, leg)),
    ...footBones().map((bone) => moveBone(bone, foot)),
  ];
  const bounds: Bounds = { min: [-118, -500, -420], max: [82, 600, 260] };
  return {
    bones,
    soft: joinFlesh(
      20,
      [
        [legFlesh(tibiaLength), leg],
        [thighFlesh(), thigh],
        [footFlesh(), foot],
      ],
      bounds,
    ),
  };
}

/** Upper arm, forearm and hand; `frame` names the part that lies straight along y in the elbow frame. */
export function upperLimb(pose: Pose, frame: 'arm' | 'forearm'): Limb {
  const bend = rotation(elbowAxis.along, radians(pose.elbow), elbowAxis.through);
  const arm = frame === 'forearm' ? invert(bend) : identity;
  const forearm = frame === 'forearm' ? identity : bend;
  const hand = compose(forearm, translation([0, forearmLength, 0]));
  const bones = [
    moveBone(humerus(), arm),
    ...[radius(), ulna()].map((bone) => moveBone(bone, forearm)),
    ...handBones().map((bone) => moveBone(bone, hand)),
  ];
  const bounds: Bounds = { min: [-120, -380, -90], max: [80, 480, 470] };
  return {
    bones,
    soft: joinFlesh(
      24,
      [
        [forearmFlesh(), forearm],
        [upperArmFlesh(), arm],
        [digitFlesh(), hand],
      ],
      bounds,
    ),
  };
}

/** The limb carried to another frame. */
export function moveLimb({ bones, soft }: Limb, move: Rigid): Limb {
  const [x, y, z] = move.translation;
  const shift = ({ min, max }: Bounds): Bounds => ({
    min: [min[0] + x, min[1] + y, min[2] + z],
    max: [max[0] + x, max[1] + y, max[2] + z],
  });
  return {
    bones: bones.map((bone) => moveBone(bone, move)),
    soft: { skin: moved(soft.skin, move), muscle: moved(soft.muscle, move), bounds: shift(soft.bounds) },
  };
}

/** The limb of a person of the given build. */
export function buildLimb({ bones, soft }: Limb, build: Build): Limb {
  const sized = bones.map((bone) => {
    const scaled = scaleBone(bone, build.size);
    return {
      ...scaled,
      cortex: (y: number) => scaled.cortex(y) * build.cortex,
      spongiosa: (y: number) => scaled.spongiosa(y) * build.spongiosa,
    };
  });
  const tall = build.size;
  const wide = build.size * build.flesh;
  const stretch =
    (field: Field): Field =>
    (x, y, z) =>
      field(x / wide, y / tall, z / wide) * wide;
  const { min, max } = soft.bounds;
  return {
    bones: sized,
    soft: {
      skin: stretch(soft.skin),
      muscle: stretch(soft.muscle),
      bounds: {
        min: [min[0] * wide, min[1] * tall, min[2] * wide],
        max: [max[0] * wide, max[1] * tall, max[2] * wide],
      },
    },
  };
}
