import { noise2 } from '../geometry/noise.js';
import type { Random } from '../random.js';
import type { Side } from './rib-cage.js';
import { inside } from './slice-plane.js';

export const ribFractureKinds = ['nondisplaced', 'displaced', 'buckle', 'segmental'] as const;
export type RibFractureKind = (typeof ribFractureKinds)[number];
export type FractureAge = 'fresh' | 'old';

/**
 * One break of a rib. A segmental fracture is two breaks of one rib with a loose piece between them; each is listed.
 * Lengths in mm, in the frame of the rib: along it, outwards, towards the head.
 */
export interface RibFracture {
  readonly side: Side;
  readonly number: number;
  readonly kind: RibFractureKind;
  readonly age: FractureAge;
  /** Ends stand at least 2 mm apart across the rib. */
  readonly displaced: boolean;
  /** From the head of the rib to the break. */
  readonly alongMm: number;
  /** Half length of the zone in which the rib is changed: what the true box encloses. */
  readonly halfZoneMm: number;
  readonly shape: FractureShape;
}

export interface FractureShape {
  readonly seed: number;
  /** Distance between the broken surfaces. */
  readonly gapMm: number;
  /** Slope of the broken surface across the rib: mm along per mm outwards and per mm upwards. */
  readonly slant: readonly [number, number];
  readonly roughMm: number;
  /** Shift of the far end outwards and upwards. */
  readonly offset: readonly [number, number];
  /** Length over which the shift fades. */
  readonly fadeMm: number;
  /** Length over which the step between the ends has been smoothed by remodelling; 0 when fresh. */
  readonly remodelledMm: number;
  /** Depth of a buckle; positive bulges outwards. 0 for none. */
  readonly buckleMm: number;
  readonly buckleLengthMm: number;
  /** Which cortex breaks or buckles: 1 outer, -1 inner, 0 both. */
  readonly cortex: -1 | 0 | 1;
  readonly haematomaMm: number;
  readonly callusMm: number;
  readonly callusLengthMm: number;
  readonly callusHu: number;
  readonly sclerosisHu: number;
}

const bothSigns = [1, -1] as const;

/** Draws the shape of one break. */
export function drawShape(kind: RibFractureKind, age: FractureAge, random: Random): FractureShape {
  const apart = kind === 'displaced' || kind === 'segmental';
  const angle = random.between(0, 2 * Math.PI);
  const shift = apart
    ? kind === 'segmental'
      ? random.between(1.2, 4.5)
      : random.between(2.2, 7)
    : random.between(0, kind === 'buckle' ? 0.3 : 0.8);
  const old = age === 'old';
  const buckle = kind === 'buckle';
  return {
    seed: random.bits() & 0xffff,
    gapMm: buckle
      ? old
        ? 0
        : random.between(0.2, 0.7)
      : old
        ? random.chance(0.25)
          ? random.between(0.2, 0.7)
          : 0
        : apart
          ? random.between(0.7, 2.6)
          : random.between(0.45, 1.3),
    slant: [random.between(-0.9, 0.9), random.between(-0.9, 0.9)],
    roughMm: random.between(0.3, 1.2),
    offset: [shift * Math.cos(angle), 0.7 * shift * Math.sin(angle)],
    fadeMm: random.between(22, 40),
    remodelledMm: old ? random.between(5, 11) : 0,
    buckleMm: buckle ? random.pick(bothSigns) * random.between(1.1, 2.4) : 0,
    buckleLengthMm: random.between(2.2, 4),
    cortex: buckle || (kind === 'nondisplaced' && random.chance(0.3)) ? random.pick(bothSigns) : 0,
    haematomaMm: old
      ? 0
      : (apart ? random.between(2.5, 7) : random.between(0.5, 4)) * (random.chance(0.8) ? 1 : 0.2),
    callusMm: old ? random.between(0.8, buckle ? 1.8 : 3.4) : 0,
    callusLengthMm: random.between(4.5, 9),
    callusHu: random.between(330, 780),
    sclerosisHu: old ? random.between(250, 650) : 0,
  };
}

