import { length, transform, type Vector3 } from '../core/affine.js';
import { type BonePaths, neighbourSteps, spread } from './bone-paths.js';
import type { CoarseVolume } from './coarse-volume.js';

const binMm = 3;
/** How far from where a rib is expected bone still belongs to it, mm. */
const tubeMm = 13;
/** Widest gap (a break, thin bone) over which a rib is followed, mm. */
const gapMm = 15;
const shortestMm = 42;
// Cross-section of bone, mm2: a rib has about 80 to 160, a wing of the pelvis or a shoulder blade far more.
const largestSectionMm2 = 420;

/** A rib before it has a number. */
export interface FoundRib {
  readonly side: 'left' | 'right';
  /** Centre line from the spine outwards, patient coordinates (LPS), mm, about 3 mm apart. */
  readonly points: readonly Vector3[];
  readonly lengthMm: number;
}

const subtract = (a: Vector3, b: Vector3): Vector3 => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
const along = (a: Vector3, d: Vector3, by: number): Vector3 => [a[0] + by * d[0], a[1] + by * d[1], a[2] + by * d[2]];

/** The bone reached from one seed, sorted into shells of equal way. */
class Reached {
  readonly #paths: BonePaths;
  readonly #coarse: CoarseVolume;
  readonly bins: number[][] = [];

  constructor(paths: BonePaths, coarse: CoarseVolume) {
    this.#paths = paths;
    this.#coarse = coarse;
  }

  add(member: number): void {
    const bin = Math.floor((this.#paths.distance[member] as number) / binMm);
    const list = this.bins[bin];
    if (list) list.push(member);
    else this.bins[bin] = [member];
  }

  point(member: number): Vector3 {
    const voxel = this.#paths.voxels[member] as number;
    const [columns, rows] = this.#coarse.size;
    return transform(this.#coarse.affine, [
      voxel % columns,
      Math.floor(voxel / columns) % rows,
      Math.floor(voxel / (columns * rows)),
    ]);
  }
}

/** Centre of those of the points that lie near, and how many they are. */
function centreNear(points: readonly Vector3[], near: Vector3 | null): { centre: Vector3; count: number } | null {
  let [count, x, y, z] = [0, 0, 0, 0];
  for (const point of points) {
    if (near && length(subtract(point, near)) > tubeMm) continue;
    count++;
    x += point[0];
    y += point[1];
    z += point[2];
  }
  return count === 0 ? null : { centre: [x / count, y / count, z / count], count };
}

/** Follows shells from `first` on, each where the ones before point to. */
function follow(reached: Reached, line: Vector3[], first: number): number {
  let members = 0;
  for (let bin = first; bin < reached.bins.length; bin++) {
    const points = (reached.bins[bin] ?? []).map((member) => reached.point(member));
    const last = line.at(-1);
    const before = line.at(-5) ?? line[0];
    let near: Vector3 | null = last ?? null;
    if (last && before && before !== last) {
      const way = subtract(last, before);
      near = along(last, way, binMm / Math.max(1, length(way)));
    }
    const found = centreNear(points, near);
    if (!found) break;
    line.push(found.centre);
    members += found.count;
  }
  return members;
}

function smoothed(line: readonly Vector3[]): Vector3[] {
  return line.map((_, i) => {
    const reach = Math.min(2, i, line.length - 1 - i);
    let sum: Vector3 = [0, 0, 0];
    for (let k = -reach; k <= reach; k++) sum = along(sum, line[i + k] ?? sum, 1);
    return along([0, 0, 0], sum, 1 / (2 * reach + 1));
  });
}

function lengthOf(line: readonly Vector3[]): number {
  let sum = 0;
  for (let i = 1; i < line.length; i++) sum += length(subtract(line[i] as Vector3, line[i - 1] as Vector3));
  return sum;
}

/** The nearest bone that no seed has reached, ahead of the end of a line. */
function beyondGap(paths: BonePaths, coarse: CoarseVolume, line: readonly Vector3[], free: ReadonlyMap<number, Vector3>) {
  const last = line.at(-1);
  const before = line.at(-6) ?? line[0];
  if (!last || !before || line.length < 4) return null;
  const way = subtract(last, before);
  const ahead = along([0, 0, 0], way, 1 / Math.max(1e-6, length(way)));
  let best: { member: number; distance: number } | null = null;
  for (const [member, point] of free) {
    if (paths.seedOf[member] !== -1) continue;
    const step = subtract(point, last);
    const distance = length(step);
    if (distance > gapMm || (best && distance >= best.distance)) continue;
    const forward = step[0] * ahead[0] + step[1] * ahead[1] + step[2] * ahead[2];
    if (forward > 0.35 * distance - coarse.spacing[0]) best = { member, distance };
  }
  return best;
}

/**
 * Turns paths through bone into centre lines of ribs. Bone beyond a gap joins the rib that points to it. What is too
 * short or too wide is no rib.
 */
export function ribLines(paths: BonePaths, coarse: CoarseVolume): FoundRib[] {
  const steps = neighbourSteps(coarse);
  const reached = paths.seeds.map(() => new Reached(paths, coarse));
  const free = new Map<number, Vector3>();
  const asPoint = new Reached(paths, coarse);
  for (let member = 0; member < paths.voxels.length; member++) {
    const seed = paths.seedOf[member] as number;
    if (seed >= 0) reached[seed]?.add(member);
    else free.set(member, asPoint.point(member));
  }
  const voxelMm3 = coarse.spacing[0] * coarse.spacing[1] * coarse.spacing[2];
  const lines = reached.map((tube) => {
    const line: Vector3[] = [];
    return { tube, line, members: follow(tube, line, 0) };
  });
  for (let round = 0; round < 6; round++) {
    let joined = false;
    lines.forEach((entry, seed) => {
      if (entry.line.length * binMm < 24) return;
      const next = beyondGap(paths, coarse, entry.line, free);
      if (!next) return;
      joined = true;
      const from = entry.line.length * binMm + next.distance;
      spread(paths, steps, [{ member: next.member, seed, from }]);
      const added = new Reached(paths, coarse);
      for (const member of [...free.keys()]) {
        if (paths.seedOf[member] === -1) continue;
        added.add(member);
        free.delete(member);
      }
      const first = Math.floor(from / binMm);
      entry.members += follow(added, entry.line, first);
    });
    if (!joined) break;
  }
  return lines.flatMap(({ line, members }, seed) => {
    const points = smoothed(line);
    const lengthMm = lengthOf(points);
    const section = (members * voxelMm3) / Math.max(1, lengthMm);
    if (lengthMm < shortestMm || section > largestSectionMm2) return [];
    return [{ side: paths.seeds[seed]?.side ?? 'left', points, lengthMm }];
  });
}
