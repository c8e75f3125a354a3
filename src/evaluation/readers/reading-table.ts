import { LucencyError } from '../../core/errors.js';
import { largest } from '../../core/extremes.js';
import { type CsvRow, type CsvTable, cellNumber, cellText, findColumn, requireColumn } from '../csv-table.js';
import type { CaseReading, Mark, ReaderReadings, ReaderStudy, StudyCase } from './reader-study.js';

interface Columns {
  readonly reader: string;
  readonly modality: string;
  readonly case: string;
  readonly truth: string;
  readonly score: string | null;
  readonly call: string | null;
  readonly seconds: string | null;
  readonly lesion: string | null;
  readonly lesions: string | null;
}

function columnsOf(table: CsvTable): Columns {
  const lesion = findColumn(table, ['lesion']);
  const columns = {
    reader: requireColumn(table, ['reader']),
    modality: requireColumn(table, ['modality', 'treatment']),
    case: requireColumn(table, ['case', 'case_id']),
    truth: requireColumn(table, ['truth', 'diseased']),
    score: findColumn(table, ['score', 'rating']),
    call: findColumn(table, ['call', 'decision']),
    seconds: findColumn(table, ['time_s', 'seconds']),
    lesion,
    lesions: lesion === null ? null : requireColumn(table, ['lesions']),
  };
  if (columns.score === null && columns.call === null) requireColumn(table, ['score', 'rating', 'call']);
  return columns;
}

/** One row with its words turned into numbers. */
interface ParsedRow {
  readonly line: number;
  readonly truth: 0 | 1;
  readonly score: number | null;
  readonly call: 0 | 1 | null;
  readonly seconds: number | null;
  readonly lesion: string | null;
  readonly lesions: number | null;
}

function invalid(table: CsvTable, line: number, reason: string): LucencyError {
  return new LucencyError('LUC_TABLE_ROW_INVALID', { path: table.path, line, reason });
}

function parseRow(table: CsvTable, row: CsvRow, columns: Columns): ParsedRow {
  const optional = (column: string | null) =>
    column === null || cellText(row, column) === '' ? null : cellNumber(table, row, column);
  const binary = (column: string, value: number): 0 | 1 => {
    if (value === 0 || value === 1) return value;
    throw invalid(table, row.line, `${column} is ${value}, neither 0 nor 1`);
  };
  const call = optional(columns.call);
  const seconds = optional(columns.seconds);
  const lesions = columns.lesions === null ? null : cellNumber(table, row, columns.lesions);
  if (seconds !== null && seconds <= 0)
    throw invalid(table, row.line, `${columns.seconds} is ${seconds}, not above 0`);
  if (lesions !== null && (!Number.isInteger(lesions) || lesions < 0)) {
    throw invalid(table, row.line, `${columns.lesions} is ${lesions}, not a count`);
  }
  return {
    line: row.line,
    truth: binary(columns.truth, cellNumber(table, row, columns.truth)),
    score: optional(columns.score),
    call: call === null || columns.call === null ? null : binary(columns.call, call),
    seconds,
    lesion: columns.lesion === null ? null : cellText(row, columns.lesion),
    lesions,
  };
}

/** Rows by modality, reader and case, each in the order of first appearance. */
type Grouped = Map<string, Map<string, Map<string, ParsedRow[]>>>;

function inner<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) {
    value = make();
    map.set(key, value);
  }
  return value;
}

function readCase(cases: Map<string, StudyCase>, table: CsvTable, id: string, row: ParsedRow): void {
  const known = cases.get(id);
  if (known === undefined) {
    if (row.lesions !== null && row.truth === 1 && row.lesions === 0) {
      throw invalid(table, row.line, `case ${id} is diseased but has no lesions`);
    }
    if (row.lesions !== null && row.truth === 0 && row.lesions > 0) {
      throw invalid(table, row.line, `case ${id} is normal but has ${row.lesions} lesions`);
    }
    cases.set(id, { id, truth: row.truth, lesions: row.lesions });
    return;
  }
  if (known.truth !== row.truth) throw new LucencyError('LUC_READERS_TRUTH_CONFLICT', { case: id });
  if (known.lesions !== row.lesions) {
    throw invalid(table, row.line, `case ${id} has ${row.lesions} lesions here and ${known.lesions} above`);
  }
}

/** The one value that the rows of a reading give, or null; rows may repeat it or leave it out. */
function agreed<T>(
  table: CsvTable,
  rows: readonly ParsedRow[],
  what: string,
  pick: (row: ParsedRow) => T | null,
) {
  let value: T | null = null;
  for (const row of rows) {
    const here = pick(row);
    if (here === null) continue;
    if (value !== null && value !== here)
      throw invalid(table, row.line, `${what} differs from the row above`);
    value = here;
  }
  return value;
}

