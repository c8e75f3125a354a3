import { stepsOf } from '../../core/affine.js';
import { type VoxelGrid, voxelCount } from '../../core/volume.js';
import type { Random } from '../random.js';
import type { LimbBackground } from './limb-background.js';
import type { LimbField } from './limb-field.js';
import { gridOver } from './render-ct.js';
import type { ScannerSettings } from './scanner.js';
import { smooth } from './smooth.js';

// Grid on which uptake is laid out before it is blurred, mm.
const fineSpacing = 3;
const fwhmPerSigma = 2.3548;
// The SUVmax of a case is that of the surroundings of bone and metal.
const nearBoneMm = 22;

/** Uptake of a limb as PET shows it, before the strength of its lesions is chosen; all on the grid of the PET. */
export interface PetParts {
  readonly grid: VoxelGrid;
  readonly background: Float32Array;
  /** Uptake of lesions, healing and all else that was added, in units of the case. */
  readonly added: Float32Array;
  /** The share of it that belongs to infection, before any blur. */
  readonly infected: Float32Array;
  /** 1 near bone or metal. */
  readonly near: Uint8Array;
  /** Noise of unit standard deviation. */
  readonly noise: Float32Array;
  readonly noisyBackground: boolean;
}

/** Values of the fine grid on the grid of the PET, which starts at the same corner; linear. */
function onto({ size: [nx, ny, nz] }: VoxelGrid, values: Float32Array, grid: VoxelGrid): Float32Array {
  const [columns, rows, slices] = grid.size;
  const result = new Float32Array(voxelCount(grid.size));
  const [[sx], [, sy], [, , sz]] = stepsOf(grid.affine);
  const plane = nx * ny;
  let at = 0;
  for (let z = 0; z < slices; z++) {
    const w = Math.min((z * sz) / fineSpacing, nz - 1.001);
    const k = w | 0;
    const fw = w - k;
    for (let y = 0; y < rows; y++) {
      const v = Math.min((y * sy) / fineSpacing, ny - 1.001);
      const j = v | 0;
      const fv = v - j;
      for (let x = 0; x < columns; x++) {
        const u = Math.min((x * sx) / fineSpacing, nx - 1.001);
        const i = u | 0;
        const fu = u - i;
        const corner = i + nx * j + plane * k;
        const row = (c: number) => {
          const a = values[c] as number;
          return a + ((values[c + 1] as number) - a) * fu;
        };
        const near = row(corner) * (1 - fv) + row(corner + nx) * fv;
        const far = row(corner + plane) * (1 - fv) + row(corner + plane + nx) * fv;
        result[at++] = near + (far - near) * fw;
      }
    }
  }
  return result;
}

