import { transform } from '../core/affine.js';
import type { Volume } from '../core/volume.js';
import type { RibLine } from '../core/volume-reading.js';
import { coarsen } from './coarse-volume.js';
import { findSpine } from './find-spine.js';
import { type NumberedRibs, numberRibs } from './number-ribs.js';
import { findRibBone } from './rib-bone.js';
import { ribLines } from './rib-lines.js';
import { resampleLine, sampleMm } from './straighten.js';

/** The middle of the chest lies about this far before the middle of the spine, mm. */
const chestBeforeSpineMm = 72;

export interface RibMap {
  /** Ribs from the head down; points `sampleMm` apart. */
  readonly ribs: readonly RibLine[];
  readonly countedFrom: NumberedRibs['countedFrom'];
  readonly conflict: boolean;
  /** A point in the middle of the chest, patient x and y, mm. */
  readonly chestCentre: readonly [number, number];
  /** Share of the slices that show the spine. */
  readonly spineCoverage: number;
  /** Air-filled lung in the scan, ml. */
  readonly lungMl: number;
}

/**
 * Finds, follows and numbers the ribs of a CT. Null where there is no spine.
 * @param ct HU, in patient order (`inPatientOrder`), axial
 */
export function findRibs(ct: Volume): RibMap | null {
  const coarse = coarsen(ct);
  const spine = findSpine(coarse);
  if (!spine) return null;
  const found = ribLines(findRibBone(coarse, spine), coarse);
  const slices = coarse.size[2];
  const heightAt = (z: number) => transform(coarse.affine, [0, 0, z])[2];
  const numbered = numberRibs(found, heightAt(slices - 1), heightAt(0));
  const middle = Math.floor(slices / 2);
  const [x, y] = transform(coarse.affine, [spine.x[middle] ?? 0, spine.y[middle] ?? 0, middle]);
  const voxelMl = (coarse.spacing[0] * coarse.spacing[1] * coarse.spacing[2]) / 1000;
  let lung = 0;
  for (let i = 0; i < coarse.hu.length; i++) {
    const value = coarse.hu[i] as number;
    if (value < -650 && value > -940) lung++;
  }
  return {
    ribs: numbered.ribs.map(({ side, number, pointsMm }) => ({
      side,
      number,
      pointsMm: resampleLine(pointsMm, sampleMm),
    })),
    countedFrom: numbered.countedFrom,
    conflict: numbered.conflict,
    chestCentre: [x, y - chestBeforeSpineMm],
    spineCoverage: spine.coverage,
    lungMl: lung * voxelMl,
  };
}
