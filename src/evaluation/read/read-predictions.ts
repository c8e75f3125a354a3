import { readCocoResults } from './coco-results.js';
import { type OpenedFile, startOf } from './input-file.js';
import type { PredictionColumns, Predictions } from './predictions.js';
import { readReadings } from './readings.js';
import { readScoreTable } from './score-table.js';

/**
 * The predictions in a file: readings (JSON Lines, `lucency.reading/1`), detections in COCO results format, or a CSV
 * table of scores. The format is told by the content.
 *
 * @throws LUC_EVALUATION_FILE_INVALID when it cannot be used, LUC_EVALUATION_DUPLICATE_PREDICTION for an image that is
 *   there twice, LUC_EVALUATION_SCORE for scores that are missing or not finite, LUC_TABLE_* for tables that lack a column
 */
export function predictionsOf(opened: OpenedFile, columns: PredictionColumns): Predictions {
  const start = startOf(opened);
  if (start.startsWith('[')) return readCocoResults(opened);
  return start.startsWith('{') ? readReadings(opened) : readScoreTable(opened, columns);
}
