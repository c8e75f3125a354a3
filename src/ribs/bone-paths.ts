import type { CoarseVolume } from './coarse-volume.js';
import { boneHu, type Spine } from './find-spine.js';

// Beyond this distance from the middle of the spine there are ribs only: the processes of vertebrae end before.
const spineHalfWidthMm = 36;
const seedShellMm = 9;
// Where ribs start: about level with the arches of the vertebrae.
const seedInFrontMm = 12;
const seedBehindMm = 45;
// The breastbone joins ribs of both sides; it is left out.
const breastboneHalfWidthMm = 32;
const breastboneInFrontMm = 62;

/** Bone outside of the spine, each voxel reached from the nearest place where a rib leaves the spine. */
export interface BonePaths {
  /** Voxels of bone, ascending. */
  readonly voxels: Int32Array;
  /** Per voxel of the volume: 1 + position in `voxels`, or 0. */
  readonly indexOf: Int32Array;
  /** Per voxel of `voxels`: number of the seed it was reached from, -1 where none reaches it. */
  readonly seedOf: Int32Array;
  /** Per voxel of `voxels`: way through bone from its seed, mm. */
  readonly distance: Float32Array;
  readonly seeds: readonly Seed[];
}

/** A place where a rib leaves the spine. */
export interface Seed {
  readonly side: 'left' | 'right';
  /** Middle, in voxels. */
  readonly centre: readonly [number, number, number];
  readonly members: readonly number[];
}

/** Steps to the 26 neighbours: offsets and lengths in mm. */
export function neighbourSteps({ size, spacing }: CoarseVolume): { dx: number; dy: number; dz: number; offset: number; mm: number }[] {
  const steps = [];
  for (let dz = -1; dz <= 1; dz++) {
    for (let dy = -1; dy <= 1; dy++) {
      for (let dx = -1; dx <= 1; dx++) {
        if (dx === 0 && dy === 0 && dz === 0) continue;
        const offset = dx + size[0] * (dy + size[1] * dz);
        steps.push({ dx, dy, dz, offset, mm: Math.hypot(dx * spacing[0], dy * spacing[1], dz * spacing[2]) });
      }
    }
  }
  return steps;
}

/** Finds where ribs leave the spine and follows bone from there. */
export function tracePaths(coarse: CoarseVolume, spine: Spine): BonePaths {
  const { hu, size, spacing } = coarse;
  const [columns, rows, slices] = size;
  const indexOf = new Int32Array(hu.length);
  const list: number[] = [];
  const inShell: boolean[] = [];
  // Voxels at the border have no neighbours on one side.
  for (let z = 1; z < slices - 1; z++) {
    const cx = spine.x[z] as number;
    const cy = spine.y[z] as number;
    for (let y = 1; y < rows - 1; y++) {
      const behind = (y - cy) * spacing[1];
      const start = columns * (y + rows * z);
      for (let x = 1; x < columns - 1; x++) {
        if ((hu[start + x] as number) <= boneHu) continue;
        const aside = Math.abs(x - cx) * spacing[0];
        if (aside < spineHalfWidthMm && behind > -50) continue;
        if (aside < breastboneHalfWidthMm && behind < -breastboneInFrontMm) continue;
        list.push(start + x);
        indexOf[start + x] = list.length;
        inShell.push(
          aside >= spineHalfWidthMm &&
            aside < spineHalfWidthMm + seedShellMm &&
            behind > -seedInFrontMm &&
            behind < seedBehindMm,
        );
      }
    }
  }
  const voxels = Int32Array.from(list);
  const steps = neighbourSteps(coarse);
  const seeds = findSeeds(voxels, indexOf, inShell, coarse, spine, steps);
  const seedOf = new Int32Array(voxels.length).fill(-1);
  const distance = new Float32Array(voxels.length).fill(Number.POSITIVE_INFINITY);
  const paths: BonePaths = { voxels, indexOf, seedOf, distance, seeds };
  const starts = seeds.flatMap(({ members }, seed) => members.map((member) => ({ member, seed, from: 0 })));
  spread(paths, steps, starts);
  return paths;
}

/** Connected groups of bone in the shell around the spine. */
function findSeeds(
  voxels: Int32Array,
  indexOf: Int32Array,
  inShell: readonly boolean[],
  { size, spacing }: CoarseVolume,
  spine: Spine,
  steps: readonly { offset: number }[],
): Seed[] {
  const seen = new Uint8Array(voxels.length);
  const seeds: Seed[] = [];
  for (let first = 0; first < voxels.length; first++) {
    if (seen[first] === 1 || !inShell[first]) continue;
    const members = [first];
    seen[first] = 1;
    for (let at = 0; at < members.length; at++) {
      const voxel = voxels[members[at] as number] as number;
      for (const { offset } of steps) {
        const next = (indexOf[voxel + offset] ?? 0) - 1;
        if (next < 0 || seen[next] === 1 || !inShell[next]) continue;
        seen[next] = 1;
        members.push(next);
      }
    }
    const millilitres = (members.length * spacing[0] * spacing[1] * spacing[2]) / 1000;
    if (millilitres < 0.15) continue;
    const [sx, sy, sz] = members.reduce(
      ([x, y, z], member) => {
        const voxel = voxels[member] as number;
        return [
          x + (voxel % size[0]),
          y + (Math.floor(voxel / size[0]) % size[1]),
          z + Math.floor(voxel / (size[0] * size[1])),
        ] as const;
      },
      [0, 0, 0] as readonly [number, number, number],
    );
    const centre = [sx / members.length, sy / members.length, sz / members.length] as const;
    const side = centre[0] > (spine.x[Math.round(centre[2])] as number) ? 'left' : 'right';
    seeds.push({ side, centre, members });
  }
  return seeds;
}

/** Carries seeds on through bone by the shortest way (Dial's buckets of half a millimetre). */
export function spread(
  { voxels, indexOf, seedOf, distance }: BonePaths,
  steps: readonly { offset: number; mm: number }[],
  starts: readonly { member: number; seed: number; from: number }[],
): void {
  const perMm = 2;
  const buckets: number[][] = [];
  const push = (member: number, at: number) => {
    const bucket = Math.floor(at * perMm);
    let list = buckets[bucket];
    if (!list) {
      list = [];
      buckets[bucket] = list;
    }
    list.push(member);
  };
  for (const { member, seed, from } of starts) {
    if (from >= (distance[member] as number)) continue;
    distance[member] = from;
    seedOf[member] = seed;
    push(member, from);
  }
  for (let bucket = 0; bucket < buckets.length; bucket++) {
    const list = buckets[bucket];
    if (!list) continue;
    for (let i = 0; i < list.length; i++) {
      const member = list[i] as number;
      const here = distance[member] as number;
      if (Math.floor(here * perMm) !== bucket) continue;
      const voxel = voxels[member] as number;
      for (const { offset, mm } of steps) {
        const next = (indexOf[voxel + offset] as number) - 1;
        if (next < 0 || here + mm >= (distance[next] as number) - 1e-4) continue;
        distance[next] = here + mm;
        seedOf[next] = seedOf[member] as number;
        push(next, here + mm);
      }
    }
    buckets[bucket] = [];
  }
}
