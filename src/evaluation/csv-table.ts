import { readFile } from 'node:fs/promises';
import { LucencyError } from '../core/errors.js';
import { decodeText } from './read/decode-text.js';

/** One record of a CSV table: its cells by column name, and the line that it starts on (1-based, header included). */
export interface CsvRow {
  readonly line: number;
  readonly cells: Readonly<Record<string, string>>;
}

export interface CsvTable {
  /** Name to use in messages: the path as given. */
  readonly path: string;
  readonly columns: readonly string[];
  readonly rows: readonly CsvRow[];
  /** What parts the cells. Where it is no comma, a comma in a number is a decimal comma. */
  readonly separator: Separator;
}

const separators = [',', ';', '\t'] as const;
export type Separator = (typeof separators)[number];

interface RawRecord {
  line: number;
  fields: string[];
}

function splitRecords(text: string, separator: string, path: string): RawRecord[] {
  const records: RawRecord[] = [];
  let line = 1;
  let current: RawRecord = { line, fields: [] };
  let field = '';
  let quoted = false;
  const endRecord = () => {
    current.fields.push(field);
    if (current.fields.length > 1 || field.trim() !== '') records.push(current);
    field = '';
  };
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at);
    if (quoted) {
      if (char === '\n') line++;
      if (char !== '"') field += char;
      else if (text.charAt(at + 1) === '"') {
        field += '"';
        at++;
      } else quoted = false;
    } else if (char === '"' && field.trim() === '') {
      quoted = true;
      field = '';
    } else if (char === separator) {
      current.fields.push(field);
      field = '';
    } else if (char === '\n') {
      endRecord();
      line++;
      current = { line, fields: [] };
    } else field += char;
  }
  if (quoted) {
    throw new LucencyError('LUC_TABLE_ROW_INVALID', {
      path,
      line: current.line,
      reason: 'a quote is opened and never closed',
    });
  }
  endRecord();
  return records;
}

/** The separator that a spreadsheet program states in a first line `sep=;`, else the first kind that the header holds. */
function separatorOf(firstLine: string): { separator: Separator; stated: boolean } {
  const stated = separators.find((candidate) => firstLine.trim().toLowerCase() === `sep=${candidate}`.trim());
  if (stated !== undefined) return { separator: stated, stated: true };
  return { separator: separators.find((candidate) => firstLine.includes(candidate)) ?? ',', stated: false };
}

/**
 * Reads a CSV table (RFC 4180; cells parted by commas, semicolons or tabs; lines ended by LF, CR LF or CR). Cells are
 * trimmed; empty lines are skipped; every record must have as many fields as the header.
 *
 * @throws LUC_TABLE_EMPTY, LUC_TABLE_ROW_INVALID
 */
export function parseCsv(text: string, path: string): CsvTable {
  const body = text.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n');
  const { separator, stated } = separatorOf(body.slice(0, body.search(/\n|$/)));
  const [header, ...records] = splitRecords(body, separator, path).slice(stated ? 1 : 0);
  if (header === undefined || records.length === 0) throw new LucencyError('LUC_TABLE_EMPTY', { path });
  const columns = header.fields.map((name) => name.trim());
  const repeated = columns.find((name, index) => columns.indexOf(name) !== index);
  if (repeated !== undefined) {
    throw new LucencyError('LUC_TABLE_ROW_INVALID', {
      path,
      line: header.line,
      reason: `the column "${repeated}" is named twice`,
    });
  }
  const rows = records.map(({ line, fields }): CsvRow => {
    if (fields.length !== columns.length) {
      const reason = `it has ${fields.length} fields where the header has ${columns.length}`;
      throw new LucencyError('LUC_TABLE_ROW_INVALID', { path, line, reason });
    }
    return {
      line,
      cells: Object.fromEntries(columns.map((name, index) => [name, (fields[index] ?? '').trim()])),
    };
  });
  return { path, columns, rows, separator };
}

/**
 * Reads a CSV file.
 *
 * @throws LUC_IMAGE_NOT_FOUND when there is no such file, LUC_TABLE_EMPTY, LUC_TABLE_ROW_INVALID
 */
export async function readCsv(path: string): Promise<CsvTable> {
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new LucencyError('LUC_IMAGE_NOT_FOUND', { path }, { cause });
  });
  return parseCsv(decodeText(bytes), path);
}

/**
 * The column that goes by one of `names`, upper and lower case being alike; null when there is none.
 */
export function findColumn(table: CsvTable, names: readonly string[]): string | null {
  const wanted = names.map((name) => name.toLowerCase());
  return table.columns.find((column) => wanted.includes(column.toLowerCase())) ?? null;
}

/**
 * As `findColumn`, for a column that must be there.
 *
 * @throws LUC_TABLE_COLUMN_MISSING
 */
export function requireColumn(table: CsvTable, names: readonly string[]): string {
  const column = findColumn(table, names);
  if (column === null) {
    throw new LucencyError('LUC_TABLE_COLUMN_MISSING', {
      path: table.path,
      column: names.join(' or '),
      columns: table.columns.join(', '),
    });
  }
  return column;
}

/** The text of a cell; '' where the column does not exist. */
export function cellText(row: CsvRow, column: string): string {
  return row.cells[column] ?? '';
}

/**
 * The finite number in a cell.
 *
 * @throws LUC_TABLE_ROW_INVALID for an empty cell, text, NaN or infinity
 */
export function cellNumber(table: CsvTable, row: CsvRow, column: string): number {
  const text = cellText(row, column);
  const value = numberOf(table, text);
  if (value === null) {
    const reason = text === '' ? `${column} is empty` : `${column} is "${text}", not a finite number`;
    throw new LucencyError('LUC_TABLE_ROW_INVALID', { path: table.path, line: row.line, reason });
  }
  return value;
}

const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/**
 * The finite number that a cell holds; null for anything else (text, hexadecimal, infinity, an empty cell). A decimal
 * comma is read where commas do not part the cells.
 */
export function numberOf({ separator }: Pick<CsvTable, 'separator'>, text: string): number | null {
  const plain = separator === ',' ? text : text.replace(/^([+-]?\d*),(\d+)/, '$1.$2');
  const value = decimal.test(plain) ? Number(plain) : Number.NaN;
  return Number.isFinite(value) ? value : null;
}
