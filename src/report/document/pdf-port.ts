import type { FontSet } from './pdf-fonts.js';

/** A structure element of a tagged PDF. */
export interface PdfElement {
  add(child: PdfElement): void;
  end(): void;
}

export interface PdfElementOptions {
  readonly alt?: string;
  /** [left, top, right, bottom] in points, from the top left corner of the page. */
  readonly bbox?: readonly [number, number, number, number];
  /** Of a header cell. */
  readonly scope?: 'Row' | 'Column';
}

/** What the documents use of PDFKit; its published types lag behind its tagging. */
export interface Pdf {
  readonly page: { readonly width: number; readonly height: number };
  font(name: string): this;
  fontSize(size: number): this;
  fillColor(colour: string): this;
  strokeColor(colour: string): this;
  lineWidth(width: number): this;
  text(text: string, x: number, y: number, options: { lineBreak: false }): this;
  widthOfString(text: string): number;
  moveTo(x: number, y: number): this;
  lineTo(x: number, y: number): this;
  stroke(): this;
  rect(x: number, y: number, width: number, height: number): this;
  fill(): this;
  save(): this;
  restore(): this;
  /** Adds a page on which the structure element that is being drawn goes on. */
  continueOnNewPage(): this;
  switchToPage(index: number): unknown;
  bufferedPageRange(): { start: number; count: number };
  markContent(tag: 'Artifact', options: { type: 'Pagination' | 'Layout' }): this;
  endMarkedContent(): this;
  struct(type: string, options: PdfElementOptions, draw?: () => void): PdfElement;
  addStructure(element: PdfElement): this;
  readonly outline: { addItem(title: string): { addItem(title: string): unknown } };
  end(): void;
}

export interface OpenPdf {
  readonly pdf: Pdf;
  /** The whole file, once `pdf.end()` was called. */
  readonly bytes: Promise<Uint8Array>;
  /** Draws SVG into a box, text included, with the fonts of the document. */
  drawSvg(svg: string, x: number, y: number, width: number, height: number): void;
}

/** PDFKit refuses dashes of length zero: a line without gaps becomes solid, other zeros nearly zero. */
function withoutZeroDashes(svg: string): string {
  return svg.replace(/ stroke-dasharray="([^"]*)"/g, (_whole, list: string) => {
    const dashes = list.split(/[\s,]+/).map(Number);
    const solid = dashes.every((length, index) => index % 2 === 0 || length === 0);
    return solid && dashes.length > 1
      ? ''
      : ` stroke-dasharray="${dashes.map((length) => length || 0.01).join(',')}"`;
  });
}

type SvgDrawer = (pdf: unknown, svg: string, x: number, y: number, options: object) => void;

/**
 * A4 document that conforms to PDF/UA as far as a library can see to it: tagged, with language and title, all fonts
 * embedded.
 */
export async function openPdf(title: string, fonts: FontSet): Promise<OpenPdf> {
  const [{ default: PDFDocument }, svgModule] = await Promise.all([
    import('pdfkit'),
    // It has no types; the default export of a CommonJS module is the function itself.
    import('svg-to-pdfkit' as string) as Promise<{ default: SvgDrawer }>,
  ]);
  const margin = 54;
  const options = {
    size: 'A4',
    margins: { top: margin, bottom: margin, left: margin, right: margin },
    pdfVersion: '1.7',
    tagged: true,
    subset: 'PDF/UA',
    lang: 'en',
    displayTitle: true,
    bufferPages: true,
    info: { Title: title, Creator: 'Lucency', Producer: 'Lucency' },
    // Without it the standard font Helvetica, which is not embedded, is named in the file.
    font: null,
  };
  const document = new PDFDocument(options as never);
  for (const [name, bytes] of fonts.files) document.registerFont(name, bytes as never);
  const chunks: Uint8Array[] = [];
  const bytes = new Promise<Uint8Array>((resolve, reject) => {
    document.on('data', (chunk: Uint8Array) => chunks.push(chunk));
    document.on('end', () => resolve(Buffer.concat(chunks)));
    document.on('error', reject);
  });
  return {
    pdf: document as unknown as Pdf,
    bytes,
    drawSvg: (svg, x, y, width, height) =>
      svgModule.default(document, withoutZeroDashes(svg), x, y, {
        width,
        height,
        preserveAspectRatio: 'xMidYMin meet',
        assumePt: true,
        fontCallback: (_family: string, bold: boolean) => fonts.main(bold ? 'bold' : 'regular'),
      }),
  };
}
