import type { Vec3 } from '../geometry/vector.js';
import { Random } from '../random.js';

/** Voxels along a side of the repeating block, and their size in mm. */
const blockSide = 128;
const sideMask = blockSide - 1;
const voxelMm = 0.3;
/** Share of the spongiosa that is too fine to be seen and only adds to its density. */
const evenShare = 0.4;

/**
 * A repeating block of spongiosa: relative bone density, mean 1, made of thin rods and struts, most of them along
 * the limb (y) as trabeculae under load are, with fewer across. Read by `trabecularDensity`.
 */
export interface Spongiosa {
  readonly values: Float32Array;
  /** Where in the block this limb begins, mm: 0 to the length of the block. */
  readonly shift: Vec3;
}

/** Grows the block: rods of 1.5 to 9 mm, about one for every two cubic millimetres, denser along the load. */
function growBlock(random: Random): Float32Array {
  const values = new Float32Array(blockSide ** 3);
  const rods = 30_000;
  let total = 0;
  for (let n = 0; n < rods; n++) {
    const loaded = random.chance(0.68);
    const turnAngle = random.between(0, 2 * Math.PI);
    const lean = loaded ? Math.abs(random.normal()) * 0.22 : Math.PI / 2 - Math.abs(random.normal()) * 0.25;
    const dx = Math.sin(lean) * Math.cos(turnAngle);
    const dy = Math.cos(lean);
    const dz = Math.sin(lean) * Math.sin(turnAngle);
    const steps = Math.round((loaded ? random.between(3, 9) : random.between(1.5, 3.5)) / voxelMm);
    const weight = (loaded ? 1 : 0.6) * random.between(0.4, 1.6);
    let x = random.between(0, blockSide);
    let y = random.between(0, blockSide);
    let z = random.between(0, blockSide);
    for (let s = 0; s < steps; s++) {
      const at = ((x & sideMask) * blockSide + (y & sideMask)) * blockSide + (z & sideMask);
      values[at] = (values[at] as number) + weight;
      total += weight;
      x += dx;
      y += dy;
      z += dz;
    }
  }
  const mean = total / values.length;
  for (let i = 0; i < values.length; i++)
    values[i] = evenShare + ((1 - evenShare) * (values[i] as number)) / mean;
  return values;
}

/** The block is the same for every limb (growing it takes longer than a bone); each limb begins elsewhere in it. */
let block: Float32Array | null = null;

export function spongiosaFor(random: Random): Spongiosa {
  block ??= growBlock(new Random('spongiosa'));
  const shift = () => random.between(0, blockSide * voxelMm);
  return { values: block, shift: [shift(), shift(), shift()] };
}

/** Relative bone density at a point of a bone, mm. */
export function trabecularDensity({ values, shift }: Spongiosa, x: number, y: number, z: number): number {
  // The added blocks keep the whole limb at positive numbers, where truncation is the floor.
  const i = ((x + shift[0]) / voxelMm + 100 * blockSide) & sideMask;
  const j = ((y + shift[1]) / voxelMm + 100 * blockSide) & sideMask;
  const k = ((z + shift[2]) / voxelMm + 100 * blockSide) & sideMask;
  return values[(i * blockSide + j) * blockSide + k] as number;
}
