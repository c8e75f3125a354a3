import type { Vec3 } from '../geometry/vector.js';

/** Everything that parts of a simulated limb ask about one point. Filled again and again by `LimbField`. */
export interface LimbPoint {
  x: number;
  y: number;
  z: number;
  /** Whether the fractured bone is within reach, so that the four values below hold. */
  nearBone: boolean;
  /** Distance outside the bone's surface, mm; negative within. */
  outside: number;
  /** Distance outside the marrow, mm; negative within the marrow. */
  beyondMarrow: number;
  /** Direction around the bone, radians. */
  angle: number;
  /** Distance from the centre of the bone, mm. */
  radius: number;
  /** Distance from the fracture surface along the bone, mm, signed; infinite where nothing is broken. */
  along: number;
  /** Distance below the skin, mm; negative in air. */
  depth: number;
  /** Distance from metal, mm; large where none is near. */
  metal: number;
}

/**
 * One thing that a limb shows on CT, on PET or on both: callus, a wound, an abscess. `uptake` is in units of the case,
 * scaled to SUV together with all other parts of it.
 */
export interface LimbPart {
  readonly name: string;
  /** Nothing outside of this sphere. */
  readonly centre: Vec3;
  readonly reach: number;
  /** Whether it belongs to the infection. */
  readonly infected: boolean;
  uptake?(point: LimbPoint): number;
  /** Attenuation there, given what was there before, HU. */
  attenuation?(point: LimbPoint, hu: number): number;
}

/** 1 inside (`distance` <= -`soft`), 0 outside, smooth between. */
export function insideBy(distance: number, soft: number): number {
  if (distance <= -soft) return 1;
  if (distance >= soft) return 0;
  const t = 0.5 - distance / (2 * soft);
  return t * t * (3 - 2 * t);
}

export const bell = (distance: number, width: number) => Math.exp(-(distance * distance) / (width * width));

export const mix = (a: number, b: number, t: number) => a + (b - a) * t;

/** Distance from a segment, mm. */
export function segmentDistance(x: number, y: number, z: number, a: Vec3, b: Vec3): number {
  const ux = b[0] - a[0];
  const uy = b[1] - a[1];
  const uz = b[2] - a[2];
  const vx = x - a[0];
  const vy = y - a[1];
  const vz = z - a[2];
  const t = Math.max(0, Math.min(1, (vx * ux + vy * uy + vz * uz) / (ux * ux + uy * uy + uz * uz)));
  const dx = vx - t * ux;
  const dy = vy - t * uy;
  const dz = vz - t * uz;
  return Math.sqrt(dx * dx + dy * dy + dz * dz);
}