/** Lays out, blurs and samples the uptake of a limb over a box. */
export function renderPet(
  field: LimbField,
  background: LimbBackground,
  min: readonly [number, number, number],
  max: readonly [number, number, number],
  settings: ScannerSettings['pet'],
  r: Random,
): PetParts {
  const fine = gridOver(min, max, fineSpacing, fineSpacing);
  const grid = gridOver(min, max, settings.spacing, settings.slice);
  const count = voxelCount(fine.size);
  const base = new Float32Array(count);
  const added = new Float32Array(count);
  const infected = new Float32Array(count);
  const near = new Float32Array(count);
  const metal = new Float32Array(count);
  const [mx, my, mz] = settings.shift;
  const [nx, ny, nz] = fine.size;
  for (let z = 0, at = 0; z < nz; z++) {
    for (let y = 0; y < ny; y++) {
      for (let x = 0; x < nx; x++, at++) {
        const px = min[0] + x * fineSpacing - mx;
        const py = min[1] + y * fineSpacing - my;
        const pz = min[2] + z * fineSpacing - mz;
        added[at] = field.addedUptake(px, py, pz);
        infected[at] = field.infectedUptake;
        near[at] = field.isNearBone(nearBoneMm) ? 1 : 0;
        metal[at] = field.besideMetal ? 1 : 0;
        if (!background.real) base[at] = background.uptake(px, py, pz);
      }
    }
  }
  const sigma = settings.fwhm / fwhmPerSigma / fineSpacing;
  const blur = [sigma, sigma, sigma] as const;
  smooth(added, fine.size, blur);
  if (!background.real) smooth(base, fine.size, blur);
  smooth(metal, fine.size, [2, 2, 2]);

  const baseOnGrid = onto(fine, base, grid);
  const addedOnGrid = onto(fine, added, grid);
  const gain = onto(fine, metal, grid);
  const nearShare = onto(fine, near, grid);
  const nearOnGrid = new Uint8Array(nearShare.length);
  const [columns, rows, slices] = grid.size;
  let at = 0;
  for (let z = 0; z < slices; z++) {
    for (let y = 0; y < rows; y++) {
      for (let x = 0; x < columns; x++, at++) {
        if (background.real) {
          baseOnGrid[at] = background.uptake(
            min[0] + x * settings.spacing,
            min[1] + y * settings.spacing,
            min[2] + z * settings.slice,
          );
        }
        nearOnGrid[at] = (nearShare[at] as number) > 0.5 ? 1 : 0;
        const factor = 1 + settings.metalGain * (gain[at] as number);
        baseOnGrid[at] = (baseOnGrid[at] as number) * factor;
        addedOnGrid[at] = (addedOnGrid[at] as number) * factor;
      }
    }
  }
  const noise = new Float32Array(voxelCount(grid.size));
  for (let i = 0; i < noise.length; i++) noise[i] = r.normal();
  const grainSigma = (0.8 * settings.fwhm) / fwhmPerSigma;
  smooth(noise, grid.size, [
    grainSigma / settings.spacing,
    grainSigma / settings.spacing,
    grainSigma / settings.slice,
  ]);
  const spread = Math.sqrt(noise.reduce((sum, v) => sum + v * v, 0) / noise.length);
  for (let i = 0; i < noise.length; i++) noise[i] = (noise[i] as number) / spread;
  return {
    grid,
    background: baseOnGrid,
    added: addedOnGrid,
    infected: onto(fine, infected, grid),
    near: nearOnGrid,
    noise,
    noisyBackground: background.real,
  };
}

function suvAt(parts: PetParts, i: number, strength: number, noise: number): number {
  const background = parts.background[i] as number;
  const added = strength * (parts.added[i] as number);
  // Counts follow Poisson's law: the noise grows with the root of the uptake.
  const noisy = parts.noisyBackground ? added : background + added;
  return Math.max(
    0,
    background + added + noise * (parts.noise[i] as number) * Math.sqrt(Math.max(noisy, 0.02)),
  );
}

/** Highest SUV of some voxels at a strength of the lesions. */
function highest(parts: PetParts, voxels: readonly number[], strength: number, noise: number): number {
  let most = 0;
  for (const i of voxels) {
    const suv = suvAt(parts, i, strength, noise);
    if (suv > most) most = suv;
  }
  return most;
}

/**
 * The PET whose highest SUV near bone is `suvMax`, by the strength of all that was added; where the background alone
 * is higher, what was added stays faint.
 */
export function petWithSuvMax(
  parts: PetParts,
  suvMax: number,
  noise: number,
): { suv: Float32Array; strength: number; suvMax: number } {
  const near: number[] = [];
  for (let i = 0; i < parts.near.length; i++) if (parts.near[i] === 1) near.push(i);
  let low = 0.2;
  let high = 60;
  for (let step = 0; step < 18; step++) {
    const middle = (low + high) / 2;
    if (highest(parts, near, middle, noise) < suvMax) low = middle;
    else high = middle;
  }
  const suv = new Float32Array(parts.background.length);
  for (let i = 0; i < suv.length; i++) suv[i] = suvAt(parts, i, low, noise);
  return { suv, strength: low, suvMax: highest(parts, near, low, noise) };
}
