import { invert, length, transform, type Vector3 } from '../core/affine.js';
import type { CoarseVolume } from './coarse-volume.js';
import type { RibBone, Seed } from './rib-bone.js';

const stepMm = 3;
/** Bone this near to where a rib is expected is taken for it, mm. */
const tubeMm = 8.5;
/** How far the line may be drawn aside per step, mm: ribs bend, they have no corners. */
const mostAsideMm = 2.2;
/** Share of the cone ahead that bone must fill for the rib to go on. */
const leastFilled = 0.06;
/** Widest gap (a break, thin bone) over which a rib is followed, mm. */
const gapMm = 15;
const shortestMm = 32;
/** A line that ended at once (on the process of a vertebra beside the rib) is tried again this much further on, mm. */
const retryMm = 12;
const longestMm = 480;
/** A long rib goes at least this share of its length to the side; vessels filled with contrast may not. */
const leastReach = 0.12;
const longMm = 120;
/** From where it starts a rib goes back towards the middle at most this far, mm. */
const crossingMm = 45;
/** Share of the ball: a rib fills about half, what is as thick as the ball nearly all. */
const mostFilled = 0.78;
const borderMm = 5;

/** A rib before it has a number. */
export interface FoundRib {
  readonly side: 'left' | 'right';
  /** Centre line from the spine outwards, patient coordinates (LPS), mm, about 3 mm apart. */
  readonly points: readonly Vector3[];
  readonly lengthMm: number;
  /** It ends at the border of the scan, which may cut it off. */
  readonly cut: boolean;
}

const subtract = (a: Vector3, b: Vector3): Vector3 => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
const plus = (a: Vector3, d: Vector3, by: number): Vector3 => [
  a[0] + by * d[0],
  a[1] + by * d[1],
  a[2] + by * d[2],
];
const dot = (a: Vector3, b: Vector3): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const unit = (a: Vector3): Vector3 => plus([0, 0, 0], a, 1 / Math.max(1e-9, length(a)));

/** What bone lies in a ball. */
interface Ball {
  /** Weighted towards the middle of the ball; mm. */
  readonly centre: Vector3;
  /** Share of the ball that is bone. */
  readonly filled: number;
}

/** Looks for bone around points; works in mm along the axes of the coarse grid. */
class BoneFinder {
  readonly #bone: Uint8Array;
  readonly #coarse: CoarseVolume;

  constructor(bone: Uint8Array, coarse: CoarseVolume) {
    this.#bone = bone;
    this.#coarse = coarse;
  }

