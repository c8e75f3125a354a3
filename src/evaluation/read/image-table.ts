import { type CsvTable, cellText, parseCsv, requireColumn } from '../csv-table.js';
import { type InputFile, type OpenedFile, textOf } from './input-file.js';
import { idColumns } from './label-table.js';
import { matchIds } from './match-ids.js';
import type { Truth } from './truth.js';
import { requireUnique } from './unique-ids.js';

/** The table given with --images: what else is known of each image. */
export interface ImageTable {
  readonly file: InputFile;
  readonly table: CsvTable;
  readonly idColumn: string;
}

/** @throws LUC_TABLE_*, LUC_EVALUATION_DUPLICATE_TRUTH for an image with two rows */
export function imageTableOf(opened: OpenedFile): ImageTable {
  const { file } = opened;
  const table = parseCsv(textOf(opened), file.path);
  const column = requireColumn(table, idColumns);
  requireUnique(
    table.rows.map((row) => cellText(row, column)),
    'LUC_EVALUATION_DUPLICATE_TRUTH',
    file.path,
  );
  return { file, table, idColumn: column };
}

/** Columns of the truth and of the image table, for every image of the truth. The image table wins. */
export function imageColumns(truth: Truth, images: ImageTable | null): Map<string, string[]> {
  const names = new Set(truth.images.flatMap((image) => Object.keys(image.columns)));
  const columns = new Map(
    [...names].map((name) => [name, truth.images.map((image) => image.columns[name] ?? '')]),
  );
  if (images === null) return columns;
  const { rows, columns: tableColumns } = images.table;
  const match = matchIds(
    truth.images.map(({ id }) => id),
    rows.map((row) => cellText(row, images.idColumn)),
  );
  for (const name of tableColumns) {
    const values = truth.images.map((_, image) => {
      const row = rows[match.predictionOf[image] ?? -1];
      return row === undefined ? '' : cellText(row, name);
    });
    columns.set(name, values);
  }
  return columns;
}
