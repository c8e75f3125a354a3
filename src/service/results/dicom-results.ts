import { LucencyError } from '../../core/errors.js';
import type { ResultObject } from '../../dicom/results/result-object.js';
import { resultObjects } from '../../dicom/results/result-objects.js';
import type { ReadingResult } from '../../radiograph/reader.js';
import { annotatedPixels } from '../../report/picture/annotate.js';

export interface DicomResultOptions {
  /** Version of Lucency, which stands in every object. */
  readonly version: string;
  /** When the reading was made. @default now */
  readonly createdAt?: Date;
}

/**
 * What was read of one radiograph as DICOM objects for the archive it came from: structured report, presentation state,
 * secondary capture. The same reading gives the same UIDs.
 *
 * @throws LUC_RESULT_NO_DICOM_SOURCE for pictures, LUC_RESULT_SOURCE_INCOMPLETE for files that lack a UID
 */
export async function dicomResults(
  { reading, radiograph, heatMaps }: ReadingResult,
  options: DicomResultOptions,
): Promise<ResultObject[]> {
  if (!radiograph.dicomHeader) {
    throw new LucencyError('LUC_RESULT_NO_DICOM_SOURCE', { path: reading.input });
  }
  const annotated = await annotatedPixels(radiograph, reading);
  return resultObjects({
    reading,
    source: radiograph.dicomHeader,
    heatMaps,
    pictures: [
      { ...annotated, description: 'Copy of the image with the findings of Lucency drawn on it (AI output)' },
    ],
    ...options,
  });
}
