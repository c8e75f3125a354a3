import { compose, invert, transform, type Vector3 } from '../core/affine.js';
import type { SuvMeasures } from '../core/reading.js';
import type { Volume, VoxelGrid } from '../core/volume.js';
import { type Box3d, spacingMm, voxelMl } from '../core/volume-geometry.js';

/** Part of SUVmax at which a region ends: 41 %, as the EANM procedure guideline 2.0 (Boellaard 2015) has it. */
export const isocontour = 0.41;
// Where uptake hardly rises above its surroundings the contour would run through the whole limb, mm.
const farthest = 60;
// Radius of a sphere of 1 ml, mm.
const peakRadius = Math.cbrt(3000 / (4 * Math.PI));

/** The region of highest uptake near bone or metal. */
export interface HottestRegion {
  readonly measures: SuvMeasures;
  /** Patient coordinates of the hottest voxel, mm. */
  readonly hottestMm: Vector3;
  /** Centre of the region's voxels, weighted with uptake, mm. */
  readonly centreMm: Vector3;
  /** Voxels of the PET that hold the region. */
  readonly petBox: Box3d;
}

/** Which voxels of the PET lie where a mask on another grid is set. */
function onPet(pet: VoxelGrid, grid: VoxelGrid, mask: Uint8Array, visit: (voxel: number) => void): void {
  const [columns, rows, slices] = pet.size;
  const map = compose(invert(grid.affine), pet.affine);
  const [nx, ny, nz] = grid.size;
  for (let z = 0, at = 0; z < slices; z++) {
    for (let y = 0; y < rows; y++) {
      const [u, v, w] = transform(map, [0, y, z]);
      for (let x = 0; x < columns; x++, at++) {
        const i = Math.round(u + map[0] * x);
        const j = Math.round(v + map[4] * x);
        const k = Math.round(w + map[8] * x);
        if (i < 0 || j < 0 || k < 0 || i >= nx || j >= ny || k >= nz) continue;
        if (mask[i + nx * (j + ny * k)] === 1) visit(at);
      }
    }
  }
}

function indexOf(at: number, [columns, rows]: Volume['size']): Vector3 {
  return [at % columns, Math.floor(at / columns) % rows, Math.floor(at / (columns * rows))];
}

/** Mean of the voxels whose centres lie within the sphere of 1 ml around a voxel; null where it leaves what is `allowed`. */
function sphereMean(pet: Volume, at: number, allowed: Uint8Array): number | null {
  const spacing = spacingMm(pet);
  const [cx, cy, cz] = indexOf(at, pet.size);
  const [columns, rows, slices] = pet.size;
  const reach = spacing.map((mm) => Math.floor(peakRadius / mm));
  const [rx = 0, ry = 0, rz = 0] = reach;
  if (cx < rx || cy < ry || cz < rz || cx + rx >= columns || cy + ry >= rows || cz + rz >= slices)
    return null;
  let sum = 0;
  let count = 0;
  for (let dz = -rz; dz <= rz; dz++) {
    for (let dy = -ry; dy <= ry; dy++) {
      for (let dx = -rx; dx <= rx; dx++) {
        if (Math.hypot(dx * spacing[0], dy * spacing[1], dz * spacing[2]) > peakRadius) continue;
        const voxel = cx + dx + columns * (cy + dy + rows * (cz + dz));
        if (allowed[voxel] !== 1) return null;
        sum += pet.voxels[voxel] as number;
        count++;
      }
    }
  }
  return sum / count;
}

/** The allowed voxels connected to `start` (by faces) at or above a threshold and within reach of it. */
function grow(pet: Volume, start: number, threshold: number, allowed: Uint8Array): number[] {
  const [columns, rows, slices] = pet.size;
  const spacing = spacingMm(pet);
  const [sx, sy, sz] = indexOf(start, pet.size);
  const seen = new Set([start]);
  const region: number[] = [];
  const stack = [start];
  for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
    region.push(at);
    const [x, y, z] = indexOf(at, pet.size);
    const neighbours = [
      x > 0 ? at - 1 : -1,
      x < columns - 1 ? at + 1 : -1,
      y > 0 ? at - columns : -1,
      y < rows - 1 ? at + columns : -1,
      z > 0 ? at - columns * rows : -1,
      z < slices - 1 ? at + columns * rows : -1,
    ];
    for (const next of neighbours) {
      if (next < 0 || allowed[next] !== 1 || seen.has(next) || (pet.voxels[next] as number) < threshold)
        continue;
      const [nx, ny, nz] = indexOf(next, pet.size);
      const away = Math.hypot((nx - sx) * spacing[0], (ny - sy) * spacing[1], (nz - sz) * spacing[2]);
      if (away > farthest) continue;
      seen.add(next);
      stack.push(next);
    }
  }
  return region;
}

/**
 * The hottest region of a PET near bone or metal, measured on the voxels of the PET itself: SUVmax of one voxel, SUVpeak
 * of a 1 ml sphere around a voxel of the region, SUVmean and volume within 41 % of SUVmax. What is farther from bone does
 * not count, however hot: a lesion of soft tissue that touches the zone is cut at its border.
 *
 * @param near where to look, on `grid`
 * @returns null where nothing near bone takes up at all
 */
export function hottestRegion(pet: Volume, grid: VoxelGrid, near: Uint8Array): HottestRegion | null {
  let hottest = -1;
  let suvMax = 0;
  const nearVoxels = new Uint8Array(pet.voxels.length);
  onPet(pet, grid, near, (at) => {
    nearVoxels[at] = 1;
    const value = pet.voxels[at] as number;
    if (value > suvMax) {
      suvMax = value;
      hottest = at;
    }
  });
  if (hottest < 0) return null;
  const threshold = isocontour * suvMax;
  const region = grow(pet, hottest, threshold, nearVoxels);
  let sum = 0;
  let suvPeak = 0;
  const weighted: [number, number, number] = [0, 0, 0];
  const low: [number, number, number] = [1e9, 1e9, 1e9];
  const high: [number, number, number] = [-1, -1, -1];
  for (const at of region) {
    const value = pet.voxels[at] as number;
    sum += value;
    const index = indexOf(at, pet.size);
    for (let axis = 0; axis < 3; axis++) {
      const i = index[axis] as number;
      weighted[axis] = (weighted[axis] as number) + i * value;
      low[axis] = Math.min(low[axis] as number, i);
      high[axis] = Math.max(high[axis] as number, i);
    }
    // A sphere whose centre is cooler than this cannot be the hottest.
    if (value > 0.6 * suvMax) suvPeak = Math.max(suvPeak, sphereMean(pet, at, nearVoxels) ?? 0);
  }
  return {
    measures: {
      suvMax,
      // At the very edge of the zone no sphere fits; the mean of the region stands in.
      suvPeak: suvPeak > 0 ? suvPeak : sum / region.length,
      suvMean: sum / region.length,
      metabolicVolumeMl: region.length * voxelMl(pet),
      thresholdSuv: threshold,
    },
    hottestMm: transform(pet.affine, indexOf(hottest, pet.size)),
    centreMm: transform(pet.affine, [weighted[0] / sum, weighted[1] / sum, weighted[2] / sum]),
    petBox: [low[0], low[1], low[2], high[0] - low[0] + 1, high[1] - low[1] + 1, high[2] - low[2] + 1],
  };
}
