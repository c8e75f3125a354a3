import { largest } from '../../core/extremes.js';
import type { FontRun, FontSet, Weight } from './pdf-fonts.js';
import type { Pdf } from './pdf-port.js';

export interface TextStyle {
  readonly size: number;
  readonly weight: Weight;
  readonly colour: string;
}

interface MeasuredRun extends FontRun {
  readonly width: number;
}

/** One line of text, ready to be drawn. */
export interface TextLine {
  readonly runs: readonly MeasuredRun[];
  readonly width: number;
}

/** Ends a piece of a word that goes on in the next line; never drawn. */
const torn = '\u200b';

function spaced(line: TextLine): TextLine {
  const last = line.runs.at(-1);
  return last ? { ...line, runs: [...line.runs.slice(0, -1), { ...last, text: `${last.text} ` }] } : line;
}

/** Distance of base lines as a multiple of the size. */
export const lineSpacing = 1.38;

/** Sets text in the fonts of a document: measures, breaks into lines, draws. */
export class Typesetter {
  readonly #pdf: Pdf;
  readonly #fonts: FontSet;

  constructor(pdf: Pdf, fonts: FontSet) {
    this.#pdf = pdf;
    this.#fonts = fonts;
  }

  #measure(text: string, { size, weight }: TextStyle): TextLine {
    const runs = this.#fonts.runs(text, weight).map((run) => {
      const width = this.#pdf.font(run.font).fontSize(size).widthOfString(run.text);
      return { ...run, width };
    });
    return { runs, width: runs.reduce((sum, run) => sum + run.width, 0) };
  }

  width(text: string, style: TextStyle): number {
    return this.#measure(text, style).width;
  }

  /** Width of the longest word: a column narrower than this breaks words. */
  longestWord(text: string, style: TextStyle): number {
    return largest(
      text.split(/\s+/).map((word) => this.width(word, style)),
      0,
    );
  }

  /** Breaks at spaces and line ends; a word that is wider than the line is broken inside. */
  lines(text: string, style: TextStyle, width: number): TextLine[] {
    return text.split('\n').flatMap((paragraph) => this.#paragraph(paragraph, style, width));
  }

  #paragraph(text: string, style: TextStyle, width: number): TextLine[] {
    const lines: string[] = [];
    let line = '';
    for (const word of text.split(' ').flatMap((each) => this.#pieces(each, style, width))) {
      const longer = line === '' ? word : `${line} ${word}`;
      if (line !== '' && this.width(longer, style) > width) {
        lines.push(line);
        line = word;
      } else line = longer;
    }
    // The space at which a line was broken stays in the text, or a screen reader would join the two words.
    return [...lines, line].map((each, index) => {
      if (each.endsWith(torn)) return this.#measure(each.slice(0, -1), style);
      const measured = this.#measure(each, style);
      return index < lines.length ? spaced(measured) : measured;
    });
  }

  #pieces(word: string, style: TextStyle, width: number): string[] {
    if (this.width(word, style) <= width) return [word];
    const pieces: string[] = [];
    let piece = '';
    for (const character of word) {
      if (piece !== '' && this.width(piece + character, style) > width) {
        pieces.push(piece + torn);
        piece = '';
      }
      piece += character;
    }
    return [...pieces, piece];
  }

  draw(line: TextLine, style: TextStyle, x: number, y: number): void {
    let pen = x;
    for (const run of line.runs) {
      this.#pdf.font(run.font).fontSize(style.size).fillColor(style.colour);
      this.#pdf.text(run.text, pen, y, { lineBreak: false });
      pen += run.width;
    }
  }
}
