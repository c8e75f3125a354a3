import type { Certainty, FindingType, ModelUse, Verdict } from '../../core/reading.js';
import type { InputFile } from './input-file.js';
import { describeFile, readStart } from './input-file.js';

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

/**
 * Reads predictions: readings (JSON Lines, `lucency.reading/1`), detections in COCO results format, or a CSV table of
 * scores. The format is told by the content.
 *
 * @throws LUC_EVALUATION_FILE_* when it cannot be read, LUC_EVALUATION_DUPLICATE_PREDICTION for an image that is there
 *   twice, LUC_EVALUATION_SCORE for scores that are missing or not finite, LUC_TABLE_* for tables that lack a column
 */
export async function readPredictions(path: string, columns: PredictionColumns = {}): Promise<Predictions> {
  const file = await describeFile(path);
  const start = await readStart(path);
  if (start.startsWith('[')) return (await import('./coco-results.js')).readCocoResults(file);
  if (start.startsWith('{')) return (await import('./readings.js')).readReadings(file);
  return (await import('./score-table.js')).readScoreTable(file, columns);
}
