import { LucencyError } from '../../core/errors.js';
import type { HeatMap } from '../../core/heat-map.js';
import { heatMapTitle } from '../../core/heat-map-words.js';
import type { Radiograph } from '../../core/radiograph.js';
import type { ResultObject } from '../../dicom/results/result-object.js';
import { type DescribedPicture, resultObjects } from '../../dicom/results/result-objects.js';
import type { RadiographResult } from '../../radiograph/frame-reader.js';
import { annotatedPixels } from '../../report/picture/annotate.js';
import { heatMapBase, heatMapPixelsOver } from '../../report/picture/heat-map.js';

export interface DicomResultOptions {
  /** Version of Lucency, which stands in every object. */
  readonly version: string;
  /** When the reading was made. @default as the reading says, else now */
  readonly createdAt?: Date;
}

/** Heat maps over the image, reduced as they hold no detail: many viewers show no fractional segmentation. */
async function heatMapPictures(
  radiograph: Radiograph,
  heatMaps: readonly HeatMap[],
): Promise<DescribedPicture[]> {
  if (heatMaps.length === 0) return [];
  const base = await heatMapBase(radiograph);
  const pictures: DescribedPicture[] = [];
  for (const map of heatMaps) {
    const drawn = await heatMapPixelsOver(base, map);
    pictures.push({ ...drawn, description: `Heat map over the image (AI output): ${heatMapTitle(map)}` });
  }
  return pictures;
}

/**
 * What was read of one radiograph as DICOM objects for the archive it came from: structured report, presentation state,
 * secondary capture. The same reading gives the same UIDs.
 *
 * @throws LUC_RESULT_NO_DICOM_SOURCE for pictures, LUC_RESULT_SOURCE_INCOMPLETE for files that lack a UID
 */
export async function dicomResults(
  { reading, radiograph, heatMaps }: RadiographResult,
  options: DicomResultOptions,
): Promise<ResultObject[]> {
  if (!radiograph.dicomHeader) {
    throw new LucencyError('LUC_RESULT_NO_DICOM_SOURCE', { path: reading.input });
  }
  const annotated = await annotatedPixels(radiograph, reading);
  const maps = await heatMapPictures(radiograph, heatMaps);
  return resultObjects({
    reading,
    source: radiograph.dicomHeader,
    heatMaps,
    pictures: [
      { ...annotated, description: 'Copy of the image with the findings of Lucency drawn on it (AI output)' },
      ...maps,
    ],
    ...options,
  });
}
