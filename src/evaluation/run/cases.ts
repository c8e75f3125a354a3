import type { Certainty, FindingType, Verdict } from '../../core/reading.js';
import type { BoxSet } from '../detection/box-set.js';
import type { EvaluationData } from '../evaluation.schema.js';
import type { TypedItem } from '../types/typed-set.js';
import type { ColumnTable } from './image-filter.js';

/** Boxes of the images, detections and lesions numbered as in `set`. */
export interface CaseBoxes {
  readonly set: BoxSet;
  /** Certainty of each detection; null where the predictions give none. */
  readonly certainty: readonly (Certainty | null)[];
  readonly detectionTypes: readonly (FindingType | null)[];
  readonly lesionTypes: readonly (string | null)[];
  /** mm per pixel by axis (x, y[, z]) of each image; null where not known. */
  readonly spacing: readonly (readonly number[] | null)[];
  readonly categoriesMerged: boolean;
}

/** Images with truth and predictions side by side, ready to be measured. */
export interface EvaluationCases {
  readonly ids: readonly string[];
  /** 1 diseased, 0 not; null where the truth holds types only. */
  readonly labels: Uint8Array | null;
  readonly scores: Float64Array | null;
  /** Group (patient) of each image, by name. */
  readonly groups: readonly string[];
  readonly columns: ColumnTable;
  /** Null unless the predictions are readings. */
  readonly verdicts: readonly (Verdict | null)[] | null;
  readonly boxes: CaseBoxes | null;
  /** Types of whole images; null without. */
  readonly types: {
    readonly classes: readonly string[];
    readonly items: readonly TypedItem[];
    readonly unknown: number;
  } | null;
  readonly data: EvaluationData;
}
