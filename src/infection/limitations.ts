import { largest } from '../core/extremes.js';
import { limitation } from '../core/limitation.js';
import type { Limitation } from '../core/reading.js';
import type { Volume } from '../core/volume.js';
import { spacingMm } from '../core/volume-geometry.js';
import { type CoarseCt, type RegionTensor, regionCells, regionSpacing } from './region-tensor.js';

// Only metal is as dense as this on the coarse grid, HU.
const metalHu = 2200;
/** More than this share of slices with metal is worth saying. */
const metalSlices = 0.25;
/** PET voxels longer than this blur what the network was taught to tell apart, mm. */
const coarsePetMm = 6;
/** Half of the cube, mm. */
const halfCube = (regionCells * regionSpacing) / 2;

function shareOfMetalSlices({ grid, hu }: CoarseCt): number {
  const [columns, rows, slices] = grid.size;
  const area = columns * rows;
  let found = 0;
  for (let z = 0; z < slices; z++) {
    if (hu.subarray(z * area, (z + 1) * area).some((value) => value > metalHu)) found++;
  }
  return found / slices;
}

/** Distance from the hottest voxel to the nearest end of the scanned limb along z, mm. */
function roomAlongLimb({ grid }: CoarseCt, z: number): number {
  const first = grid.affine[11];
  return Math.min(z - first, first + (grid.size[2] - 1) * regionSpacing - z);
}

/** What a doctor must know of this reading beside the answer. */
export function readingLimitations(coarse: CoarseCt, pet: Volume, { region }: RegionTensor): Limitation[] {
  const found = [limitation('LUC_INFECTION_SIMULATED')];
  const metal = shareOfMetalSlices(coarse);
  if (metal > metalSlices)
    found.push(limitation('LUC_INFECTION_METAL', { percent: Math.round(metal * 100) }));
  const room = roomAlongLimb(coarse, region.hottestMm[2]);
  if (room < halfCube / 2)
    found.push(limitation('LUC_INFECTION_EDGE', { room: Math.max(0, Math.round(room)) }));
  const longest = largest(spacingMm(pet));
  if (longest > coarsePetMm) found.push(limitation('LUC_INFECTION_COARSE_PET', { mm: longest.toFixed(1) }));
  return found;
}
