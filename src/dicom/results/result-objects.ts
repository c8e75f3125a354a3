import { LucencyError } from '../../core/errors.js';
import type { HeatMap } from '../../core/heat-map.js';
import { isVolumeKind } from '../../core/reader-kinds.js';
import type { Reading } from '../../core/reading.js';
import { presentationState } from '../presentation/presentation-state.js';
import { structuredReport } from '../report/structured-report.js';
import { secondaryCapture } from '../secondary-capture/secondary-capture.js';
import { findingSegments } from '../segmentation/finding-segments.js';
import { heatMapSegments } from '../segmentation/heat-map-segments.js';
import { segmentationObject } from '../segmentation/segmentation.js';
import { openSource, type SourceImage } from '../source/source-image.js';
import type { RgbPicture } from './pictures.js';
import { type ResultContext, resultContext } from './result-context.js';
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
  /** Annotated pictures for viewers that know nothing else: the image with its findings, heat maps over it. */
  readonly pictures?: readonly DescribedPicture[];
  /** Maps that become a segmentation. */
  readonly heatMaps?: readonly HeatMap[];
  /** Version of Lucency. */
  readonly version: string;
  /** When the reading was made. @default as the reading says, else now */
  readonly createdAt?: Date;
}

export interface DescribedPicture extends RgbPicture {
  readonly description: string;
}

function requireSameStudy({ study, input }: Reading, source: SourceImage): void {
  if (study === undefined || study === source.studyInstanceUid) return;
  throw new LucencyError('LUC_RESULT_SOURCE_MISMATCH', { path: input, attribute: 'StudyInstanceUID' });
}

function captures(context: ResultContext, pictures: readonly DescribedPicture[]): ResultObject[] {
  return pictures.map((picture, index) =>
    secondaryCapture(context, picture, { number: index + 1, description: picture.description }),
  );
}

/**
 * A reading as DICOM objects, each kind in a new series of the study of its source: structured report; for radiographs a
 * presentation state; secondary captures of the pictures given; a segmentation of heat maps or of a volume's findings.
 * The same reading gives the same UIDs.
 *
 * @throws LUC_RESULT_SOURCE_INCOMPLETE, LUC_RESULT_SOURCE_MISMATCH, LUC_DICOM_*
 */
export function resultObjects(input: ResultInput): ResultObject[] {
  const { reading, version } = input;
  const source = openSource(input.source, reading.input);
  requireSameStudy(reading, source);
  const context = resultContext(reading, source, input.volume ?? null, {
    version,
    createdAt: input.createdAt ?? (reading.created === undefined ? new Date() : new Date(reading.created)),
  });
  const marks = isVolumeKind(reading.kind) ? [] : [presentationState(context)];
  const segments = [...heatMapSegments(context, input.heatMaps ?? []), ...findingSegments(context)];
  return [
    structuredReport(context),
    ...marks,
    ...captures(context, input.pictures ?? []),
    ...(segments.length > 0 ? [segmentationObject(context, segments)] : []),
  ];
}
