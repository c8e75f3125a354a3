import type { Pdf, PdfElement } from './pdf-port.js';
import { lineSpacing, type TextStyle, type Typesetter } from './pdf-text.js';

export const pageMargin = 54;

/** Where the next piece goes, page after page. */
export class PageFlow {
  readonly pdf: Pdf;
  readonly type: Typesetter;
  readonly root: PdfElement;
  y = pageMargin;

  constructor(pdf: Pdf, type: Typesetter) {
    this.pdf = pdf;
    this.type = type;
    this.root = pdf.struct('Document', {});
    pdf.addStructure(this.root);
  }

  get left(): number {
    return pageMargin;
  }

  get width(): number {
    return this.pdf.page.width - 2 * pageMargin;
  }

  get #bottom(): number {
    return this.pdf.page.height - pageMargin - 14;
  }

  /** Height that a page can take. */
  get pageHeight(): number {
    return this.#bottom - pageMargin;
  }

  fits(height: number): boolean {
    return this.y + height <= this.#bottom;
  }

  newPage(): void {
    this.pdf.continueOnNewPage();
    this.y = pageMargin;
  }

  /** Goes to a new page unless so much fits; what is higher than a page is not moved. */
  need(height: number): void {
    if (!this.fits(height) && height <= this.pageHeight) this.newPage();
  }

  space(height: number): void {
    if (this.y > pageMargin) this.y += height;
  }

  /** Lines and backgrounds: decoration that a screen reader passes over. */
  decorate(draw: () => void): void {
    this.pdf.markContent('Artifact', { type: 'Layout' });
    this.pdf.save();
    draw();
    this.pdf.restore();
    this.pdf.endMarkedContent();
  }

  /** One structure element with text, broken over pages where it must be. */
  text(tag: string, text: string, style: TextStyle, indent = 0, parent: PdfElement = this.root): void {
    const lines = this.type.lines(text, style, this.width - indent);
    const height = style.size * lineSpacing;
    const element = this.pdf.struct(tag, {}, () => {
      for (const line of lines) {
        if (!this.fits(height)) this.newPage();
        this.type.draw(line, style, this.left + indent, this.y);
        this.y += height;
      }
    });
    parent.add(element);
    element.end();
  }
}
