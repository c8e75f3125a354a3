import type { Table } from '../tables/table.js';
import { authorPrefix, type Block, type ReportDocument } from './blocks.js';
import { type FontSet, loadFonts } from './pdf-fonts.js';
import { PageFlow } from './pdf-page.js';
import { type OpenPdf, openPdf } from './pdf-port.js';
import { drawTable } from './pdf-table.js';
import { lineSpacing, type TextStyle, Typesetter } from './pdf-text.js';
import { svgSize } from './svg-size.js';

const ink = '#1a2128';
const body: TextStyle = { size: 9.5, weight: 'regular', colour: ink };
const quiet: TextStyle = { size: 8, weight: 'regular', colour: '#55606b' };
const titleStyle: TextStyle = { size: 19, weight: 'bold', colour: ink };
const headings: Readonly<Record<2 | 3, TextStyle>> = {
  2: { size: 13, weight: 'bold', colour: ink },
  3: { size: 10.5, weight: 'bold', colour: ink },
};
/** Plots at this scale have text of the size of the tables, and two of them fit on a page. */
const largestScale = 0.58;
const boxes = {
  notice: { colour: '#8a1c1c', background: '#fdeeee', prefix: '' },
  author: { colour: '#7a4b00', background: '#fff6e2', prefix: authorPrefix },
};

class DocumentDrawer {
  readonly #open: OpenPdf;
  readonly #flow: PageFlow;
  readonly #fonts: FontSet;
  #section: { addItem(title: string): unknown } | null = null;

  constructor(open: OpenPdf, fonts: FontSet) {
    this.#open = open;
    this.#fonts = fonts;
    this.#flow = new PageFlow(open.pdf, new Typesetter(open.pdf, fonts));
  }

  title(title: string, subtitle: string): void {
    // Level 1 is the title's alone; sections begin at level 2.
    this.#flow.text('H1', title, titleStyle);
    this.#flow.space(2);
    this.#flow.text('P', subtitle, { ...quiet, size: 9.5 });
    this.#flow.space(8);
  }

  #heading(level: 2 | 3, text: string): void {
    const style = headings[level];
    this.#flow.space(level === 3 ? 9 : 16);
    // A heading at the foot of a page would stand without what it heads.
    this.#flow.need(style.size * lineSpacing + 75);
    if (level === 3) this.#section?.addItem(text);
    else this.#section = this.#open.pdf.outline.addItem(text);
    this.#flow.text(level === 3 ? 'H3' : 'H2', text, style);
    this.#flow.space(2);
  }

  #list(items: readonly string[]): void {
    const { pdf, root, type, left } = this.#flow;
    const list = pdf.struct('L', {});
    root.add(list);
    for (const item of items) {
      this.#flow.need(body.size * lineSpacing);
      const entry = pdf.struct('LI', {});
      list.add(entry);
      const label = pdf.struct('Lbl', {}, () => {
        for (const line of type.lines('\u2022', body, 10)) type.draw(line, body, left + 4, this.#flow.y);
      });
      entry.add(label);
      label.end();
      this.#flow.text('LBody', item, body, 14, entry);
      entry.end();
    }
    list.end();
    this.#flow.space(4);
  }

  /** A tinted box as high as its text; one that is higher than a page goes without the tint. */
  #box(kind: 'notice' | 'author', text: string): void {
    const { colour, background, prefix } = boxes[kind];
    const style = { ...body, colour };
    const words = prefix + text;
    const { pdf, left, width } = this.#flow;
    const height = this.#flow.type.lines(words, style, width - 12).length * style.size * lineSpacing + 8;
    this.#flow.space(3);
    this.#flow.need(height);
    if (this.#flow.fits(height)) {
      const top = this.#flow.y;
      this.#flow.decorate(() => {
        pdf.fillColor(background).rect(left, top, width, height).fill();
        pdf.fillColor(colour).rect(left, top, 3, height).fill();
      });
    }
    this.#flow.y += 4;
    this.#flow.text('P', words, style, 12);
    this.#flow.y += 7;
  }

  #figure(svg: string, alternative: string, caption: string): void {
    const size = svgSize(svg);
    const { pdf, root, width } = this.#flow;
    const scale = Math.min(largestScale, width / size.width, (this.#flow.pageHeight - 40) / size.height);
    const [w, h] = [size.width * scale, size.height * scale];
    this.#flow.space(4);
    this.#flow.need(h + 20);
    const { left, y } = this.#flow;
    const figure = pdf.struct('Figure', { alt: alternative, bbox: [left, y, left + w, y + h] }, () => {
      this.#open.drawSvg(this.#fonts.plain(svg), left, y, w, h);
    });
    root.add(figure);
    figure.end();
    this.#flow.y += h + 3;
    this.#flow.text('P', caption, quiet);
    this.#flow.space(6);
  }

  #paragraph(text: string, style: TextStyle, after: number): void {
    this.#flow.text('P', text, style);
    this.#flow.space(after);
  }

  #table(table: Table): void {
    this.#flow.space(4);
    drawTable(this.#flow, table, ink);
    this.#flow.space(2);
    for (const note of table.notes) this.#flow.text('P', note, quiet);
    this.#flow.space(6);
  }

  block(block: Block): void {
    switch (block.kind) {
      case 'heading':
        this.#heading(block.level, block.text);
        break;
      case 'paragraph':
        this.#paragraph(block.text, body, 4);
        break;
      case 'label':
        this.#paragraph(block.text, quiet, 3);
        break;
      case 'list':
        this.#list(block.items);
        break;
      case 'table':
        this.#table(block.table);
        break;
      case 'figure':
        this.#figure(block.svg, block.alternative, block.caption);
        break;
      case 'notice':
      case 'author':
        this.#box(block.kind, block.text);
        break;
    }
  }

  /** Title and page number at the foot of every page, once all pages are there. */
  footers(title: string): void {
    const { pdf, type, left, width } = this.#flow;
    this.#flow.root.end();
    const { start, count } = pdf.bufferedPageRange();
    for (let page = start; page < start + count; page++) {
      pdf.switchToPage(page);
      const number = `${page - start + 1} / ${count}`;
      const y = pdf.page.height - 40;
      pdf.markContent('Artifact', { type: 'Pagination' });
      const [name] = type.lines(title, quiet, width - 80);
      const [numbered] = type.lines(number, quiet, 80);
      if (name) type.draw(name, quiet, left, y);
      if (numbered) type.draw(numbered, quiet, left + width - numbered.width, y);
      pdf.endMarkedContent();
    }
  }
}

/** The document as tagged PDF (PDF/UA): structure, alternative texts, bookmarks, embedded fonts. */
export async function pdfDocument({ title, subtitle, blocks }: ReportDocument): Promise<Uint8Array> {
  const fonts = await loadFonts();
  const open = await openPdf(title, fonts);
  const drawer = new DocumentDrawer(open, fonts);
  drawer.title(title, subtitle);
  for (const block of blocks) drawer.block(block);
  drawer.footers(title);
  open.pdf.end();
  return open.bytes;
}
