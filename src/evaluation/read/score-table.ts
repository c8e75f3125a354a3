import { LucencyError } from '../../core/errors.js';
import type { FindingType } from '../../core/reading.js';
import {
  type CsvRow,
  type CsvTable,
  cellText,
  findColumn,
  numberOf,
  parseCsv,
  requireColumn,
} from '../csv-table.js';
import { type OpenedFile, textOf } from './input-file.js';
import { idColumns } from './label-table.js';
import type { Prediction, PredictionColumns, Predictions } from './predictions.js';
import { nameSome, requireUnique } from './unique-ids.js';

const scoreColumns = ['score', 'probability', 'combined', 'prediction', 'p'];
/** Columns of class probabilities start with it: `p:oblique`. */
const typePrefix = 'p:';

/** The type in a row: class probabilities, the class with the highest, and the conformal set (`a|b`) where given. */
function typeOf(table: CsvTable, row: CsvRow): FindingType | null {
  const columns = table.columns.filter((column) => column.startsWith(typePrefix));
  if (columns.length === 0) return null;
  const probabilities = Object.fromEntries(
    columns.map((column) => {
      const text = cellText(row, column);
      const value = numberOf(table, text) ?? Number.NaN;
      if (value >= 0 && value <= 1) return [column.slice(typePrefix.length), value];
      const reason = `${column} is "${text}", not a probability`;
      throw new LucencyError('LUC_TABLE_ROW_INVALID', { path: table.path, line: row.line, reason });
    }),
  );
  const [label = ''] = Object.entries(probabilities).reduce(
    (best, entry) => (entry[1] > best[1] ? entry : best),
    ['', -1],
  );
  const set = findColumn(table, ['set']);
  return {
    label,
    probabilities,
    set:
      set === null
        ? []
        : cellText(row, set)
            .split('|')
            .filter((name) => name !== ''),
  };
}

/** Reads a CSV table of scores, one row per image. */
export function readScoreTable(opened: OpenedFile, columns: PredictionColumns): Predictions {
  const { file } = opened;
  const { path } = file;
  const table = parseCsv(textOf(opened), path);
  const idColumn = requireColumn(table, columns.idColumn === undefined ? idColumns : [columns.idColumn]);
  const hasTypes = table.columns.some((column) => column.startsWith(typePrefix));
  const wanted = columns.scoreColumn === undefined ? scoreColumns : [columns.scoreColumn];
  const scoreColumn =
    findColumn(table, wanted) ??
    (hasTypes && columns.scoreColumn === undefined ? null : requireColumn(table, wanted));
  const bad: string[] = [];
  const items = table.rows.map((row): Prediction => {
    const key = cellText(row, idColumn);
    const text = scoreColumn === null ? '' : cellText(row, scoreColumn);
    const score = numberOf(table, text) ?? Number.NaN;
    if (scoreColumn !== null && !Number.isFinite(score)) bad.push(`${key} (${text === '' ? 'empty' : text})`);
    return {
      key,
      score: scoreColumn === null ? null : score,
      verdict: null,
      detections: [],
      type: typeOf(table, row),
      spacing: null,
    };
  });
  if (bad.length > 0) {
    throw new LucencyError('LUC_EVALUATION_SCORE', {
      path,
      count: bad.length,
      column: scoreColumn ?? '',
      ids: nameSome(bad),
    });
  }
  requireUnique(
    items.map(({ key }) => key),
    'LUC_EVALUATION_DUPLICATE_PREDICTION',
    path,
  );
  return { file, kind: 'scores', scoreColumn, items, complete: false, hasBoxes: false, hasTypes, models: [] };
}
