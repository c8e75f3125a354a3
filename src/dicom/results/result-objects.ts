import { LucencyError } from '../../core/errors.js';
import type { Reading } from '../../core/reading.js';
import { structuredReport } from '../report/structured-report.js';
import { openSource, type SourceImage } from '../source/source-image.js';
import { resultContext } from './result-context.js';
import type { ResultObject } from './result-object.js';
import type { VolumeSource } from './volume-source.js';

export interface ResultInput {
  readonly reading: Reading;
  /**
   * The DICOM file that was read, or its elements before Pixel Data (`Radiograph.dicomHeader`); of a series, those of its
   * first image.
   */
  readonly source: Uint8Array;
  /** Where the voxels lie, for a reading of a volume. */
  readonly volume?: VolumeSource;
  /** Version of Lucency. */
  readonly version: string;
  /** When the reading was made. @default now */
  readonly createdAt?: Date;
}

function requireSameStudy({ study, input }: Reading, source: SourceImage): void {
  if (study === undefined || study === source.studyInstanceUid) return;
  throw new LucencyError('LUC_RESULT_SOURCE_MISMATCH', { path: input, attribute: 'StudyInstanceUID' });
}

/**
 * A reading as DICOM objects, each in a new series of the study of its source. The same reading gives the same UIDs.
 *
 * @throws LUC_RESULT_SOURCE_INCOMPLETE, LUC_RESULT_SOURCE_MISMATCH, LUC_DICOM_*
 */
export async function resultObjects(input: ResultInput): Promise<ResultObject[]> {
  const { reading, version } = input;
  const source = openSource(input.source, reading.input);
  requireSameStudy(reading, source);
  const context = resultContext(reading, source, input.volume ?? null, {
    version,
    createdAt: input.createdAt ?? new Date(),
  });
  return [structuredReport(context)];
}
