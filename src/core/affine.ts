/** A point or direction `[x, y, z]`. */
export type Vector3 = readonly [number, number, number];

/**
 * Affine map of space as a 4 x 4 matrix in row-major order. For a volume: voxel index (column, row, slice; the centre
 * of the first voxel is 0, 0, 0) to DICOM patient coordinates (PS3.3 C.7.6.2.1.1), mm: x to the patient's left, y to
 * the back, z to the head (LPS).
 */
// biome-ignore format: the rows of the matrix
export type Affine = readonly [
  number, number, number, number,
  number, number, number, number,
  number, number, number, number,
  number, number, number, number,
];

/** The affine whose first three columns are `x`, `y`, `z` (steps of one index) and whose origin is `origin`. */
export function affineOf(x: Vector3, y: Vector3, z: Vector3, origin: Vector3): Affine {
  // biome-ignore format: the rows of the matrix
  return [
    x[0], y[0], z[0], origin[0],
    x[1], y[1], z[1], origin[1],
    x[2], y[2], z[2], origin[2],
    0, 0, 0, 1,
  ];
}

/** The three columns of an affine: where one step of each index leads, mm. */
export function stepsOf(affine: Affine): readonly [Vector3, Vector3, Vector3] {
  return [
    [affine[0], affine[4], affine[8]],
    [affine[1], affine[5], affine[9]],
    [affine[2], affine[6], affine[10]],
  ];
}

export function originOf(affine: Affine): Vector3 {
  return [affine[3], affine[7], affine[11]];
}

export function dot(a: Vector3, b: Vector3): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

export function cross(a: Vector3, b: Vector3): Vector3 {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

export function length(a: Vector3): number {
  return Math.hypot(a[0], a[1], a[2]);
}

/** Applies an affine to a point. */
export function transform(affine: Affine, [x, y, z]: Vector3): Vector3 {
  return [
    affine[0] * x + affine[1] * y + affine[2] * z + affine[3],
    affine[4] * x + affine[5] * y + affine[6] * z + affine[7],
    affine[8] * x + affine[9] * y + affine[10] * z + affine[11],
  ];
}

/** `outer` after `inner`: the affine that does first `inner`, then `outer`. */
export function compose(outer: Affine, inner: Affine): Affine {
  const [x, y, z] = stepsOf(inner);
  const [ox, oy, oz] = stepsOf(outer);
  const turn = ([a, b, c]: Vector3): Vector3 => [
    ox[0] * a + oy[0] * b + oz[0] * c,
    ox[1] * a + oy[1] * b + oz[1] * c,
    ox[2] * a + oy[2] * b + oz[2] * c,
  ];
  return affineOf(turn(x), turn(y), turn(z), transform(outer, originOf(inner)));
}

/** Volume of one index cell, mm3; negative for a left-handed affine. */
export function determinant(affine: Affine): number {
  const [x, y, z] = stepsOf(affine);
  return dot(x, cross(y, z));
}

/** The inverse of an affine. A degenerate one (determinant 0) gives non-finite numbers. */
export function invert(affine: Affine): Affine {
  const [x, y, z] = stepsOf(affine);
  const scale = 1 / determinant(affine);
  const rows = [cross(y, z), cross(z, x), cross(x, y)].map(
    ([a, b, c]): Vector3 => [a * scale, b * scale, c * scale],
  ) as [Vector3, Vector3, Vector3];
  const origin = originOf(affine);
  const [r0, r1, r2] = rows;
  // biome-ignore format: the rows of the matrix
  return [
    ...r0, -dot(r0, origin),
    ...r1, -dot(r1, origin),
    ...r2, -dot(r2, origin),
    0, 0, 0, 1,
  ];
}
