import { apply, identity } from '../geometry/rigid.js';
import type { Vec3 } from '../geometry/vector.js';
import type { Breaking, Fragments } from './fragments.js';
import { type BreakSurface, distanceBeyond, surfacePoints } from './surface.js';

/** Step between the sampled points of a broken face, mm. */
const faceStep = 0.7;

/** Lowest and highest level of the sheet inside the bone, mm along the bone. */
export function levels(points: readonly Vec3[], fallback: number): readonly [number, number] {
  if (points.length === 0) return [fallback, fallback];
  return [
    points.reduce((m, p) => Math.min(m, p[1]), Number.POSITIVE_INFINITY),
    points.reduce((m, p) => Math.max(m, p[1]), Number.NEGATIVE_INFINITY),
  ];
}

/** Points of the sheet that lie in the bone. */
export function facePoints({ bone, beyond }: Breaking, surface: BreakSurface): Vec3[] {
  return surfacePoints(surface, surface.frame.radius * 1.9 + 3, faceStep).filter(
    ([x, y, z]) => bone(x, y, z) < 0.2 && (!beyond || beyond(x, y, z) < 0),
  );
}

/** One sheet, two fragments: transverse, oblique and spiral fractures. */
export function breakInTwo(breaking: Breaking, surface: BreakSurface, gapMm: number): Fragments {
  const { beyond, lower } = breaking;
  const half = gapMm / 2;
  const faces = facePoints(breaking, surface);
  const [low, high] = levels(faces, surface.frame.centre[1]);
  const margin = gapMm + 3;
  return {
    pieces: [
      {
        clip: (x, y, z) => {
          const above = distanceBeyond(surface, x, y, z) + half;
          return beyond ? Math.min(above, -beyond(x, y, z)) : above;
        },
        from: Number.NEGATIVE_INFINITY,
        to: beyond ? Number.POSITIVE_INFINITY : high + margin,
        move: identity,
        straighten: null,
        bendReachMm: 0,
      },
      {
        clip: (x, y, z) => {
          const below = half - distanceBeyond(surface, x, y, z);
          return beyond ? Math.max(below, beyond(x, y, z)) : below;
        },
        from: low - margin,
        to: Number.POSITIVE_INFINITY,
        move: lower,
        straighten: null,
        bendReachMm: 0,
      },
    ],
    faces: faces.flatMap((face) => [face, apply(lower, face)]),
  };
}
