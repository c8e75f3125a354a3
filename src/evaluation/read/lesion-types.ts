import { cellText, parseCsv, requireColumn } from '../csv-table.js';
import { type OpenedFile, textOf } from './input-file.js';
import type { Truth } from './truth.js';

/**
 * The truth with the types of a table: one row per annotation, its id in `annotation_id` (or `id`), its type in the
 * column named; an empty cell is "not rated".
 *
 * @throws LUC_TABLE_*
 */
export function withLesionTypes(truth: Truth, opened: OpenedFile, typeColumn: string): Truth {
  const table = parseCsv(textOf(opened), opened.file.path);
  const idColumn = requireColumn(table, ['annotation_id', 'id']);
  const column = requireColumn(table, [typeColumn]);
  const types = new Map(table.rows.map((row) => [cellText(row, idColumn), cellText(row, column)]));
  return {
    ...truth,
    images: truth.images.map((image) => ({
      ...image,
      lesions: image.lesions.map((lesion) => ({ ...lesion, type: types.get(lesion.id) || null })),
    })),
  };
}
