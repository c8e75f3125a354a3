import { noise3 } from '../geometry/noise.js';
import { apply, compose, identity, type Rigid, rotation, translation } from '../geometry/rigid.js';
import { add, scale, subtract, type Vec3 } from '../geometry/vector.js';
import type { Random } from '../random.js';
import type { Breaking, Fragment, Fragments } from './fragments.js';
import { type BreakFrame, breakFrame, directionIn, distanceBeyond, planarSurface } from './surface.js';
import { facePoints, levels } from './two-part.js';

/** Edge of the sampling lattice with which the shattered zone is drawn into the truth, mm. */
const zoneStep = 1.5;

/** A zone about twice as long as the bone is wide, shattered into loose pieces between two oblique breaks. */
export function shatter(
  breaking: Breaking,
  frame: BreakFrame,
  slopeDegrees: number,
  directionDegrees: number,
  gapMm: number,
  random: Random,
): Fragments {
  const { bone, lower, seed } = breaking;
  const length = frame.radius * random.between(2, 3.4);
  const shifted = (by: number): BreakFrame =>
    breakFrame(add(frame.centre, scale(frame.axis, by)), frame.axis, frame.radius);
  const upper = planarSurface(shifted(-length / 2), slopeDegrees, directionDegrees, seed);
  const under = planarSurface(
    shifted(length / 2),
    slopeDegrees * random.between(0.6, 1),
    directionDegrees + random.between(110, 250),
    seed + 10,
  );
  const half = gapMm / 2;
  const upperFaces = facePoints(breaking, upper);
  const underFaces = facePoints(breaking, under);
  const [top, upperEnd] = levels(upperFaces, frame.centre[1]);
  const [underStart, bottom] = levels(underFaces, frame.centre[1]);
  const margin = gapMm + 3;

  const count = 3 + Math.floor(random.between(0, 4));
  const seeds = Array.from({ length: count }, (_, i): Vec3 => {
    const around = directionIn(frame, (360 * i) / count + random.between(-40, 40));
    const level = random.between(-0.35, 0.35) * length;
    return add(
      frame.centre,
      add(scale(around, frame.radius * random.between(0.45, 0.85)), scale(frame.axis, level)),
    );
  });
  const loose = seeds.map((own, i): Fragment => {
    const outward = subtract(own, add(frame.centre, scale(frame.axis, own[1] - frame.centre[1])));
    const away = scale(outward, random.between(0.05, 0.4));
    const tumble = rotation([random.normal(), random.normal(), random.normal()], random.normal() * 0.12, own);
    const others = seeds.filter((_, j) => j !== i);
    return {
      clip: (x, y, z) => {
        let inside = Math.max(half - distanceBeyond(upper, x, y, z), distanceBeyond(under, x, y, z) + half);
        const wobble = 0.9 * noise3(seed + 20, x / 3, y / 3, z / 3);
        for (const other of others) inside = Math.max(inside, nearerTo(own, other, x, y, z) + half + wobble);
        return inside;
      },
      from: top - margin,
      to: bottom + margin,
      move: compose(translation(away), compose(halfway(lower), tumble)),
      straighten: null,
      bendReachMm: 0,
    };
  });
  const pieces: Fragment[] = [
    {
      clip: (x, y, z) => distanceBeyond(upper, x, y, z) + half,
      from: Number.NEGATIVE_INFINITY,
      to: upperEnd + margin,
      move: identity,
      straighten: null,
      bendReachMm: 0,
    },
    ...loose,
    {
      clip: (x, y, z) => half - distanceBeyond(under, x, y, z),
      from: underStart - margin,
      to: Number.POSITIVE_INFINITY,
      move: lower,
      straighten: null,
      bendReachMm: 0,
    },
  ];
  const inner = zonePoints(frame, top, bottom).flatMap((p) => {
    const [x, y, z] = p;
    if (bone(x, y, z) > 0) return [];
    return loose.filter(({ clip }) => clip(x, y, z) < 0).map(({ move }) => apply(move, p));
  });
  return { pieces, faces: [...upperFaces, ...underFaces.map((p) => apply(lower, p)), ...inner] };
}

/** Positive on the side of `other`, negative on the side of `own`: distance to the plane halfway between them. */
function nearerTo(own: Vec3, other: Vec3, x: number, y: number, z: number): number {
  const dx = other[0] - own[0];
  const dy = other[1] - own[1];
  const dz = other[2] - own[2];
  const along =
    (x - (own[0] + other[0]) / 2) * dx +
    (y - (own[1] + other[1]) / 2) * dy +
    (z - (own[2] + other[2]) / 2) * dz;
  return along / Math.max(0.5, Math.sqrt(dx * dx + dy * dy + dz * dz));
}

/** Half of the lower fragment's shift, without its turn: loose pieces are dragged along. */
function halfway(lower: Rigid): Rigid {
  return translation(scale(lower.translation, 0.5));
}

function zonePoints({ centre, radius }: BreakFrame, top: number, bottom: number): Vec3[] {
  const reach = radius * 1.6;
  const points: Vec3[] = [];
  for (let y = top; y <= bottom; y += zoneStep) {
    for (let x = -reach; x <= reach; x += zoneStep) {
      for (let z = -reach; z <= reach; z += zoneStep) points.push([centre[0] + x, y, centre[2] + z]);
    }
  }
  return points;
}
