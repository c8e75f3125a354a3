/** Directions in which the radii of a tube are kept. */
export const directions = 48;
const perRadian = directions / (2 * Math.PI);

/**
 * A tube along z, such as a bone or a limb: per slice a centre, and around it an outer and an inner radius per
 * direction (outer and inner face of the cortex; skin and fascia). Radii of a real bone are measured, those of a
 * simulated one are drawn; what is built on them does not know the difference. All mm.
 */
export interface RadialTube {
  readonly fromZ: number;
  readonly step: number;
  readonly count: number;
  readonly centreX: Float32Array;
  readonly centreY: Float32Array;
  /** `count * directions`; direction d points to the angle `2 pi d / directions` from +x towards +y. */
  readonly outer: Float32Array;
  readonly inner: Float32Array;
  /** Share of the inside that trabecular bone fills, per slice, 0 to 1. */
  readonly trabecular: Float32Array;
  readonly largestRadius: number;
}

/** Where a point lies with respect to a tube. One object is filled again and again: inner loops make no garbage. */
export interface TubePoint {
  /** Distance from the centre of the slice, mm. */
  radius: number;
  /** Direction from the centre, radians. */
  angle: number;
  /** Distance outside the outer face, mm; negative within. */
  outside: number;
  /** Distance outside the inner face, mm; negative within. */
  beyondInner: number;
  trabecular: number;
}

export function newTubePoint(): TubePoint {
  return { radius: 0, angle: 0, outside: 0, beyondInner: 0, trabecular: 0 };
}

/** Centre of the tube at a height, held beyond its ends. */
export function centreAt(tube: RadialTube, z: number): [number, number] {
  const position = Math.max(0, Math.min(tube.count - 1.001, (z - tube.fromZ) / tube.step));
  const i = position | 0;
  const f = position - i;
  const x = tube.centreX[i] as number;
  const y = tube.centreY[i] as number;
  return [x + ((tube.centreX[i + 1] as number) - x) * f, y + ((tube.centreY[i + 1] as number) - y) * f];
}

/** Outer radius at a height and direction. */
export function outerRadiusAt(tube: RadialTube, z: number, angle: number): number {
  const i = Math.max(0, Math.min(tube.count - 1, Math.round((z - tube.fromZ) / tube.step)));
  const d = Math.round(angle * perRadian + 2 * directions) % directions;
  return tube.outer[i * directions + d] as number;
}

/** Inner radius at a height and direction. */
export function innerRadiusAt(tube: RadialTube, z: number, angle: number): number {
  const i = Math.max(0, Math.min(tube.count - 1, Math.round((z - tube.fromZ) / tube.step)));
  const d = Math.round(angle * perRadian + 2 * directions) % directions;
  return tube.inner[i * directions + d] as number;
}

function between(
  radii: Float32Array,
  row: number,
  next: number,
  d0: number,
  d1: number,
  fd: number,
  f: number,
): number {
  const a = radii[row + d0] as number;
  const b = radii[row + d1] as number;
  const c = radii[next + d0] as number;
  const d = radii[next + d1] as number;
  const low = a + (b - a) * fd;
  return low + (c + (d - c) * fd - low) * f;
}

/**
 * Places a point. Distances are measured in the slice, which is exact for a tube along z and a few per cent too long
 * for one that leans. Returns false, with only `radius` filled, when the point is farther than `reach` mm outside.
 */
export function locate(
  tube: RadialTube,
  x: number,
  y: number,
  z: number,
  reach: number,
  point: TubePoint,
): boolean {
  const position = Math.max(0, Math.min(tube.count - 1.001, (z - tube.fromZ) / tube.step));
  const i = position | 0;
  const f = position - i;
  const x0 = tube.centreX[i] as number;
  const y0 = tube.centreY[i] as number;
  const dx = x - x0 - ((tube.centreX[i + 1] as number) - x0) * f;
  const dy = y - y0 - ((tube.centreY[i + 1] as number) - y0) * f;
  const radius = Math.sqrt(dx * dx + dy * dy);
  point.radius = radius;
  if (radius > tube.largestRadius + reach) return false;
  const angle = Math.atan2(dy, dx);
  point.angle = angle;
  let turn = angle * perRadian;
  if (turn < 0) turn += directions;
  const d0 = (turn | 0) % directions;
  const d1 = (d0 + 1) % directions;
  const fd = turn - (turn | 0);
  const row = i * directions;
  const next = row + directions;
  point.outside = radius - between(tube.outer, row, next, d0, d1, fd, f);
  point.beyondInner = radius - between(tube.inner, row, next, d0, d1, fd, f);
  const t = tube.trabecular[i] as number;
  point.trabecular = t + ((tube.trabecular[i + 1] as number) - t) * f;
  return true;
}

/** What shapes one slice of a tube that is drawn rather than measured. */
export interface TubeSlice {
  readonly x: number;
  readonly y: number;
  readonly trabecular: number;
  outer(angle: number): number;
  inner(angle: number): number;
}

/** A tube from a description of its slices. */
export function tubeOf(
  fromZ: number,
  toZ: number,
  step: number,
  sliceAt: (z: number) => TubeSlice,
): RadialTube {
  const count = Math.max(2, Math.ceil((toZ - fromZ) / step) + 1);
  const centreX = new Float32Array(count);
  const centreY = new Float32Array(count);
  const trabecular = new Float32Array(count);
  const outer = new Float32Array(count * directions);
  const inner = new Float32Array(count * directions);
  let largestRadius = 0;
  for (let i = 0; i < count; i++) {
    const slice = sliceAt(fromZ + i * step);
    centreX[i] = slice.x;
    centreY[i] = slice.y;
    trabecular[i] = slice.trabecular;
    for (let d = 0; d < directions; d++) {
      const angle = d / perRadian;
      const radius = slice.outer(angle);
      outer[i * directions + d] = radius;
      inner[i * directions + d] = Math.min(radius, slice.inner(angle));
      largestRadius = Math.max(largestRadius, radius);
    }
  }
  return { fromZ, step, count, centreX, centreY, outer, inner, trabecular, largestRadius };
}
