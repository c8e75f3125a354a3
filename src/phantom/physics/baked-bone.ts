import type { Bone } from '../anatomy/bone.js';
import { bake, type DistanceGrid, normaliseDistances } from '../geometry/distance-grid.js';
import { noise3 } from '../geometry/noise.js';
import { type ProfileTable, readTable, tabulate } from '../geometry/profile.js';
import type { Bounds } from '../geometry/vector.js';

/** A bone sampled for tracing, in its own frame. */
export interface BakedBone {
  readonly outer: DistanceGrid;
  /** Thickness of the cortex there, mm: the medulla begins that far below the outer surface. */
  readonly cortex: DistanceGrid;
  /** Bone volume fraction of the medulla by y. */
  readonly spongiosa: ProfileTable;
}

/** Bones are nowhere smooth: waves of the surface in mm, and of the thickness of the cortex as a share of it. */
const surfaceWave = { amplitude: 0.22, size: 7 };
const cortexWave = { share: 0.16, size: 8, stretch: 3 };
/** Distances are made true this far from the surface; the thickest cortex is 9 mm. */
const normalisedMm = 9;
/** Deeper than this all is medulla, whatever the thickness of the cortex. */
const medullaDepthMm = 11;

/** Samples the part of a bone that lies inside `within` (its own frame); null when nothing does. */
export function bakeBone(bone: Bone, within: Bounds, spacing: number, seed: number): BakedBone | null {
  const low = (i: 0 | 1 | 2) => Math.max(bone.bounds.min[i], within.min[i]);
  const high = (i: 0 | 1 | 2) => Math.min(bone.bounds.max[i], within.max[i]);
  const bounds: Bounds = { min: [low(0), low(1), low(2)], max: [high(0), high(1), high(2)] };
  if (bounds.min.some((from, i) => (bounds.max[i] as number) - from < spacing)) return null;
  const outer = normaliseDistances(bake(bone.field, bounds, spacing), normalisedMm);
  const thickness = tabulate(bone.cortex, bounds.min[1], bounds.max[1], 0.5);
  const cortex = new Float32Array(outer.values.length);
  const [nx, ny, nz] = outer.size;
  for (let i = 0, at = 0; i < nx; i++) {
    for (let j = 0; j < ny; j++) {
      for (let k = 0; k < nz; k++, at++) {
        const distance = outer.values[at] as number;
        if (distance > spacing || distance < -medullaDepthMm) continue;
        const [x, y, z] = outer.point(i, j, k);
        if (distance > -1.5) {
          const { amplitude, size } = surfaceWave;
          outer.values[at] = distance + amplitude * noise3(seed, x / size, y / size, z / size);
        }
        const { share, size, stretch } = cortexWave;
        const wave = noise3(seed + 1, x / size, y / (size * stretch), z / size);
        cortex[at] = readTable(thickness, y) * (1 + share * wave);
      }
    }
  }
  return {
    outer,
    cortex: outer.sibling(cortex),
    spongiosa: tabulate(bone.spongiosa, bounds.min[1], bounds.max[1], 0.5),
  };
}

/** Distance between the lattice points of a bone, mm: fine for small bones and for fine images. */
export function latticeSpacing({ bounds }: Bone, pixelMm: number): number {
  const longest = Math.max(
    bounds.max[0] - bounds.min[0],
    bounds.max[1] - bounds.min[1],
    bounds.max[2] - bounds.min[2],
  );
  const fine = longest > 100 ? 0.85 : longest > 40 ? 0.65 : 0.5;
  return Math.max(fine, pixelMm * 2);
}
