import { describeFile, readStart } from './input-file.js';
import type { Truth, TruthColumns } from './truth.js';

/**
 * Reads the truth: a COCO file, or a CSV table of labels.
 *
 * @throws LUC_EVALUATION_FILE_* when it cannot be read, LUC_EVALUATION_DUPLICATE_TRUTH for an image that is there twice,
 *   LUC_TABLE_* for tables that lack what is needed
 */
export async function readTruth(path: string, columns: TruthColumns = {}): Promise<Truth> {
  const file = await describeFile(path);
  if ((await readStart(path)).startsWith('{')) return (await import('./coco-truth.js')).readCocoTruth(file);
  return (await import('./label-table.js')).readLabelTable(file, columns);
}
