import { LucencyError } from '../../core/errors.js';
import { type CsvTable, cellNumber, cellText, findColumn, requireColumn } from '../csv-table.js';

/** The two-by-two table of one study. */
export interface StudyCounts {
  readonly study: string;
  readonly tp: number;
  readonly fn: number;
  readonly fp: number;
  readonly tn: number;
  /** All further columns of the table, as text. */
  readonly covariates: Readonly<Record<string, string>>;
}

export interface StudyTable {
  readonly path: string;
  readonly studies: readonly StudyCounts[];
  /** What a reader of the result must know of the table. */
  readonly warnings: readonly string[];
}

const cellColumns = { tp: ['TP'], fn: ['FN'], fp: ['FP'], tn: ['TN'] } as const;
const nameColumns = ['study', 'author', 'name', 'id'];

/** Fewer studies than this give random-effects estimates that hang on single studies. */
const fewStudies = 5;

function checkStudy({ study, tp, fn, fp, tn }: StudyCounts): void {
  if (tp + fn + fp + tn === 0) throw new LucencyError('LUC_META_EMPTY_STUDY', { study });
  if (tp + fn === 0) throw new LucencyError('LUC_META_ONE_SIDED_STUDY', { study, missing: 'diseased' });
  if (fp + tn === 0) throw new LucencyError('LUC_META_ONE_SIDED_STUDY', { study, missing: 'non-diseased' });
}

function warningsOf(studies: readonly StudyCounts[]): string[] {
  const warnings: string[] = [];
  const names = studies.map(({ study }) => study);
  const repeated = [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
  if (repeated.length > 0) {
    warnings.push(
      `Named more than once: ${repeated.join(', ')}. Rows are taken as independent; several tables of one study are not.`,
    );
  }
  if (studies.length < fewStudies) {
    warnings.push(
      `Only ${studies.length} studies: between-study variances and correlation are poorly known.`,
    );
  }
  return warnings;
}

/**
 * Checks studies that are given as data.
 *
 * @throws LUC_META_TOO_FEW_STUDIES, LUC_META_EMPTY_STUDY, LUC_META_ONE_SIDED_STUDY
 */
export function checkStudies(studies: readonly StudyCounts[], path: string): StudyTable {
  for (const study of studies) checkStudy(study);
  if (studies.length < 3) throw new LucencyError('LUC_META_TOO_FEW_STUDIES', { path, count: studies.length });
  return { path, studies, warnings: warningsOf(studies) };
}

/**
 * Reads studies from a table with the columns TP, FN, FP, TN (whole numbers, upper or lower case), optionally `study`
 * (or author, name, id; otherwise "study 1", "study 2", ...), and any others as covariates.
 *
 * @throws LUC_TABLE_COLUMN_MISSING, LUC_TABLE_ROW_INVALID, LUC_META_TOO_FEW_STUDIES, LUC_META_EMPTY_STUDY,
 *   LUC_META_ONE_SIDED_STUDY
 */
export function studiesFromTable(table: CsvTable): StudyTable {
  const columns = {
    tp: requireColumn(table, cellColumns.tp),
    fn: requireColumn(table, cellColumns.fn),
    fp: requireColumn(table, cellColumns.fp),
    tn: requireColumn(table, cellColumns.tn),
  };
  const nameColumn = findColumn(table, nameColumns);
  const used: (string | null)[] = [...Object.values(columns), nameColumn];
  const covariateColumns = table.columns.filter((column) => !used.includes(column));
  const studies = table.rows.map((row, index): StudyCounts => {
    const count = (column: string): number => {
      const value = cellNumber(table, row, column);
      if (!Number.isInteger(value) || value < 0) {
        const reason = `${column} is ${value}, not a count`;
        throw new LucencyError('LUC_TABLE_ROW_INVALID', { path: table.path, line: row.line, reason });
      }
      return value;
    };
    const name = nameColumn === null ? '' : cellText(row, nameColumn);
    return {
      study: name === '' ? `study ${index + 1}` : name,
      tp: count(columns.tp),
      fn: count(columns.fn),
      fp: count(columns.fp),
      tn: count(columns.tn),
      covariates: Object.fromEntries(covariateColumns.map((column) => [column, cellText(row, column)])),
    };
  });
  return checkStudies(studies, table.path);
}
