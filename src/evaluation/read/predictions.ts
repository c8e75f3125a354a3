import type { Certainty, FindingType, ModelUse, Verdict } from '../../core/reading.js';
import type { InputFile } from './input-file.js';

/** One detected lesion. */
export interface Detection {
  readonly box: readonly number[];
  readonly score: number;
  /** Id of the category; null where the predictions name none. */
  readonly category: number | null;
  readonly certainty: Certainty | null;
  readonly type: FindingType | null;
}

/** What is predicted for one image. */
export interface Prediction {
  /** Name of the image, or its number in COCO. */
  readonly key: string;
  /** Higher means more likely diseased; null where refused or not given. */
  readonly score: number | null;
  readonly verdict: Verdict | null;
  readonly detections: readonly Detection[];
  /** Type of the image; null where none is given. */
  readonly type: FindingType | null;
  /** [row spacing, column spacing] in mm. */
  readonly spacing: readonly [number, number] | null;
}

export interface Predictions {
  readonly file: InputFile;
  readonly kind: 'readings' | 'coco-results' | 'scores';
  readonly scoreColumn: string | null;
  readonly items: readonly Prediction[];
  /** Every image of the truth is meant; one that is not named has no detections. */
  readonly complete: boolean;
  readonly hasBoxes: boolean;
  readonly hasTypes: boolean;
  readonly models: readonly ModelUse[];
}

/** Names of columns, where they are not the usual ones. */
export interface PredictionColumns {
  readonly idColumn?: string | undefined;
  readonly scoreColumn?: string | undefined;
}
