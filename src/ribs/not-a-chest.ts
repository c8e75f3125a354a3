import { invert, transform } from '../core/affine.js';
import { LucencyError } from '../core/errors.js';
import type { Volume } from '../core/volume.js';
import type { RibLine } from '../core/volume-reading.js';
import type { RibMap } from './find-ribs.js';

// BodyPartExamined (PS3.16 annex L) of what shows no chest. What is not listed, or not stated, is judged by the image.
const otherParts = /HEAD|SKULL|BRAIN|KNEE|FOOT|ANKLE|HAND|WRIST|ELBOW|LEG|HIP/;

/** Fewer ribs beside lung than this are no chest. */
const leastRibs = 4;
/** A rib lies beside lung when this share of its points does. */
const besideShare = 0.3;
const insideMm = [9, 12, 15] as const;
const lungHu = -450;
// Outside of a body there is air, too; it is emptier than any lung but one with emphysema.
const airHu = -985;

/** Share of the points of a rib that have lung on their inner side. */
function besideLung(ct: Volume, rib: RibLine, chestCentre: readonly [number, number]): number {
  const toVoxel = invert(ct.affine);
  const [columns, rows, slices] = ct.size;
  let [beside, all] = [0, 0];
  for (let i = 0; i < rib.pointsMm.length; i += 5) {
    const [x, y, z] = rib.pointsMm[i] ?? [0, 0, 0];
    const away = Math.hypot(x - chestCentre[0], y - chestCentre[1]) || 1;
    const lung = insideMm.some((mm) => {
      const at = transform(toVoxel, [
        x - (mm * (x - chestCentre[0])) / away,
        y - (mm * (y - chestCentre[1])) / away,
        z,
      ]).map(Math.round) as [number, number, number];
      if (at[0] < 0 || at[1] < 0 || at[2] < 0 || at[0] >= columns || at[1] >= rows || at[2] >= slices)
        return false;
      const value = ct.voxels[at[0] + columns * (at[1] + rows * at[2])] as number;
      return value < lungHu && value > airHu;
    });
    all++;
    if (lung) beside++;
  }
  return all === 0 ? 0 : beside / all;
}

/**
 * The refusal of a study whose header or image says that it shows no chest; null for chests.
 * @param map null where there is not even a spine
 */
export function chestRefusal(ct: Volume, map: RibMap | null): LucencyError | null {
  const stated = ct.dicom?.bodyPartExamined?.toUpperCase() ?? '';
  if (otherParts.test(stated)) return new LucencyError('LUC_RIBS_BODY_PART', { bodyPart: stated });
  if (!map) return new LucencyError('LUC_RIBS_NOT_CHEST', { reason: 'no spine was found' });
  const beside = map.ribs.filter((rib) => besideLung(ct, rib, map.chestCentre) >= besideShare).length;
  if (beside >= leastRibs) return null;
  return new LucencyError('LUC_RIBS_NOT_CHEST', { reason: `${beside} rib(s) beside lung were found` });
}
