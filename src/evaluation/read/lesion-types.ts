import { cellText, parseCsv, requireColumn } from '../csv-table.js';
import { readText } from './input-file.js';
import type { Truth } from './truth.js';

/**
 * The truth with the types of a table: one row per annotation, its id in `annotation_id` (or `id`), its type in the
 * column named; an empty cell is "not rated".
 *
 * @throws LUC_EVALUATION_FILE_*, LUC_TABLE_*
 */
export async function withLesionTypes(truth: Truth, path: string, typeColumn: string): Promise<Truth> {
  const table = parseCsv(await readText(path), path);
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
