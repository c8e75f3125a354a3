import { add, cross, dot, length, normalise, scale, subtract, type Vec3 } from '../geometry/vector.js';

/** Millimetres between the stations of a tube. */
export const stationStepMm = 2.5;

/**
 * A curved rod with an elliptic cross-section that changes along it. Stations lie `stationStepMm` apart; arrays hold
 * three numbers (mm or a unit vector) or one per station.
 */
export interface RibTube {
  readonly count: number;
  readonly positions: Float64Array;
  readonly tangents: Float64Array;
  /** Away from the middle of the chest. */
  readonly normals: Float64Array;
  /** Towards the head: the third axis of the frame. */
  readonly ups: Float64Array;
  /** Half of the cross-section along the normal, mm. */
  readonly halfThickness: Float64Array;
  /** Half of the cross-section along `ups`, mm. */
  readonly halfHeight: Float64Array;
  readonly lengthMm: number;
}

/** A point of a tube with its frame. */
export interface TubeStation {
  readonly position: Vec3;
  readonly tangent: Vec3;
  readonly normal: Vec3;
  readonly up: Vec3;
}

function catmullRom(p0: Vec3, p1: Vec3, p2: Vec3, p3: Vec3, t: number): Vec3 {
  const axis = (i: 0 | 1 | 2) =>
    0.5 *
    (2 * p1[i] +
      (p2[i] - p0[i]) * t +
      (2 * p0[i] - 5 * p1[i] + 4 * p2[i] - p3[i]) * t * t +
      (3 * p1[i] - p0[i] - 3 * p2[i] + p3[i]) * t * t * t);
  return [axis(0), axis(1), axis(2)];
}

/** Points of a smooth curve through the knots, close together. */
export function splineThrough(knots: readonly Vec3[], pointsPerSpan = 16): Vec3[] {
  const at = (i: number): Vec3 => knots[Math.max(0, Math.min(knots.length - 1, i))] ?? [0, 0, 0];
  const points: Vec3[] = [];
  for (let span = 0; span < knots.length - 1; span++) {
    for (let k = 0; k < pointsPerSpan; k++) {
      points.push(catmullRom(at(span - 1), at(span), at(span + 1), at(span + 2), k / pointsPerSpan));
    }
  }
  points.push(at(knots.length - 1));
  return points;
}

/** The same curve at equal steps of arc length. */
export function equalSteps(points: readonly Vec3[], stepMm: number): Vec3[] {
  const steps: Vec3[] = points[0] ? [points[0]] : [];
  let carried = 0;
  for (let i = 1; i < points.length; i++) {
    const from = points[i - 1] as Vec3;
    const to = points[i] as Vec3;
    const span = length(subtract(to, from));
    let along = stepMm - carried;
    while (along <= span) {
      steps.push(add(from, scale(subtract(to, from), along / span)));
      along += stepMm;
    }
    carried = span - (along - stepMm);
  }
  return steps;
}

/**
 * @param path curve, mm
 * @param outward direction away from the middle of the chest at a point; need not be perpendicular to the curve
 * @param section half thickness and half height (mm) at `along`, 0 to 1
 */
export function makeTube(
  path: readonly Vec3[],
  outward: (point: Vec3) => Vec3,
  section: (along: number) => readonly [number, number],
): RibTube {
  const points = equalSteps(path, stationStepMm);
  const count = points.length;
  const columns = () => new Float64Array(3 * count);
  const tube = {
    count,
    positions: columns(),
    tangents: columns(),
    normals: columns(),
    ups: columns(),
    halfThickness: new Float64Array(count),
    halfHeight: new Float64Array(count),
    lengthMm: (count - 1) * stationStepMm,
  };
  points.forEach((point, i) => {
    const before = points[Math.max(0, i - 1)] ?? point;
    const after = points[Math.min(count - 1, i + 1)] ?? point;
    const tangent = normalise(subtract(after, before));
    const out = outward(point);
    const normal = normalise(subtract(out, scale(tangent, dot(out, tangent))));
    const side = cross(tangent, normal);
    const up = side[2] < 0 ? scale(side, -1) : side;
    tube.positions.set(point, 3 * i);
    tube.tangents.set(tangent, 3 * i);
    tube.normals.set(normal, 3 * i);
    tube.ups.set(up, 3 * i);
    const [thickness, height] = section(i / Math.max(1, count - 1));
    tube.halfThickness[i] = thickness;
    tube.halfHeight[i] = height;
  });
  return tube;
}

const vectorAt = (columns: Float64Array, i: number): Vec3 => [
  columns[3 * i] ?? 0,
  columns[3 * i + 1] ?? 0,
  columns[3 * i + 2] ?? 0,
];

/** The frame `alongMm` from the start of the tube, between two stations by linear interpolation. */
export function stationAt(tube: RibTube, alongMm: number): TubeStation {
  const at = Math.max(0, Math.min(tube.count - 1.001, alongMm / stationStepMm));
  const i = Math.floor(at);
  const mix = (columns: Float64Array) =>
    add(scale(vectorAt(columns, i), 1 - (at - i)), scale(vectorAt(columns, i + 1), at - i));
  return {
    position: mix(tube.positions),
    tangent: normalise(mix(tube.tangents)),
    normal: normalise(mix(tube.normals)),
    up: normalise(mix(tube.ups)),
  };
}

/** The centre line, one point per station, mm. */
export function centreLine(tube: RibTube): Vec3[] {
  return Array.from({ length: tube.count }, (_, i) => vectorAt(tube.positions, i));
}
