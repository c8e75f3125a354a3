import { printable } from '../../core/printable.js';

/** A table as a journal prints it: title above, notes below, every cell ready as text. */
export interface Table {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly notes: readonly string[];
}

/** Columns that hold numbers in every row are aligned to the right, others to the left. */
export function isNumericColumn({ rows }: Table, column: number): boolean {
  return rows.every((row) => /^[\u2212<\d]|^\u2013?$/.test(row[column] ?? ''));
}

/** For the terminal: columns padded with spaces. */
export function tableText(table: Table): string {
  const { title, head, rows, notes } = table;
  const lines = [head, ...rows].map((line) => line.map(printable));
  const columns = head.map((_, column) => ({
    width: lines.reduce((widest, line) => Math.max(widest, (line[column] ?? '').length), 0),
    right: isNumericColumn(table, column),
  }));
  const drawn = lines.map((line) =>
    columns
      .map(({ width, right }, column) =>
        right ? (line[column] ?? '').padStart(width) : (line[column] ?? '').padEnd(width),
      )
      .join('  ')
      .trimEnd(),
  );
  const rule = '-'.repeat(columns.reduce((sum, { width }) => sum + width + 2, -2));
  return [
    printable(title),
    rule,
    drawn[0] ?? '',
    rule,
    ...drawn.slice(1),
    rule,
    ...notes.map(printable),
  ].join('\n');
}

/** As Markdown, to be pasted into a manuscript. */
export function tableMarkdown(table: Table): string {
  const { title, head, rows, notes } = table;
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => printable(cell).replaceAll('|', '\\|')).join(' | ')} |`;
  const align = head.map((_, column) => (isNumericColumn(table, column) ? '---:' : '---'));
  return [
    `**${printable(title)}**`,
    '',
    line(head),
    line(align),
    ...rows.map(line),
    ...notes.map((note) => `\n${printable(note)}`),
    '',
  ].join('\n');
}

/** As CSV (RFC 4180), without title and notes. */
export function tableCsv({ head, rows }: Table): string {
  const cell = (text: string) => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  return [head, ...rows].map((line) => `${line.map(cell).join(',')}\n`).join('');
}
