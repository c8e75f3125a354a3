/** Millimetres or a direction: x, y, z. */
export type Vec3 = readonly [number, number, number];

export const add = (a: Vec3, b: Vec3): Vec3 => [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
export const subtract = (a: Vec3, b: Vec3): Vec3 => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
export const scale = (a: Vec3, by: number): Vec3 => [a[0] * by, a[1] * by, a[2] * by];
export const dot = (a: Vec3, b: Vec3): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
export const length = (a: Vec3): number => Math.hypot(a[0], a[1], a[2]);
export const normalise = (a: Vec3): Vec3 => scale(a, 1 / length(a));
export const cross = (a: Vec3, b: Vec3): Vec3 => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];

/** Two unit vectors that complete `axis` to a right-handed frame; the first is as near to +x as it can be. */
export function frameAround(axis: Vec3): readonly [Vec3, Vec3] {
  const helper: Vec3 = Math.abs(axis[0]) < 0.9 ? [1, 0, 0] : [0, 0, 1];
  const u = normalise(subtract(helper, scale(axis, dot(helper, axis))));
  return [u, cross(axis, u)];
}

/** An axis-aligned box in mm. */
export interface Bounds {
  readonly min: Vec3;
  readonly max: Vec3;
}

/** The bounds of points, widened by `margin` mm on every side. */
export function boundsOf(points: readonly Vec3[], margin: number): Bounds {
  const lowest = (i: 0 | 1 | 2) =>
    points.reduce((m, p) => Math.min(m, p[i]), Number.POSITIVE_INFINITY) - margin;
  const highest = (i: 0 | 1 | 2) =>
    points.reduce((m, p) => Math.max(m, p[i]), Number.NEGATIVE_INFINITY) + margin;
  return { min: [lowest(0), lowest(1), lowest(2)], max: [highest(0), highest(1), highest(2)] };
}

/** The eight corners of a box. */
export function corners({ min, max }: Bounds): Vec3[] {
  return [min[0], max[0]].flatMap((x) =>
    [min[1], max[1]].flatMap((y) => [min[2], max[2]].map((z): Vec3 => [x, y, z])),
  );
}