/** Half length of the changed zone of a break, mm. */
export function halfZone(shape: FractureShape): number {
  const slanted = 4 * Math.abs(shape.slant[0]) + 6.5 * Math.abs(shape.slant[1]);
  const callus = shape.callusMm > 0 ? 1.3 * shape.callusLengthMm : 0;
  const buckle = 1.6 * Math.abs(shape.buckleLengthMm) * (shape.buckleMm === 0 ? 0 : 1);
  return Math.min(16, Math.max(5 + 0.7 * slanted, callus, buckle + 3));
}

/** What a break does to one point of the rib. */
export interface BrokenPoint {
  /** Where this point was before the bone broke: along (from the break), outwards, up, mm. */
  along: number;
  out: number;
  up: number;
  /** Share of bone that is gone, 0 to 1. */
  gone: number;
  /** Thickness of callus on the surface here, mm. */
  callusMm: number;
  /** Thickness of the haematoma around the surface here, mm. */
  haematomaMm: number;
  /** CT number that marrow is drawn to, and how strongly. */
  sclerosis: number;
}

/** A fracture changes nothing further than this along the rib from it, mm. */
export const fractureReachMm = 45;

function smoothStep(t: number): number {
  const c = Math.max(0, Math.min(1, t));
  return c * c * (3 - 2 * c);
}

/**
 * Traces a point in the frame of a rib (mm from the break along it, outwards, towards the head) back to where it was
 * before the break, and says what lies between. Written into `point`.
 */
export function breakPoint(
  shape: FractureShape,
  along: number,
  out: number,
  up: number,
  spacingMm: number,
  point: BrokenPoint,
): void {
  const rough =
    Math.abs(along) < 16 ? shape.roughMm * noise2(shape.seed, 0.45 * out + 50, 0.45 * up + 50) : 0;
  const beyond = along - (shape.slant[0] * out + shape.slant[1] * up + rough);
  // The far end moves by the offset, the near end by a third of it the other way; both fade along the rib.
  const fade = 1 - smoothStep((Math.abs(along) - 4) / shape.fadeMm);
  let share: number;
  if (shape.remodelledMm > 0) {
    const step = smoothStep(beyond / shape.remodelledMm + 0.5);
    share = fade * (1.35 * step - 0.35);
  } else share = fade * (beyond > 0 ? 1 : -0.35);
  let movedOut = out - share * shape.offset[0];
  const movedUp = up - share * shape.offset[1];
  if (shape.buckleMm !== 0) {
    const bulge = shape.buckleMm * Math.exp(-0.5 * (along / shape.buckleLengthMm) ** 2);
    const taken = shape.cortex === 0 ? 1 : smoothStep((shape.cortex * movedOut + 1.5) / 4);
    movedOut -= bulge * taken;
  }
  const open = shape.cortex === 0 ? 1 : smoothStep((shape.cortex * movedOut + 0.8) / 1.6);
  point.gone =
    shape.gapMm > 0 ? open * inside(Math.abs(beyond) - shape.gapMm / 2, Math.max(0.5, spacingMm)) : 0;
  point.along = along;
  point.out = movedOut;
  point.up = movedUp;
  const near = along / (shape.callusLengthMm * 0.75);
  const bump = Math.exp(-0.5 * near * near);
  point.callusMm =
    shape.callusMm > 0
      ? shape.callusMm *
        bump *
        (1 + 0.35 * noise2(shape.seed + 7, 0.3 * along + 9, 0.4 * Math.atan2(up, out) + 9))
      : 0;
  point.haematomaMm = shape.haematomaMm > 0 ? shape.haematomaMm * Math.exp(-0.5 * (along / 7) ** 2) : 0;
  point.sclerosis = shape.sclerosisHu > 0 ? 0.85 * bump : 0;
}
