import { noise3 } from '../geometry/noise.js';
import { normalise, type Vec3 } from '../geometry/vector.js';
import type { Random } from '../random.js';
import type { Implant } from './implant.js';
import { centreAt, outerRadiusAt, type RadialTube } from './radial-tube.js';

export const healingStates = ['early', 'healing', 'united', 'non-union'] as const;
export type HealingState = (typeof healingStates)[number];

/** A fracture some time after it happened. Lengths in mm. */
export interface FracturePlan {
  readonly state: HealingState;
  readonly weeks: number;
  /** Centre of the bone where it broke, at z = 0. */
  readonly at: readonly [number, number];
  /** Of the fracture surface, towards the upper fragment. */
  readonly normal: Vec3;
  readonly gap: number;
  /** Sideways shift of the lower fragment. */
  readonly shift: readonly [number, number];
  readonly raggedness: number;
  readonly gapHu: number;
  readonly callus: { readonly thickness: number; readonly halfLength: number; readonly hu: number };
  readonly seed: number;
}

/** What the parts of a limb are built on. */
export interface FractureSite {
  readonly bone: RadialTube;
  readonly skin: RadialTube;
  readonly implant: Implant;
  readonly fracture: FracturePlan;
}

interface StateRange {
  readonly weeks: readonly [number, number];
  readonly gap: readonly [number, number];
  readonly gapHu: readonly [number, number];
  readonly thickness: readonly [number, number];
  readonly hu: readonly [number, number];
}

const stateRanges: Readonly<Record<HealingState, StateRange>> = {
  early: { weeks: [2, 8], gap: [0.8, 4], gapHu: [40, 110], thickness: [0, 2], hu: [80, 220] },
  healing: { weeks: [8, 26], gap: [0.4, 3], gapHu: [120, 400], thickness: [1.5, 6], hu: [220, 600] },
  united: { weeks: [26, 130], gap: [0, 0.4], gapHu: [500, 900], thickness: [0.5, 4.5], hu: [500, 950] },
  'non-union': { weeks: [30, 160], gap: [1, 5], gapHu: [40, 160], thickness: [0, 7], hu: [350, 850] },
};

/** Draws a fracture in the course of its healing. The draw knows nothing of infection. */
export function drawFracture(bone: RadialTube, mayShift: boolean, r: Random): FracturePlan {
  const state = r.pick(healingStates);
  const { weeks, gap, gapHu, thickness, hu } = stateRanges[state];
  const slope = r.between(0, 0.9);
  const direction = r.between(0, 2 * Math.PI);
  const largest = bone.largestRadius;
  const shift = mayShift ? Math.abs(r.normal()) * 0.09 * largest : 0;
  const towards = r.between(0, 2 * Math.PI);
  return {
    state,
    weeks: Math.round(r.between(...weeks)),
    at: centreAt(bone, 0),
    normal: normalise([slope * Math.cos(direction), slope * Math.sin(direction), 1]),
    gap: r.between(...gap),
    shift: [shift * Math.cos(towards), shift * Math.sin(towards)],
    raggedness: r.between(0.6, 2.5),
    gapHu: r.between(...gapHu),
    callus: {
      thickness: r.between(...thickness),
      halfLength: r.between(10, 32),
      hu: r.between(...hu),
    },
    seed: r.bits(),
  };
}

/** Signed distance from the ragged fracture surface, mm. */
export function alongFracture(
  { normal, at, raggedness, seed }: FracturePlan,
  x: number,
  y: number,
  z: number,
): number {
  const ragged = raggedness * noise3(seed, x / 5, y / 5, 0.5);
  return (x - at[0]) * normal[0] + (y - at[1]) * normal[1] + z * normal[2] + ragged;
}

/** A point on the surface of the bone, `beyond` mm outside it. */
export function surfacePoint(bone: RadialTube, z: number, angle: number, beyond = 0): Vec3 {
  const [cx, cy] = centreAt(bone, z);
  const radius = outerRadiusAt(bone, z, angle) + beyond;
  return [cx + radius * Math.cos(angle), cy + radius * Math.sin(angle), z];
}

/** Where the line from the bone outwards meets the skin: its distance from the surface of the bone, mm. */
export function depthOfSkin({ bone, skin }: FractureSite, z: number, angle: number): number {
  const c = Math.cos(angle);
  const s = Math.sin(angle);
  const [bx, by] = centreAt(bone, z);
  const [sx, sy] = centreAt(skin, z);
  const start = outerRadiusAt(bone, z, angle);
  for (let out = 0; out < 140; out += 1) {
    const x = bx + c * (start + out) - sx;
    const y = by + s * (start + out) - sy;
    if (Math.hypot(x, y) > outerRadiusAt(skin, z, Math.atan2(y, x))) return out;
  }
  return 140;
}
