import { largest } from '../../core/extremes.js';
import { isNumericColumn, type Table } from '../tables/table.js';
import type { PageFlow } from './pdf-page.js';
import type { PdfElement } from './pdf-port.js';
import { lineSpacing, type TextLine, type TextStyle } from './pdf-text.js';

const gap = 10;
const rowPadding = 2.5;
const sizes = [8.5, 8, 7.5, 7, 6.5];

interface Cell {
  readonly lines: readonly TextLine[];
  readonly style: TextStyle;
}

/** Column widths: as wide as the text where there is room, else shrunk towards the longest words. */
function columnWidths(flow: PageFlow, table: Table, style: TextStyle): { widths: number[]; fits: boolean } {
  const bold = { ...style, weight: 'bold' as const };
  const columns = table.head.map((head, column) => {
    const cells = table.rows.map((row) => row[column] ?? '');
    const natural = largest(
      cells.map((cell) => flow.type.width(cell, style)),
      flow.type.width(head, bold),
    );
    // Numbers with their intervals are not torn apart; words are.
    const least = isNumericColumn(table, column)
      ? largest(
          cells.map((cell) => flow.type.width(cell, style)),
          flow.type.longestWord(head, bold),
        )
      : largest(
          cells.map((cell) => flow.type.longestWord(cell, style)),
          flow.type.longestWord(head, bold),
        );
    return { natural, least: Math.min(least, natural) };
  });
  const room = flow.width - gap * (columns.length - 1);
  const natural = columns.reduce((sum, column) => sum + column.natural, 0);
  const least = columns.reduce((sum, column) => sum + column.least, 0);
  if (natural <= room) return { widths: columns.map((column) => column.natural + 0.5), fits: true };
  if (least <= room) {
    const share = (room - least) / (natural - least);
    return {
      widths: columns.map((column) => column.least + share * (column.natural - column.least)),
      fits: true,
    };
  }
  return { widths: columns.map((column) => (column.least / least) * room), fits: false };
}

class TableDrawer {
  readonly #flow: PageFlow;
  readonly #table: Table;
  readonly #style: TextStyle;
  readonly #widths: readonly number[];
  readonly #right: readonly boolean[];

  constructor(flow: PageFlow, table: Table, style: TextStyle, widths: readonly number[]) {
    this.#flow = flow;
    this.#table = table;
    this.#style = style;
    this.#widths = widths;
    this.#right = table.head.map((_, column) => isNumericColumn(table, column));
  }

  #cells(texts: readonly string[], weight: TextStyle['weight']): Cell[] {
    const style = { ...this.#style, weight };
    return this.#widths.map((width, column) => ({
      lines: this.#flow.type.lines(texts[column] ?? '', style, width),
      style,
    }));
  }

  #height(cells: readonly Cell[]): number {
    const lines = largest(cells.map((cell) => cell.lines.length));
    return lines * this.#style.size * lineSpacing + 2 * rowPadding;
  }

  #drawCell(cell: Cell, column: number): void {
    const { type, left, y } = this.#flow;
    const start = left + this.#widths.slice(0, column).reduce((sum, width) => sum + width + gap, 0);
    const width = this.#widths[column] ?? 0;
    for (const [index, line] of cell.lines.entries()) {
      const x = this.#right[column] ? start + width - line.width : start;
      type.draw(line, cell.style, x, y + rowPadding + index * cell.style.size * lineSpacing);
    }
  }

  #rule(colour: string, width: number): void {
    const { pdf, left, y } = this.#flow;
    const total = this.#widths.reduce((sum, each) => sum + each + gap, -gap);
    this.#flow.decorate(() => {
      pdf.strokeColor(colour).lineWidth(width);
      pdf
        .moveTo(left, y)
        .lineTo(left + total, y)
        .stroke();
    });
  }

  #row(parent: PdfElement, cells: readonly Cell[], header: boolean): void {
    const { pdf } = this.#flow;
    const row = pdf.struct('TR', {});
    parent.add(row);
    for (const [column, cell] of cells.entries()) {
      const head = header || column === 0;
      const scope = header ? ('Column' as const) : ('Row' as const);
      const element = pdf.struct(head ? 'TH' : 'TD', head ? { scope } : {}, () =>
        this.#drawCell(cell, column),
      );
      row.add(element);
      element.end();
    }
    row.end();
    this.#flow.y += this.#height(cells);
  }

  /** The head once more on a new page, for the eye only: its cells are in the structure already. */
  #repeatHead(cells: readonly Cell[]): void {
    this.#flow.newPage();
    this.#flow.decorate(() => {
      for (const [column, cell] of cells.entries()) this.#drawCell(cell, column);
    });
    this.#flow.y += this.#height(cells);
    this.#rule('#222222', 0.8);
  }

  draw(): void {
    const { root, pdf } = this.#flow;
    const head = this.#cells(this.#table.head, 'bold');
    const rows = this.#table.rows.map((row) => this.#cells(row, 'regular'));
    const [first] = rows;
    const captionStyle = { ...this.#style, size: 9, weight: 'bold' as const };
    this.#flow.need(24 + this.#height(head) + (first ? this.#height(first) : 0));
    const table = pdf.struct('Table', {});
    root.add(table);
    this.#flow.text('Caption', this.#table.title, captionStyle, 0, table);
    this.#flow.y += 2;
    this.#row(table, head, true);
    this.#rule('#222222', 0.8);
    for (const row of rows) {
      if (!this.#flow.fits(this.#height(row))) this.#repeatHead(head);
      this.#row(table, row, false);
      this.#rule('#cccccc', 0.4);
    }
    table.end();
  }
}

/** A table with caption, header cells and rows as structure; its head is repeated on every page. */
export function drawTable(flow: PageFlow, table: Table, colour: string): void {
  const styleOf = (size: number): TextStyle => ({ size, weight: 'regular', colour });
  const tried = sizes.map((size) => ({ style: styleOf(size), ...columnWidths(flow, table, styleOf(size)) }));
  const chosen = tried.find(({ fits }) => fits) ?? tried.at(-1);
  if (chosen === undefined) return;
  new TableDrawer(flow, table, chosen.style, chosen.widths).draw();
}
