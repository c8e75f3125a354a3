import { affineOf, originOf, stepsOf } from '../../core/affine.js';
import { type Volume, type VoxelGrid, voxelCount } from '../../core/volume.js';
import type { Random } from '../random.js';
import type { LimbField } from './limb-field.js';
import { metalStreaks } from './metal-artefact.js';
import type { ScannerSettings } from './scanner.js';

const lowest = -1024;

/** An upright grid of voxels over a box in patient coordinates. */
export function gridOver(
  min: readonly [number, number, number],
  max: readonly [number, number, number],
  spacing: number,
  slice: number,
): VoxelGrid {
  const count = (i: 0 | 1 | 2, step: number) => Math.max(2, Math.floor((max[i] - min[i]) / step) + 1);
  return {
    size: [count(0, spacing), count(1, spacing), count(2, slice)],
    affine: affineOf([spacing, 0, 0], [0, spacing, 0], [0, 0, slice], min),
  };
}

/** Noise of a slice with the grain of a smooth kernel, unit standard deviation. */
function grain(columns: number, rows: number, r: Random): Float32Array {
  const white = new Float32Array(columns * rows);
  for (let at = 0; at < white.length; at++) white[at] = r.normal();
  const soft = new Float32Array(columns * rows);
  for (let y = 1; y < rows - 1; y++) {
    for (let x = 1; x < columns - 1; x++) {
      const at = y * columns + x;
      const cross =
        (white[at - 1] as number) +
        (white[at + 1] as number) +
        (white[at - columns] as number) +
        (white[at + columns] as number);
      // 1 / sqrt(1 + 4 * 0.5^2) keeps the standard deviation.
      soft[at] = ((white[at] as number) + 0.5 * cross) * Math.SQRT1_2;
    }
  }
  return soft;
}

/**
 * The CT of a limb: attenuation, noise, metal streaks, cut at the end of the scale.
 * @param noisy false where the background is a real scan, whose noise is there already
 */
export function renderCt(
  field: LimbField,
  grid: VoxelGrid,
  settings: ScannerSettings['ct'],
  metal: 'titanium' | 'steel',
  noisy: boolean,
  r: Random,
): Pick<Volume, 'size' | 'affine' | 'voxels'> {
  const [columns, rows, slices] = grid.size;
  const [ox, oy, oz] = originOf(grid.affine);
  const [[stepX], [, stepY], [, , stepZ]] = stepsOf(grid.affine);
  const voxels = new Int16Array(voxelCount(grid.size));
  const plane = columns * rows;
  const hu = new Float32Array(plane);
  const share = new Float32Array(plane);
  const angles = Math.min(180, Math.max(48, Math.round(columns * 0.75)));
  for (let z = 0; z < slices; z++) {
    for (let y = 0, at = 0; y < rows; y++) {
      for (let x = 0; x < columns; x++, at++) {
        hu[at] = field.attenuation(ox + x * stepX, oy + y * stepY, oz + z * stepZ);
        share[at] = field.metalShare;
      }
    }
    const streaks = metalStreaks(
      { columns, rows, spacing: stepX, hu, metal: share },
      metal,
      settings.artefact,
      angles,
      r,
    );
    const noise = noisy ? grain(columns, rows, r) : null;
    const start = z * plane;
    for (let at = 0; at < plane; at++) {
      const value =
        (hu[at] as number) +
        (streaks ? (streaks[at] as number) : 0) +
        (noise ? (noise[at] as number) * settings.noise : 0);
      voxels[start + at] = Math.round(Math.max(lowest, Math.min(settings.highest, value)));
    }
  }
  return { ...grid, voxels };
}
