import type { Box } from '../../core/box.js';
import { clipBox } from '../../core/box.js';
import { largest, smallest } from '../../core/extremes.js';

export type ImagePoint = readonly [number, number];

/** How a fracture shows in the image, pixels. */
export interface FractureZone {
  /** Corners of a convex outline, clipped to the image. */
  readonly polygon: readonly ImagePoint[];
  /** The smallest box around the polygon. */
  readonly box: Box;
}

/** Andrew's monotone chain: the convex hull, counter-clockwise in a frame with y up. */
export function convexHull(points: readonly ImagePoint[]): ImagePoint[] {
  const sorted = [...points].sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const chain = (ordered: readonly ImagePoint[]) => {
    const hull: ImagePoint[] = [];
    for (const p of ordered) {
      for (;;) {
        const b = hull[hull.length - 1];
        const a = hull[hull.length - 2];
        if (!a || !b || (b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0]) > 0) break;
        hull.pop();
      }
      hull.push(p);
    }
    return hull.slice(0, -1);
  };
  return [...chain(sorted), ...chain(sorted.reverse())];
}

/** Cuts a convex polygon at the borders of the image (Sutherland and Hodgman). */
function clipPolygon(polygon: readonly ImagePoint[], width: number, height: number): ImagePoint[] {
  const edges: readonly (readonly [axis: 0 | 1, limit: number, sign: 1 | -1])[] = [
    [0, 0, 1],
    [0, width, -1],
    [1, 0, 1],
    [1, height, -1],
  ];
  return edges.reduce<ImagePoint[]>(
    (shape, [axis, limit, sign]) => {
      const depth = (p: ImagePoint) => sign * (p[axis] - limit);
      return shape.flatMap((p, i) => {
        const before = shape[(i + shape.length - 1) % shape.length] ?? p;
        const cut = (): ImagePoint => {
          const t = depth(before) / (depth(before) - depth(p));
          return [before[0] + (p[0] - before[0]) * t, before[1] + (p[1] - before[1]) * t];
        };
        if (depth(p) >= 0) return depth(before) < 0 ? [cut(), p] : [p];
        return depth(before) >= 0 ? [cut()] : [];
      });
    },
    [...polygon],
  );
}

const roundCorners = 8;

/**
 * The outline around the projected points of the broken faces, `margin` pixels wider than they; null when less than
 * a pixel of it lies inside the image.
 */
export function fractureZone(
  points: readonly ImagePoint[],
  margin: number,
  width: number,
  height: number,
): FractureZone | null {
  const around = Array.from({ length: roundCorners }, (_, i) => (2 * Math.PI * (i + 0.5)) / roundCorners);
  const wide = convexHull(points).flatMap(([x, y]) =>
    around.map((a): ImagePoint => [x + margin * Math.cos(a), y + margin * Math.sin(a)]),
  );
  const polygon = clipPolygon(convexHull(wide), width, height).map(
    ([x, y]): ImagePoint => [round(x), round(y)],
  );
  if (polygon.length < 3) return null;
  const xs = polygon.map(([x]) => x);
  const ys = polygon.map(([, y]) => y);
  const left = smallest(xs);
  const top = smallest(ys);
  const box = clipBox([left, top, round(largest(xs) - left), round(largest(ys) - top)], width, height);
  return box[2] < 1 || box[3] < 1 ? null : { polygon, box };
}

/** Hundredths of a pixel are exact enough and keep files short. */
const round = (value: number) => Math.round(value * 100) / 100;
