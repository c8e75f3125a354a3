import type { SpacingSource } from '../../core/radiograph.js';
import type { DataSet } from './data-set.js';
import type { FunctionalGroups } from './functional-groups.js';
import { tag } from './tags.js';

export interface StatedSpacing {
  /** `[row spacing, column spacing]` in mm. */
  readonly pixelSpacingMm: readonly [number, number] | null;
  readonly spacingSource: SpacingSource | null;
}

function pair(attributes: DataSet, tagValue: number): readonly [number, number] | null {
  const [row, column] = attributes.numbers(tagValue, 'DS');
  return row !== undefined && column !== undefined && row > 0 && column > 0 ? [row, column] : null;
}

/**
 * Pixel spacing of a projection image and what it means (PS3.3 10.7.1): Pixel Spacing lies in the patient only if it
 * differs from Imager Pixel Spacing or says how it was calibrated; equal values mean that nothing was corrected, so it
 * is the spacing at the detector.
 */
export function statedSpacing(dataSet: DataSet, groups: FunctionalGroups, frame: number): StatedSpacing {
  const patient = pair(groups(tag.PixelMeasuresSequence, frame), tag.PixelSpacing);
  const imager = pair(dataSet, tag.ImagerPixelSpacing);
  if (patient) {
    const same = imager !== null && imager[0] === patient[0] && imager[1] === patient[1];
    const corrected = !same || dataSet.text(tag.PixelSpacingCalibrationType) !== null;
    return { pixelSpacingMm: patient, spacingSource: corrected ? 'PixelSpacing' : 'ImagerPixelSpacing' };
  }
  return { pixelSpacingMm: imager, spacingSource: imager ? 'ImagerPixelSpacing' : null };
}
