import { noise2 } from '../geometry/noise.js';
import { apply, identity, type Rigid, rotation } from '../geometry/rigid.js';
import { add, cross, scale, type Vec3 } from '../geometry/vector.js';
import type { Breaking, Fragments } from './fragments.js';
import { type BreakFrame, directionIn } from './surface.js';

/** Half of the stretch over which the bone bends, as a share of its radius, and how deep the crack runs. */
const bandShare = 1.5;
const crackDepth = 0.58;
const sheetStep = 0.6;
/** No broken bone goes on longer than this below the break, mm. */
const bentLength = 190;

/** The bend of a greenstick fracture: away from the gaping side, about the far cortex. */
export function greenstickMove(frame: BreakFrame, angleDegrees: number, gapingDegrees: number): Rigid {
  const gaping = directionIn(frame, gapingDegrees);
  const hinge = add(frame.centre, scale(gaping, -frame.radius));
  return rotation(cross(gaping, frame.axis), (angleDegrees * Math.PI) / 180, hinge);
}

/**
 * A greenstick fracture: the bone is bent in one piece, the cortex of the stretched side is torn open down to just
 * past the middle, the far side holds.
 */
export function crack(
  { bone, seed }: Breaking,
  frame: BreakFrame,
  angleDegrees: number,
  gapingDegrees: number,
  gapMm: number,
): Fragments {
  const { centre, axis, radius } = frame;
  const gaping = directionIn(frame, gapingDegrees);
  const band = bandShare * radius;
  const depth = crackDepth * 2 * radius;
  const opening = gapMm + radius * Math.sin((angleDegrees * Math.PI) / 180) * 0.6;
  const hinge = add(centre, scale(gaping, -radius));
  const [ex, ey, ez] = cross(gaping, axis);
  const angle = (angleDegrees * Math.PI) / 180;

  const straighten = (point: [number, number, number]) => {
    const level =
      (point[0] - centre[0]) * axis[0] + (point[1] - centre[1]) * axis[1] + (point[2] - centre[2]) * axis[2];
    const t = Math.max(0, Math.min(1, (level + band) / (2 * band)));
    if (t === 0) return;
    const back = -angle * t * t * (3 - 2 * t);
    const c = Math.cos(back);
    const s = Math.sin(back);
    const dx = point[0] - hinge[0];
    const dy = point[1] - hinge[1];
    const dz = point[2] - hinge[2];
    const along = (ex * dx + ey * dy + ez * dz) * (1 - c);
    point[0] = hinge[0] + dx * c + (ey * dz - ez * dy) * s + ex * along;
    point[1] = hinge[1] + dy * c + (ez * dx - ex * dz) * s + ey * along;
    point[2] = hinge[2] + dz * c + (ex * dy - ey * dx) * s + ez * along;
  };
  /** Half width of the crack at a depth below the torn side, mm; negative past its end. */
  const halfWidth = (below: number) => 0.5 * opening * (1 - below / depth);
  const below = (x: number, y: number, z: number) =>
    radius - ((x - centre[0]) * gaping[0] + (y - centre[1]) * gaping[1] + (z - centre[2]) * gaping[2]);
  const sheet = (x: number, z: number) => 1.1 * noise2(seed, x / 3.2, z / 3.2) + 0.3 * noise2(seed + 1, x, z);
  const clip = (x: number, y: number, z: number) => {
    const level = (x - centre[0]) * axis[0] + (y - centre[1]) * axis[1] + (z - centre[2]) * axis[2];
    return halfWidth(below(x, y, z)) - Math.abs(level - sheet(x, z));
  };

  const halfBent = rotation([ex, ey, ez], angle / 2, hinge);
  const faces: Vec3[] = [];
  const reach = radius * 1.6 + 2;
  for (let x = -reach; x <= reach; x += sheetStep) {
    for (let z = -reach; z <= reach; z += sheetStep) {
      const p: Vec3 = [centre[0] + x, centre[1], centre[2] + z];
      const wide = halfWidth(below(...p));
      if (wide < 0) continue;
      for (const side of [-wide, wide]) {
        const face: Vec3 = [p[0], p[1] + sheet(p[0], p[2]) + side, p[2]];
        if (bone(...face) < 0.2) faces.push(apply(halfBent, face));
      }
    }
  }
  return {
    pieces: [
      {
        clip,
        from: Number.NEGATIVE_INFINITY,
        to: Number.POSITIVE_INFINITY,
        move: identity,
        straighten,
        bendReachMm: bentLength * Math.sin(angle),
      },
    ],
    faces,
  };
}
