import { noise3 } from '../geometry/noise.js';
import type { Random } from '../random.js';
import { type RadialTube, tubeOf } from './radial-tube.js';

/** Limb segments that are simulated. */
export const limbSegments = ['thigh', 'lower leg', 'upper arm', 'forearm'] as const;
export type LimbSegment = (typeof limbSegments)[number];

/** A vessel bundle along the limb, mm. */
export interface Vessel {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
  /** Metres of course sideways per metre along z. */
  readonly leanX: number;
  readonly leanY: number;
}

/** Bones (the one that was fractured first), skin and fascia, vessels. The fracture lies near z = 0. */
export interface LimbAnatomy {
  readonly segment: LimbSegment;
  readonly bones: readonly RadialTube[];
  /** Outer: skin; inner: fascia, where fat ends and muscle begins. */
  readonly envelope: RadialTube;
  readonly vessels: readonly Vessel[];
}

interface BoneShape {
  /** Mean outer radius of the shaft, mm. */
  readonly radius: number;
  readonly cortex: number;
  /** Centre with respect to the limb's, mm; x to the outer side of a left limb, y to the back. */
  readonly at: readonly [number, number];
  /** How triangular the shaft is, 0 to 1, and where its sharp edge points. */
  readonly triangular: number;
  readonly edge: number;
}

interface SegmentShape {
  readonly radius: number;
  /** Back to front over side to side. */
  readonly flattening: number;
  readonly fat: number;
  readonly bones: readonly BoneShape[];
  readonly vessels: readonly (readonly [number, number, number])[];
}

// Adult means, from the usual osteometric and CT tables; each limb scatters around them.
const segments: Readonly<Record<LimbSegment, SegmentShape>> = {
  thigh: {
    radius: 76,
    flattening: 1.05,
    fat: 13,
    bones: [{ radius: 14.2, cortex: 6.2, at: [8, -10], triangular: 0.12, edge: 1.57 }],
    vessels: [
      [-28, -6, 5],
      [-16, 22, 3.5],
    ],
  },
  'lower leg': {
    radius: 51,
    flattening: 1.12,
    fat: 8,
    bones: [
      { radius: 13.2, cortex: 4.9, at: [-9, -19], triangular: 0.55, edge: -1.57 },
      { radius: 6.6, cortex: 2.9, at: [23, 5], triangular: 0.4, edge: 0 },
    ],
    vessels: [
      [2, 4, 3],
      [-12, 12, 3.2],
    ],
  },
  'upper arm': {
    radius: 46,
    flattening: 1.08,
    fat: 9,
    bones: [{ radius: 10.6, cortex: 4.1, at: [5, 2], triangular: 0.2, edge: -1.57 }],
    vessels: [[-20, 4, 3.8]],
  },
  forearm: {
    radius: 36,
    flattening: 0.82,
    fat: 6,
    bones: [
      { radius: 7.1, cortex: 2.9, at: [13, -2], triangular: 0.45, edge: 3.14 },
      { radius: 6.4, cortex: 2.8, at: [-13, 4], triangular: 0.4, edge: 0 },
    ],
    vessels: [
      [14, -14, 2],
      [-10, -11, 1.8],
    ],
  },
};

/** Noise around and along a tube, without a seam at any angle; `bumps` per turn, about. */
const around = (seed: number, angle: number, bumps: number, z: number) =>
  noise3(seed, Math.cos(angle) * bumps * 0.35, Math.sin(angle) * bumps * 0.35, z);

const smoothStep = (t: number) => {
  const c = Math.max(0, Math.min(1, t));
  return c * c * (3 - 2 * c);
};

function bone(
  shape: BoneShape,
  scale: number,
  side: number,
  reach: number,
  lean: readonly [number, number],
  r: Random,
): RadialTube {
  const seed = r.bits();
  const radius = shape.radius * scale * r.factor(0.06);
  const cortex = shape.cortex * scale * r.factor(0.16);
  const bow = r.between(-6e-4, 6e-4);
  // Where the shaft widens to the joint, from the middle of the field of view; often beyond it.
  const flareAt = r.between(40, 170);
  const flareSide = r.chance(0.5) ? 1 : -1;
  const flare = r.between(0.5, 0.95);
  const edge = side > 0 ? shape.edge : Math.PI - shape.edge;
  const [ax, ay] = shape.at;
  return tubeOf(-reach, reach, 2, (z) => {
    const widened = smoothStep((flareSide * z - flareAt) / 60);
    const outer = (angle: number) => {
      const corner = shape.triangular * (1 - widened) * 0.16 * Math.cos(3 * (angle - edge));
      const uneven = 0.03 * around(seed, angle, 8, z / 18);
      return radius * (1 + flare * widened) * (1 + corner + uneven);
    };
    const thickness = cortex * (1 - 0.66 * widened);
    return {
      x: ax * scale * side + lean[0] * z + bow * z * z,
      y: ay * scale + lean[1] * z,
      trabecular: 0.08 + 0.85 * widened,
      outer,
      inner: (angle) => Math.max(1.5, outer(angle) - thickness * (1 + 0.12 * Math.cos(3 * (angle - edge)))),
    };
  });
}

/**
 * Draws the anatomy of a limb: `reach` mm to both sides of the fracture.
 * @param side 1 for a left limb, -1 for a right one
 */
export function drawAnatomy(segment: LimbSegment, side: 1 | -1, reach: number, r: Random): LimbAnatomy {
  const shape = segments[segment];
  const scale = r.factor(0.07);
  const lean = [r.between(-0.12, 0.12), r.between(-0.12, 0.12)] as const;
  const girth = shape.radius * scale * r.factor(0.1);
  const fat = shape.fat * r.factor(0.4);
  const taper = r.between(-0.0018, 0.0018);
  const seed = r.bits();
  const turn = r.between(0, 2 * Math.PI);
  const bones = shape.bones.map((b, index) => bone(b, scale, side, reach, lean, r.fork(`bone ${index}`)));
  // Forearm and lower leg: either bone may be the fractured one, the larger more often.
  if (bones.length > 1 && r.chance(segment === 'forearm' ? 0.45 : 0.1)) bones.reverse();
  const envelope = tubeOf(-reach, reach, 4, (z) => {
    const outer = (angle: number) => {
      const c = Math.cos(angle);
      const s = Math.sin(angle) / shape.flattening;
      const bulge = 1 + 0.05 * around(seed, angle, 4, z / 60) + 0.04 * Math.cos(2 * angle + turn);
      return (girth * (1 + taper * z) * bulge) / Math.sqrt(c * c + s * s);
    };
    return {
      x: lean[0] * z,
      y: lean[1] * z,
      trabecular: 0,
      outer,
      inner: (angle) => outer(angle) - fat * (1 + 0.35 * around(seed + 7, angle, 3, z / 70)),
    };
  });
  const vessels = shape.vessels.map(([x, y, radius]) => ({
    x: x * scale * side,
    y: y * scale,
    radius: radius * r.factor(0.15),
    leanX: lean[0] + r.between(-0.06, 0.06),
    leanY: lean[1] + r.between(-0.06, 0.06),
  }));
  return { segment, bones, envelope, vessels };
}