  /** Calls `visit` for every voxel of bone within `radius` of a point. */
  #each(
    at: Vector3,
    radius: number,
    visit: (x: number, y: number, z: number, squared: number) => void,
  ): void {
    const { size, spacing } = this.#coarse;
    const low = ([0, 1, 2] as const).map((i) => Math.max(0, Math.ceil((at[i] - radius) / spacing[i])));
    const high = ([0, 1, 2] as const).map((i) =>
      Math.min(size[i] - 1, Math.floor((at[i] + radius) / spacing[i])),
    );
    for (let z = low[2] as number; z <= (high[2] as number); z++) {
      const dz = z * spacing[2] - at[2];
      for (let y = low[1] as number; y <= (high[1] as number); y++) {
        const dy = y * spacing[1] - at[1];
        const start = size[0] * (y + size[1] * z);
        for (let x = low[0] as number; x <= (high[0] as number); x++) {
          if (this.#bone[start + x] !== 1) continue;
          const dx = x * spacing[0] - at[0];
          const squared = dx * dx + dy * dy + dz * dz;
          if (squared <= radius * radius) visit(x * spacing[0], y * spacing[1], z * spacing[2], squared);
        }
      }
    }
  }

  ball(at: Vector3): Ball {
    let [count, sum, sx, sy, sz] = [0, 0, 0, 0, 0];
    this.#each(at, tubeMm, (x, y, z, squared) => {
      const weight = Math.exp(-squared / 40);
      count++;
      sum += weight;
      sx += weight * x;
      sy += weight * y;
      sz += weight * z;
    });
    const { spacing } = this.#coarse;
    const whole = ((4 / 3) * Math.PI * tubeMm ** 3) / (spacing[0] * spacing[1] * spacing[2]);
    return { centre: sum > 0 ? [sx / sum, sy / sum, sz / sum] : at, filled: count / whole };
  }

  /** Direction of the bone ahead of a point: within a cone of cosine `width`, from `from` to `to` mm. */
  ahead(
    at: Vector3,
    direction: Vector3,
    width: number,
    from: number,
    to: number,
  ): { way: Vector3; filled: number } {
    let [count, sx, sy, sz] = [0, 0, 0, 0];
    this.#each(at, to, (x, y, z, squared) => {
      const distance = Math.sqrt(squared);
      if (distance < from) return;
      const way: Vector3 = [x - at[0], y - at[1], z - at[2]];
      if (dot(way, direction) < width * distance) return;
      count++;
      sx += way[0] / distance;
      sy += way[1] / distance;
      sz += way[2] / distance;
    });
    const { spacing } = this.#coarse;
    const cone =
      ((2 / 3) * Math.PI * (1 - width) * (to ** 3 - from ** 3)) / (spacing[0] * spacing[1] * spacing[2]);
    return { way: count > 0 ? unit([sx, sy, sz]) : direction, filled: count / cone };
  }

  /** The nearest bone in a cone ahead of a point. */
  nearest(at: Vector3, direction: Vector3): Vector3 | null {
    let best: Vector3 | null = null;
    let nearest = Number.POSITIVE_INFINITY;
    this.#each(at, gapMm, (x, y, z, squared) => {
      if (squared >= nearest || squared < 16) return;
      const way: Vector3 = [x - at[0], y - at[1], z - at[2]];
      if (dot(way, direction) < 0.6 * Math.sqrt(squared)) return;
      nearest = squared;
      best = [x, y, z];
    });
    return best;
  }
}

interface Trace {
  readonly line: Vector3[];
  /** Mean share of the ball that was bone. */
  readonly filled: number;
}

/** Follows a rib from where it leaves the spine; mm along the axes of the grid. */
function follow(finder: BoneFinder, start: Vector3, outwards: Vector3): Trace {
  const line: Vector3[] = [finder.ball(start).centre];
  let direction = finder.ahead(start, outwards, -0.5, 5, 18).way;
  let filled = 0;
  let steps = 0;
  while (line.length * stepMm < longestMm) {
    const last = line.at(-1) as Vector3;
    const ahead = finder.ahead(last, direction, 0.6, 3, 10);
    if (ahead.filled >= leastFilled) {
      direction = unit(plus(direction, ahead.way, 0.8));
      const expected = plus(last, direction, stepMm);
      const ball = finder.ball(expected);
      const pull = subtract(ball.centre, expected);
      const aside = plus(pull, direction, -dot(pull, direction));
      const point = plus(expected, aside, Math.min(1, mostAsideMm / Math.max(1e-6, length(aside))));
      line.push(point);
      filled += ball.filled;
      steps++;
    } else {
      const next = finder.nearest(last, direction);
      const beyond = next && finder.ahead(next, direction, 0, 0, 10);
      if (!next || !beyond || line.length < 8 || beyond.filled < 3 * leastFilled) break;
      // The nearest bone is the rim of the next piece: its middle lies further on.
      const target = finder.ball(plus(next, direction, 3)).centre;
      const way = subtract(target, last);
      const count = Math.max(1, Math.round(length(way) / stepMm));
      for (let k = 1; k <= count; k++) line.push(plus(last, way, k / count));
    }
    const reference = line.at(-5) ?? (line[0] as Vector3);
    if (line.length > 5) {
      const way = unit(subtract(line.at(-1) as Vector3, reference));
      direction = unit(plus(direction, way, 0.6));
    }
    if (turnsBack(line)) break;
  }
  return { line, filled: filled / Math.max(1, steps) };
}

