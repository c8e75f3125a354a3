import { dot, normalise, subtract, type Vec3 } from './vector.js';

/** A rotation (or reflection) and a translation: `p' = R p + t`; `rows` are the rows of the orthogonal R. */
export interface Rigid {
  readonly rows: readonly [Vec3, Vec3, Vec3];
  readonly translation: Vec3;
}

export const identity: Rigid = {
  rows: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  translation: [0, 0, 0],
};

/** The direction turned by R alone. */
export function turn({ rows }: Rigid, d: Vec3): Vec3 {
  return [dot(rows[0], d), dot(rows[1], d), dot(rows[2], d)];
}

/** The point moved by R and t. */
export function apply(move: Rigid, p: Vec3): Vec3 {
  const q = turn(move, p);
  return [q[0] + move.translation[0], q[1] + move.translation[1], q[2] + move.translation[2]];
}

/** `second` after `first`. */
export function compose(second: Rigid, first: Rigid): Rigid {
  const [a, b, c] = first.rows;
  const columns: [Vec3, Vec3, Vec3] = [
    [a[0], b[0], c[0]],
    [a[1], b[1], c[1]],
    [a[2], b[2], c[2]],
  ];
  const row = (r: Vec3): Vec3 => [dot(r, columns[0]), dot(r, columns[1]), dot(r, columns[2])];
  return {
    rows: [row(second.rows[0]), row(second.rows[1]), row(second.rows[2])],
    translation: apply(second, first.translation),
  };
}

/** The inverse: R transposed, since R is orthogonal. */
export function invert({ rows: [a, b, c], translation }: Rigid): Rigid {
  const rows: [Vec3, Vec3, Vec3] = [
    [a[0], b[0], c[0]],
    [a[1], b[1], c[1]],
    [a[2], b[2], c[2]],
  ];
  return {
    rows,
    translation: [-dot(rows[0], translation), -dot(rows[1], translation), -dot(rows[2], translation)],
  };
}

export const translation = (t: Vec3): Rigid => ({ rows: identity.rows, translation: t });

/** Rotation by `angle` radians about the axis through `centre` (Rodrigues). */
export function rotation(axis: Vec3, angle: number, centre: Vec3 = [0, 0, 0]): Rigid {
  const [x, y, z] = normalise(axis);
  const c = Math.cos(angle);
  const s = Math.sin(angle);
  const k = 1 - c;
  const rows: [Vec3, Vec3, Vec3] = [
    [c + x * x * k, x * y * k - z * s, x * z * k + y * s],
    [y * x * k + z * s, c + y * y * k, y * z * k - x * s],
    [z * x * k - y * s, z * y * k + x * s, c + z * z * k],
  ];
  const turned: Vec3 = [dot(rows[0], centre), dot(rows[1], centre), dot(rows[2], centre)];
  return { rows, translation: subtract(centre, turned) };
}
