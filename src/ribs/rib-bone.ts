import type { CoarseVolume } from './coarse-volume.js';
import { boneHu, type Spine } from './find-spine.js';

// Beyond this distance from the middle of the spine there are ribs only: the processes of vertebrae end before.
const spineHalfWidthMm = 36;
// In front of the arches there is only the body; the first rib bends back in there.
const bodyInFrontMm = 14;
const bodyHalfWidthMm = 24;
const seedShellMm = 9;
// Where ribs start: about level with the arches of the vertebrae.
const seedInFrontMm = 12;
const seedBehindMm = 45;
// The breastbone joins ribs of both sides; it is left out.
const breastboneHalfWidthMm = 32;
const breastboneInFrontMm = 62;
const leastSeedMl = 0.15;

/** Bone outside of the spine and the breastbone, and where ribs start in it. */
export interface RibBone {
  /** Per voxel of the coarse volume: 1 for bone. */
  readonly bone: Uint8Array;
  readonly seeds: readonly Seed[];
}

/** A place where a rib leaves the spine. */
export interface Seed {
  readonly side: 'left' | 'right';
  /** Middle, in voxels. */
  readonly centre: readonly [number, number, number];
}

/** Finds bone and the places where ribs leave the spine. */
export function findRibBone(coarse: CoarseVolume, spine: Spine): RibBone {
  const { hu, size, spacing } = coarse;
  const [columns, rows, slices] = size;
  const bone = new Uint8Array(hu.length);
  const shell: number[] = [];
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
        if (aside < (behind > -bodyInFrontMm ? spineHalfWidthMm : bodyHalfWidthMm) && behind > -50) continue;
        if (aside < breastboneHalfWidthMm && behind < -breastboneInFrontMm) continue;
        bone[start + x] = 1;
        if (aside < spineHalfWidthMm + seedShellMm && behind > -seedInFrontMm && behind < seedBehindMm) {
          shell.push(start + x);
        }
      }
    }
  }
  return { bone, seeds: findSeeds(shell, coarse, spine) };
}

/** Connected groups of bone in the shell around the spine. */
function findSeeds(shell: readonly number[], { size, spacing }: CoarseVolume, spine: Spine): Seed[] {
  const [columns, rows] = size;
  const open = new Set(shell);
  const offsets = [-1, 0, 1].flatMap((dz) =>
    [-1, 0, 1].flatMap((dy) => [-1, 0, 1].map((dx) => dx + columns * (dy + rows * dz))),
  );
  const seeds: Seed[] = [];
  for (const first of shell) {
    if (!open.delete(first)) continue;
    const members = [first];
    for (let at = 0; at < members.length; at++) {
      for (const offset of offsets) {
        const next = (members[at] as number) + offset;
        if (open.delete(next)) members.push(next);
      }
    }
    if ((members.length * spacing[0] * spacing[1] * spacing[2]) / 1000 < leastSeedMl) continue;
    const mean = (of: (voxel: number) => number) =>
      members.reduce((sum, voxel) => sum + of(voxel), 0) / members.length;
    const centre = [
      mean((voxel) => voxel % columns),
      mean((voxel) => Math.floor(voxel / columns) % rows),
      mean((voxel) => Math.floor(voxel / (columns * rows))),
    ] as const;
    seeds.push({ side: centre[0] > (spine.x[Math.round(centre[2])] as number) ? 'left' : 'right', centre });
  }
  return seeds;
}