function freeResponse(table: CsvTable, rows: readonly ParsedRow[], { id, lesions }: StudyCase): CaseReading {
  const marks: Mark[] = [];
  for (const { line, score, lesion } of rows) {
    if (score !== null) marks.push({ score, lesion: lesion === '' ? null : lesion });
    else if (lesion !== '') throw invalid(table, line, `the mark on lesion ${lesion} has no score`);
    else if (rows.length > 1)
      throw invalid(table, line, `case ${id} has marks and also a row without a score`);
  }
  const hit = new Set(marks.map(({ lesion }) => lesion).filter((lesion) => lesion !== null));
  if (hit.size > (lesions ?? 0)) {
    throw invalid(table, rows[0]?.line ?? 0, `case ${id} has ${lesions} lesions, but ${hit.size} are marked`);
  }
  return {
    score: largest(
      marks.map(({ score }) => score),
      Number.NEGATIVE_INFINITY,
    ),
    call: agreed(table, rows, 'the call', ({ call }) => call),
    seconds: agreed(table, rows, 'the time', ({ seconds }) => seconds),
    marks,
  };
}

function readingOf(
  table: CsvTable,
  rows: readonly ParsedRow[],
  studyCase: StudyCase,
  name: string,
): CaseReading {
  const [row] = rows;
  if (studyCase.lesions !== null) return freeResponse(table, rows, studyCase);
  if (row === undefined || rows.length > 1) {
    throw new LucencyError('LUC_READERS_DUPLICATE', { reading: name, count: rows.length });
  }
  const { line, score, call, seconds } = row;
  if (score === null && call === null) throw invalid(table, line, 'there is neither a score nor a call');
  return { score, call, seconds, marks: null };
}

/** A modality that one reader read, who read in no other: a program by itself. */
function standaloneModalities(grouped: Grouped): string[] {
  if (grouped.size < 2) return [];
  return [...grouped].flatMap(([modality, readers]) => {
    const [only] = [...readers.keys()];
    if (readers.size !== 1 || only === undefined) return [];
    const elsewhere = [...grouped].some(([other, theirs]) => other !== modality && theirs.has(only));
    return elsewhere ? [] : [modality];
  });
}

function requireCrossed(
  grouped: Grouped,
  combinations: readonly [string, string][],
  cases: readonly string[],
): void {
  const missing = combinations.flatMap(([modality, reader]) =>
    cases
      .filter((id) => !grouped.get(modality)?.get(reader)?.has(id))
      .map((id) => `reader ${reader}, modality ${modality}, case ${id}`),
  );
  const [first] = missing;
  if (first === undefined) return;
  throw new LucencyError('LUC_READERS_NOT_CROSSED', {
    missing: missing.length,
    expected: combinations.length * cases.length,
    first,
  });
}

/**
 * Reads a multi-reader multi-case study. Columns: reader, modality, case, truth (0/1), and score (higher is more
 * suspicious) or call (0/1) or both; time_s (seconds, may be empty). With the columns lesion and lesions the study is
 * free-response: one row per mark, `lesion` names the lesion that the mark hits and is empty for a mark on no lesion,
 * `lesions` is the number of lesions of the case; a case without marks has one row with an empty score.
 *
 * A modality that a single reader read, who read in no other, is taken as a program by itself (AI alone), unless it is
 * all there is.
 *
 * @throws LUC_TABLE_COLUMN_MISSING, LUC_TABLE_ROW_INVALID, LUC_READERS_DUPLICATE, LUC_READERS_TRUTH_CONFLICT,
 *   LUC_READERS_NOT_CROSSED
 */
export function readerStudyFromTable(table: CsvTable): ReaderStudy {
  const columns = columnsOf(table);
  const cases = new Map<string, StudyCase>();
  const grouped: Grouped = new Map();
  for (const row of table.rows) {
    const parsed = parseRow(table, row, columns);
    const [modality, reader, id] = [columns.modality, columns.reader, columns.case].map((column) => {
      const text = cellText(row, column);
      if (text === '') throw invalid(table, row.line, `${column} is empty`);
      return text;
    }) as [string, string, string];
    readCase(cases, table, id, parsed);
    const ofReader = inner(
      inner(grouped, modality, () => new Map<string, Map<string, ParsedRow[]>>()),
      reader,
      () => new Map<string, ParsedRow[]>(),
    );
    inner(ofReader, id, () => []).push(parsed);
  }
  const alone = standaloneModalities(grouped);
  const every = [...grouped.keys()];
  const modalities =
    alone.length === every.length ? every : every.filter((modality) => !alone.includes(modality));
  const programs = every.filter((modality) => !modalities.includes(modality));
  const readers = [...new Set(modalities.flatMap((modality) => [...(grouped.get(modality)?.keys() ?? [])]))];
  const programOf = (modality: string) => [...(grouped.get(modality)?.keys() ?? [])][0] ?? '';
  requireCrossed(
    grouped,
    [
      ...modalities.flatMap((modality) => readers.map((reader): [string, string] => [modality, reader])),
      ...programs.map((modality): [string, string] => [modality, programOf(modality)]),
    ],
    [...cases.keys()],
  );
  const readingsOf = (modality: string, reader: string): ReaderReadings => ({
    reader,
    modality,
    readings: [...cases.values()].map((studyCase) => {
      const rows = grouped.get(modality)?.get(reader)?.get(studyCase.id) ?? [];
      return readingOf(
        table,
        rows,
        studyCase,
        `reader ${reader}, modality ${modality}, case ${studyCase.id}`,
      );
    }),
  });
  return {
    path: table.path,
    cases: [...cases.values()],
    readers,
    modalities,
    crossed: modalities.map((modality) => readers.map((reader) => readingsOf(modality, reader))),
    standalone: programs.map((modality) => readingsOf(modality, programOf(modality))),
  };
}