/** Whether a line has come back to itself. */
function turnsBack(line: readonly Vector3[]): boolean {
  const last = line.at(-1) as Vector3;
  return line.slice(0, -12).some((point) => length(subtract(point, last)) < 5);
}

function smoothed(line: readonly Vector3[]): Vector3[] {
  return line.map((_, i) => {
    const reach = Math.min(2, i, line.length - 1 - i);
    let sum: Vector3 = [0, 0, 0];
    for (let k = -reach; k <= reach; k++) sum = plus(sum, line[i + k] ?? sum, 1);
    return plus([0, 0, 0], sum, 1 / (2 * reach + 1));
  });
}

function lengthOf(line: readonly Vector3[]): number {
  let sum = 0;
  for (let i = 1; i < line.length; i++) sum += length(subtract(line[i] as Vector3, line[i - 1] as Vector3));
  return sum;
}

/** The part of a line that is nearer to its own start than to another, longer line that it has run into. */
function untilShared(line: readonly Vector3[], others: readonly (readonly Vector3[])[]): readonly Vector3[] {
  for (let i = 0; i < line.length; i++) {
    const here = line[i] as Vector3;
    const shared = others.some(
      (other) => other.length > line.length && other.some((point) => length(subtract(point, here)) < 4),
    );
    if (shared) return line.slice(0, i);
  }
  return line;
}

/**
 * Follows every rib from where it leaves the spine. Over a gap the line goes straight on. What is too short, too wide or
 * hardly goes to the side is no rib.
 */
export function ribLines({ bone, seeds }: RibBone, coarse: CoarseVolume): FoundRib[] {
  const { spacing, affine } = coarse;
  const finder = new BoneFinder(bone, coarse);
  const traces = seeds.map(({ side, centre }: Seed) => {
    const start: Vector3 = [centre[0] * spacing[0], centre[1] * spacing[1], centre[2] * spacing[2]];
    const outwards = unit([side === 'left' ? 1 : -1, 0.35, -0.25]);
    const trace = follow(finder, start, outwards);
    if (lengthOf(trace.line) >= shortestMm) return trace;
    const way = finder.ahead(start, outwards, -0.5, retryMm, 2.2 * retryMm).way;
    const again = follow(finder, plus(start, way, retryMm), way);
    return again.line.length > trace.line.length ? { ...again, line: [start, ...again.line] } : trace;
  });
  const lines = traces.map(({ line }) => line);
  return traces.flatMap(({ line, filled }, seed) => {
    const side = seeds[seed]?.side ?? 'left';
    const own = untilShared(
      line,
      lines.filter((other, i) => other !== line && seeds[i]?.side === side),
    );
    const points = smoothed(own).map((point) =>
      transform(affine, [point[0] / spacing[0], point[1] / spacing[1], point[2] / spacing[2]]),
    );
    const lengthMm = lengthOf(points);
    const straight = lengthMm > longMm && reachAside(points) < leastReach * lengthMm;
    if (lengthMm < shortestMm || filled > mostFilled || straight || crosses(points, side)) return [];
    return [{ side, points, lengthMm, cut: endsAtBorder(points, coarse) }];
  });
}

/** How far a line goes to the side from where it starts, mm. */
export function reachAside(points: readonly Vector3[]): number {
  const start = points[0]?.[0] ?? 0;
  return points.reduce((most, [x]) => Math.max(most, Math.abs(x - start)), 0);
}

/** Whether a line goes to the other side of the body, as vessels do and ribs do not. */
function crosses(points: readonly Vector3[], side: 'left' | 'right'): boolean {
  const start = points[0]?.[0] ?? 0;
  const sign = side === 'left' ? 1 : -1;
  return points.some(([x]) => sign * (x - start) < -crossingMm);
}

function endsAtBorder(points: readonly Vector3[], { affine, size, spacing }: CoarseVolume): boolean {
  const end = points.at(-1);
  if (!end) return true;
  const at = transform(invert(affine), end);
  return ([0, 1, 2] as const).some(
    (axis) => at[axis] * spacing[axis] < borderMm || (size[axis] - 1 - at[axis]) * spacing[axis] < borderMm,
  );
}
