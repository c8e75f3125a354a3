import { LucencyError } from '../../core/errors.js';
import { type CsvTable, cellText, findColumn, parseCsv, requireColumn } from '../csv-table.js';
import { type OpenedFile, textOf } from './input-file.js';
import type { Truth, TruthColumns, TruthImage } from './truth.js';
import { requireUnique } from './unique-ids.js';

/** Names that an id column goes by. */
export const idColumns = ['image', 'image_id', 'file_name', 'filename', 'file', 'id', 'input'];
const labelColumns = ['label', 'fractured', 'fracture', 'truth', 'diseased', 'target', 'outcome', 'y'];

// Columns that pandas has widened for a missing cell hold 1.0 and 0.0.
const positiveWords = new Set(['1', '1.0', 'true', 'yes', 'positive', 'fracture', 'fractured']);
const negativeWords = new Set(['0', '0.0', 'false', 'no', 'negative', 'normal', 'no-fracture']);

function labelOf(text: string, positive: string | undefined): 0 | 1 | null {
  if (positive !== undefined) return text === '' ? null : text === positive ? 1 : 0;
  const word = text.toLowerCase();
  if (positiveWords.has(word)) return 1;
  return negativeWords.has(word) ? 0 : null;
}

function labelColumn(table: CsvTable, { labelColumn: named, typeColumn }: TruthColumns): string | null {
  if (named !== undefined) return requireColumn(table, [named]);
  const found = findColumn(table, labelColumns);
  // A table may hold types only; then nothing is said about images without a fracture.
  return found ?? (typeColumn === undefined ? requireColumn(table, labelColumns) : null);
}

/** Reads a CSV table of labels, one row per image; every other column can be broken down by. */
export function readLabelTable(opened: OpenedFile, columns: TruthColumns): Truth {
  const { file } = opened;
  const { path } = file;
  const table = parseCsv(textOf(opened), path);
  const idColumn = requireColumn(table, columns.idColumn === undefined ? idColumns : [columns.idColumn]);
  const labels = labelColumn(table, columns);
  const types = columns.typeColumn === undefined ? null : requireColumn(table, [columns.typeColumn]);
  const images = table.rows.map((row): TruthImage => {
    const id = cellText(row, idColumn);
    if (id === '')
      throw new LucencyError('LUC_TABLE_ROW_INVALID', {
        path,
        line: row.line,
        reason: `${idColumn} is empty`,
      });
    const label = labels === null ? null : labelOf(cellText(row, labels), columns.positive);
    if (labels !== null && label === null) {
      const cell = cellText(row, labels);
      const reason = `${labels} is ${cell === '' ? 'empty' : `"${cell}"`}, neither 0 nor 1`;
      throw new LucencyError('LUC_TABLE_ROW_INVALID', { path, line: row.line, reason });
    }
    const type = types === null ? '' : cellText(row, types);
    return { id, number: null, label, lesions: [], type: type === '' ? null : type, columns: row.cells };
  });
  requireUnique(
    images.map(({ id }) => id),
    'LUC_EVALUATION_DUPLICATE_TRUTH',
    path,
  );
  return { file, images, hasBoxes: false, dimensions: 2, categories: [], simulated: false };
}
