/** For every pixel, the way of its ray through each material, mm. Row-major, `width * height`. */
export interface PathLengths {
  readonly width: number;
  readonly height: number;
  readonly bone: Float32Array;
  readonly fat: Float32Array;
  readonly muscle: Float32Array;
  readonly plaster: Float32Array;
  readonly steel: Float32Array;
  /** The way inside bones, marrow included: there, no soft tissue is. */
  readonly insideBones: Float32Array;
}

export function emptyPathLengths(width: number, height: number): PathLengths {
  const empty = () => new Float32Array(width * height);
  return {
    width,
    height,
    bone: empty(),
    fat: empty(),
    muscle: empty(),
    plaster: empty(),
    steel: empty(),
    insideBones: empty(),
  };
}

/** Share of a step that lies below zero, its two ends having values `a` and `b` and a straight line between. */
export function shareBelowZero(a: number, b: number): number {
  if (a < 0) return b < 0 ? 1 : a / (a - b);
  return b < 0 ? b / (b - a) : 0;
}

/** Where a ray `o + z d` enters and leaves a box: [from, to], empty when from >= to. Written into `out`. */
export function slab(
  out: [number, number],
  o: readonly [number, number, number],
  d: readonly [number, number, number],
  min: readonly [number, number, number],
  max: readonly [number, number, number],
): void {
  let from = Number.NEGATIVE_INFINITY;
  let to = Number.POSITIVE_INFINITY;
  for (let axis = 0; axis < 3; axis++) {
    const inverse = 1 / (d[axis] as number);
    const first = ((min[axis] as number) - (o[axis] as number)) * inverse;
    const second = ((max[axis] as number) - (o[axis] as number)) * inverse;
    const near = Math.min(first, second);
    const far = Math.max(first, second);
    if (near > from) from = near;
    if (far < to) to = far;
  }
  out[0] = from;
  out[1] = to;
}
