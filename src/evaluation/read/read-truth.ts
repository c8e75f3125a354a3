import { readCocoTruth } from './coco-truth.js';
import { type OpenedFile, startOf } from './input-file.js';
import { readLabelTable } from './label-table.js';
import type { Truth, TruthColumns } from './truth.js';

/**
 * The truth in a file: COCO, or a CSV table of labels.
 *
 * @throws LUC_EVALUATION_FILE_INVALID when it cannot be used, LUC_EVALUATION_DUPLICATE_TRUTH for an image that is there
 *   twice, LUC_TABLE_* for tables that lack what is needed
 */
export function truthOf(opened: OpenedFile, columns: TruthColumns): Truth {
  return startOf(opened).startsWith('{') ? readCocoTruth(opened) : readLabelTable(opened, columns);
}
