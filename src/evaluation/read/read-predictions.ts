import { describeFile, readStart } from './input-file.js';
import type { PredictionColumns, Predictions } from './predictions.js';

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
