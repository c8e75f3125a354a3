import { largest } from '../core/extremes.js';
import { limitation } from '../core/limitation.js';
import type { Limitation } from '../core/reading.js';
import type { Volume } from '../core/volume.js';
import { spacingMm } from '../core/volume-geometry.js';
import type { RibMap } from './find-ribs.js';
import type { StraightRib } from './straighten.js';

/** Nothing but metal is as dense, HU. */
const metalHu = 2600;
/** Share of the samples around ribs that are metal or cut off above which a doctor should know. */
const metalShare = 0.002;
/** Distance of slices above which thin fractures may be missed, mm. */
const thickMm = 2;
const allRibs = 24;

function shareOfMetal(ribs: readonly StraightRib[]): number {
  let [metal, all] = [0, 0];
  for (const { hu } of ribs) {
    for (let i = 0; i < hu.length; i += 3) if ((hu[i] as number) > metalHu) metal++;
    all += hu.length / 3;
  }
  return all === 0 ? 0 : metal / all;
}

/** What a doctor must know of this reading beside the findings. */
export function ribLimitations(ct: Volume, map: RibMap, straight: readonly StraightRib[]): Limitation[] {
  const found = [limitation('LUC_RIBS_SIMULATED')];
  const numbered = map.ribs.filter(({ number }) => number !== null).length;
  if (map.ribs.length < allRibs) found.push(limitation('LUC_RIBS_INCOMPLETE', { found: map.ribs.length }));
  if (numbered < map.ribs.length) {
    found.push(
      limitation('LUC_RIBS_UNNUMBERED', { count: map.ribs.length - numbered, found: map.ribs.length }),
    );
  }
  if (map.conflict) found.push(limitation('LUC_RIBS_COUNT'));
  const thickness = largest(spacingMm(ct));
  if (thickness > thickMm) found.push(limitation('LUC_RIBS_THICK_SLICES', { mm: thickness.toFixed(1) }));
  if (shareOfMetal(straight) > metalShare) found.push(limitation('LUC_RIBS_METAL'));
  return found;
}
