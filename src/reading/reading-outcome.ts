import type { Reading } from '../core/reading.js';
import type { VolumeReadingResult } from '../core/volume-reading.js';
import type { ResultObject } from '../dicom/results/result-object.js';
import type { ReadablePlan } from '../image/volume/volume-plan.js';
import type { RadiographResult } from '../radiograph/frame-reader.js';
import type { PictureSet } from '../report/picture/picture-set.js';
import type { DicomResultOptions } from './results/dicom-results.js';

/** A radiograph as its reader saw it. */
export interface SeenRadiograph extends Omit<RadiographResult, 'reading'> {
  readonly reads: 'image';
}

/** A volume as its reader saw it. */
export interface SeenVolume extends Omit<VolumeReadingResult, 'reading'> {
  readonly reads: 'volume';
  readonly plan: ReadablePlan;
}

export interface DrawOptions {
  /** Also draw findings of certainty `candidate`. @default false */
  readonly candidates?: boolean;
}

/** What came of one image or volume: its reading, and what sinks make of it on demand, in worker threads. */
export interface ReadingOutcome {
  readonly reading: Reading;
  /** Ids of the models whose cards say how often such an answer is right; empty where no reader answered. */
  readonly answeredBy: readonly string[];
  /** Pixels or voxels with heat maps; null for a study that no reader is made for. */
  readonly seen: SeenRadiograph | SeenVolume | null;
  /** Null where there is nothing to draw. */
  pictures(options?: DrawOptions): Promise<PictureSet | null>;
  /**
   * The reading as objects for the archive that the images came from; none where no reader saw them.
   * @throws LUC_RESULT_NO_DICOM_SOURCE for pictures and NIfTI, LUC_RESULT_SOURCE_INCOMPLETE for files that lack a UID
   */
  dicomObjects(options: DicomResultOptions): Promise<ResultObject[]>;
}
