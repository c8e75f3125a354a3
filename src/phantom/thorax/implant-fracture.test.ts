import { describe, expect, it } from 'vitest';
import { samplePatient } from '../../core/resample.js';
import { Random } from '../random.js';
import { chestVolume } from './chest-volume.js';
import { drawChestScan } from './draw-chest-scan.js';
import { implantFracture } from './implant-fracture.js';
import { drawShape } from './rib-fracture.js';
import { ribTruths } from './rib-truth.js';

describe('a fracture implanted into a CT', () => {
  const scan = drawChestScan({
    seed: 9,
    fractures: 0,
    matrix: 200,
    settings: { sliceMm: 2, intervalMm: 2, motionMm: 0, metalParts: 0, noiseHu: 5 },
  });
  const ct = chestVolume(scan);
  const rib = ribTruths(scan).find(({ side, number }) => side === 'left' && number === 6);
  const pointsMm = rib?.pointsMm ?? [];
  const alongMm = 110;
  const place = pointsMm[Math.round(alongMm / 2.5)] ?? [0, 0, 0];
  const chestCentre = [0, place[1]] as const;
  const around = (volume: typeof ct, radius: number): number => {
    let sum = 0;
    for (let x = -radius; x <= radius; x += 1.5) {
      for (let y = -radius; y <= radius; y += 1.5) {
        for (let z = -radius; z <= radius; z += 1.5) {
          const hu = samplePatient(volume, [place[0] + x, place[1] + y, place[2] + z], -1024);
          sum += Math.max(0, hu - 150);
        }
      }
    }
    return sum;
  };

  it('opens bone when fresh, adds bone when old, and changes nothing far away', () => {
    const fresh = implantFracture(ct, {
      pointsMm,
      chestCentre,
      alongMm,
      shape: { ...drawShape('displaced', 'fresh', new Random(1)), gapMm: 2.5 },
    });
    const old = implantFracture(ct, {
      pointsMm,
      chestCentre,
      alongMm,
      shape: { ...drawShape('nondisplaced', 'old', new Random(2)), callusMm: 3 },
    });
    expect(around(fresh, 4)).toBeLessThan(0.9 * around(ct, 4));
    expect(around(old, 9)).toBeGreaterThan(1.1 * around(ct, 9));
    let far = 0;
    for (let i = 0; i < ct.voxels.length; i += 101) {
      const z = Math.floor(i / (ct.size[0] * ct.size[1])) * 2 + scan.grid.origin[2];
      if (Math.abs(z - place[2]) > 80 && ct.voxels[i] !== fresh.voxels[i]) far++;
    }
    expect(far).toBe(0);
  });
});
