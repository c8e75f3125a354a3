import { describe, expect, it } from 'vitest';
import { affineOf } from '../core/affine.js';
import type { Volume } from '../core/volume.js';
import { findRibs } from './find-ribs.js';
import { chestRefusal } from './not-a-chest.js';

function volume(
  size: readonly [number, number, number],
  spacing: number,
  hu: (x: number, y: number, z: number) => number,
): Volume {
  const voxels = new Int16Array(size[0] * size[1] * size[2]);
  let at = 0;
  for (let z = 0; z < size[2]; z++) {
    for (let y = 0; y < size[1]; y++) {
      for (let x = 0; x < size[0]; x++) voxels[at++] = hu(x * spacing, y * spacing, z * spacing);
    }
  }
  return {
    size,
    affine: affineOf([spacing, 0, 0], [0, spacing, 0], [0, 0, spacing], [0, 0, 0]),
    modality: 'CT',
    unit: 'HU',
    voxels,
    paddingValue: null,
    slices: [],
    dicom: null,
  };
}

const spineX = 160;
const spineY = 180;

/** Rings of bone that leave a column of bone: rib k starts at height `heads[k]` and reaches around lungs. */
function cage(heads: readonly number[], reach: (rib: number) => number, height: number): Volume {
  return volume([160, 130, Math.round(height / 2)], 2, (x, y, z) => {
    const body = Math.hypot((x - spineX) / 150, (y - 130) / 115) < 1;
    if (!body) return -1000;
    if (Math.hypot(x - spineX, y - spineY) < 20) return 400;
    const rib = heads.findIndex((head, k) => {
      const radius = reach(k);
      const [dx, dy] = [Math.abs(x - spineX) - 34, y - spineY + radius];
      const distance = Math.hypot(dx, dy);
      const angle = Math.atan2(dx, dy);
      const inArc = dx > -5 && angle > -0.2 && angle < 2.4;
      const fall = 14 * angle;
      return inArc && Math.hypot(distance - radius, z - (head - fall)) < 6;
    });
    if (rib >= 0) return 500;
    return Math.hypot((x - spineX) / 120, (y - 120) / 85) < 1 ? -850 : 50;
  });
}

const heads = Array.from({ length: 12 }, (_, k) => 330 - 24 * k);
const reaches = (k: number) => [26, 44, 54, 60, 64, 66, 66, 66, 62, 56, 44, 30][k] ?? 50;

describe('findRibs', () => {
  it('finds, follows and numbers the ribs of a whole cage', () => {
    const map = findRibs(cage(heads, reaches, 380));
    expect(map?.ribs).toHaveLength(24);
    expect(map?.countedFrom).toBe('both');
    for (const side of ['left', 'right'] as const) {
      const numbers = map?.ribs.filter((rib) => rib.side === side).map(({ number }) => number);
      expect(numbers).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    }
    for (const { side, pointsMm } of map?.ribs ?? []) {
      expect(pointsMm.every(([x]) => x > spineX === (side === 'left'))).toBe(true);
    }
  });

  it('gives no number where neither the first nor the last rib is in the scan', () => {
    const shown = heads.slice(3, 9).map((z) => z - 120);
    const map = findRibs(cage(shown, (k) => reaches(k + 3), 150));
    expect(map?.ribs.length).toBeGreaterThanOrEqual(8);
    expect(map?.countedFrom).toBe('none');
    expect(map?.ribs.every(({ number }) => number === null)).toBe(true);
  });

  it('refuses what has ribs but no lung beside them, and what has no spine', () => {
    const chest = cage(heads, reaches, 380);
    expect(chestRefusal(chest, findRibs(chest))).toBeNull();
    const filled = {
      ...chest,
      voxels: (chest.voxels as Int16Array).map((hu) => (hu < -500 && hu > -900 ? 40 : hu)),
    };
    expect(chestRefusal(filled, findRibs(filled))?.code).toBe('LUC_RIBS_NOT_CHEST');
    const head = volume([110, 110, 90], 2, (x, y, z) => {
      const r = Math.hypot(x - 110, y - 110, z - 90);
      return r > 85 ? -1000 : r > 75 ? 900 : 35;
    });
    expect(chestRefusal(head, findRibs(head))?.code).toMatch(/^LUC_RIBS_/);
    const stated = { ...chest, dicom: { bodyPartExamined: 'HEAD' } };
    expect(chestRefusal(stated, findRibs(stated))?.code).toBe('LUC_RIBS_BODY_PART');
  });
});
