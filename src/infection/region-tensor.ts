import type { Volume, VoxelGrid } from '../core/volume.js';
import { boneMask, within } from './bone-mask.js';
import { blockMeans, cubeAround, gridOver, outsideHu, valuesOn } from './coarse-volume.js';
import { type HottestRegion, hottestRegion } from './hottest-region.js';

/** Cells along each side of what the network sees, and their size, mm. */
export const regionCells = 40;
export const regionSpacing = 3.5;
/** Uptake is looked for this near to bone or metal, mm. */
export const searchReachMm = 22;

/** What the network sees of a study. */
export interface RegionTensor {
  /** `[2, z, y, x]`: attenuation in HU, then SUVbw; 40 cells of 3.5 mm per side, upright, around the hottest voxel. */
  readonly data: Float32Array<ArrayBuffer>;
  readonly grid: VoxelGrid;
  readonly region: HottestRegion;
}

/** CT on the grid that bone is looked for on, once for all who ask. */
export interface CoarseCt {
  readonly means: Volume;
  readonly grid: VoxelGrid;
  readonly hu: Float32Array;
}

export function coarseCt(ct: Volume): CoarseCt {
  const means = blockMeans(ct, regionSpacing);
  const grid = gridOver(means, regionSpacing);
  return { means, grid, hu: valuesOn(means, grid, outsideHu) };
}

/**
 * Finds the hottest uptake near bone or metal and cuts both volumes around it.
 * @returns null where there is no bone, or nothing near it takes up
 */
export function regionTensor({ means, grid, hu }: CoarseCt, pet: Volume): RegionTensor | null {
  const near = within(boneMask(hu, grid, regionSpacing), grid, regionSpacing, searchReachMm);
  const region = hottestRegion(pet, grid, near);
  if (!region) return null;
  const cube = cubeAround(region.hottestMm, regionCells, regionSpacing);
  const cells = regionCells ** 3;
  const data = new Float32Array(2 * cells);
  data.set(valuesOn(means, cube, outsideHu), 0);
  data.set(valuesOn(blockMeans(pet, regionSpacing), cube, 0), cells);
  return { data, grid: cube, region };
}
