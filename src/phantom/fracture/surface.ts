import { noise2 } from '../geometry/noise.js';
import { frameAround, type Vec3 } from '../geometry/vector.js';

/** Where a break is and which way the bone runs there: `across` and `along` complete `axis` to a frame. */
export interface BreakFrame {
  readonly centre: Vec3;
  readonly axis: Vec3;
  readonly across: Vec3;
  readonly along: Vec3;
  /** Half width of the bone there, mm. */
  readonly radius: number;
}

export function breakFrame(centre: Vec3, axis: Vec3, radius: number): BreakFrame {
  const [across, negative] = frameAround(axis);
  // The second vector points to +z for a bone along +y, so that directions turn from +x towards +z.
  return { centre, axis, across, along: [-negative[0], -negative[1], -negative[2]], radius };
}

/** The unit vector around the bone at an angle: 0 is `across` (+x), 90 degrees is `along` (+z). */
export function directionIn({ across, along }: BreakFrame, degrees: number): Vec3 {
  const angle = (degrees * Math.PI) / 180;
  const c = Math.cos(angle);
  const s = Math.sin(angle);
  return [c * across[0] + s * along[0], c * across[1] + s * along[1], c * across[2] + s * along[2]];
}

/** A rough sheet through a bone: its height along the axis at every point of the cross-section. */
export interface BreakSurface {
  readonly frame: BreakFrame;
  /** Height in mm over the plane through the centre, u along `across`, v along `along`. */
  readonly height: (u: number, v: number) => number;
  /** Cosine of the steepest slope of the sheet there, without the roughness: turns heights into distances. */
  readonly flatness: (u: number, v: number) => number;
}

/** Bone does not break smoothly: teeth of about half a millimetre. */
function roughness(seed: number, u: number, v: number): number {
  return 0.55 * noise2(seed, u / 2.8, v / 2.8) + 0.25 * noise2(seed + 1, u / 1.1, v / 1.1);
}

/** A flat break that rises towards `directionDegrees` at `slopeDegrees`. */
export function planarSurface(
  frame: BreakFrame,
  slopeDegrees: number,
  directionDegrees: number,
  seed: number,
): BreakSurface {
  const slope = Math.tan((slopeDegrees * Math.PI) / 180);
  const angle = (directionDegrees * Math.PI) / 180;
  const c = Math.cos(angle) * slope;
  const s = Math.sin(angle) * slope;
  const flatness = 1 / Math.sqrt(1 + slope * slope);
  return { frame, height: (u, v) => c * u + s * v + roughness(seed, u, v), flatness: () => flatness };
}

/** Share of the way around the bone that the spiral line climbs; over the rest it comes straight back. */
const climbShare = 0.8;

/**
 * A spiral: the line climbs around the bone at `slopeDegrees`, starting at `directionDegrees`, and a nearly
 * lengthwise crack joins its two ends, as torsion breaks a bone.
 */
export function spiralSurface(
  frame: BreakFrame,
  slopeDegrees: number,
  directionDegrees: number,
  seed: number,
): BreakSurface {
  const { radius } = frame;
  const rise = Math.tan((slopeDegrees * Math.PI) / 180) * 2 * Math.PI * radius * climbShare;
  const start = (directionDegrees * Math.PI) / 180;
  const share = (u: number, v: number) => {
    const turn = (Math.atan2(v, u) - start) / (2 * Math.PI);
    return turn - Math.floor(turn);
  };
  return {
    frame,
    height: (u, v) => {
      const at = share(u, v);
      const climbed = at < climbShare ? at / climbShare : (1 - at) / (1 - climbShare);
      return rise * (climbed - 0.5) + 0.5 * roughness(seed, u, v);
    },
    flatness: (u, v) => {
      const r = Math.max(radius * 0.45, Math.sqrt(u * u + v * v));
      const steep = rise / ((share(u, v) < climbShare ? climbShare : 1 - climbShare) * 2 * Math.PI * r);
      return 1 / Math.sqrt(1 + steep * steep);
    },
  };
}

/** Signed distance of a point from the sheet, mm, about: positive on the far (distal) side. */
export function distanceBeyond(
  { frame, height, flatness }: BreakSurface,
  x: number,
  y: number,
  z: number,
): number {
  const { centre, axis, across, along } = frame;
  const dx = x - centre[0];
  const dy = y - centre[1];
  const dz = z - centre[2];
  const u = dx * across[0] + dy * across[1] + dz * across[2];
  const v = dx * along[0] + dy * along[1] + dz * along[2];
  const s = dx * axis[0] + dy * axis[1] + dz * axis[2];
  return (s - height(u, v)) * flatness(u, v);
}

/** Points of the sheet, `step` mm apart, out to `reach` mm from the axis. */
export function surfacePoints({ frame, height }: BreakSurface, reach: number, step: number): Vec3[] {
  const { centre, axis, across, along } = frame;
  const points: Vec3[] = [];
  for (let u = -reach; u <= reach; u += step) {
    for (let v = -reach; v <= reach; v += step) {
      const h = height(u, v);
      points.push([
        centre[0] + u * across[0] + v * along[0] + h * axis[0],
        centre[1] + u * across[1] + v * along[1] + h * axis[1],
        centre[2] + u * across[2] + v * along[2] + h * axis[2],
      ]);
    }
  }
  return points;
}
