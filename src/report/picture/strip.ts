import { colours } from './colours.js';
import { CAP_HEIGHT, type Glyphs } from './glyphs.js';

/** One paragraph of a strip of text below a picture. */
export interface StripText {
  readonly text: string;
  /** Times the base text size; 1 when absent. */
  readonly emphasis?: number;
  readonly colour?: string;
}

/** What stands at the right of the first line of a strip, such as a scale bar. */
export interface StripAside {
  readonly width: number;
  readonly height: number;
  /** SVG with its top left corner at (x, y). */
  draw(x: number, y: number): string;
}

/** A strip of text below a picture, never over its pixels. */
export interface Strip {
  readonly height: number;
  /** SVG of the strip with its top at `y`. */
  draw(y: number): string;
}

const LINE_HEIGHT = 1.4;

/** Lays out paragraphs in a strip `width` wide; `size` is the text size, all in picture pixels. */
export function layoutStrip(
  paragraphs: readonly StripText[],
  aside: StripAside | null,
  { width, size, glyphs }: { width: number; size: number; glyphs: Glyphs },
): Strip {
  const margin = Math.round(size * 0.8);
  const room = width - 2 * margin;
  const asideRoom = aside ? aside.width + margin : 0;
  // Beside the aside there may be too little room for words; then the aside gets a line of its own.
  const beside = room - asideRoom >= 12 * size;
  const asideBelow = aside !== null && !beside;
  let y = margin;
  const lines: { text: string; top: number; size: number; colour: string }[] = [];
  paragraphs.forEach((paragraph, index) => {
    const textSize = size * (paragraph.emphasis ?? 1);
    const lineRoom = index === 0 && beside ? room - asideRoom : room;
    for (const text of glyphs.wrap(paragraph.text, textSize, lineRoom)) {
      lines.push({ text, top: y, size: textSize, colour: paragraph.colour ?? colours.text });
      y += textSize * LINE_HEIGHT;
    }
    if (index === 0 && aside && beside) y = Math.max(y, margin + aside.height + size * 0.4);
    y += size * 0.15;
  });
  const asideTop = asideBelow ? y + size * 0.3 : margin;
  if (asideBelow && aside) y = asideTop + aside.height;
  const height = Math.ceil(y + margin * 0.6);
  return {
    height,
    draw: (top) =>
      [
        `<rect x="0" y="${top}" width="${width}" height="${height}" fill="${colours.strip}"/>`,
        ...lines.map((line) => textLine(glyphs, line.text, margin, top + line.top, line.size, line.colour)),
        aside ? aside.draw(asideBelow ? margin : width - margin - aside.width, top + asideTop) : '',
      ].join(''),
  };
}

/** One line of text; `top` is the upper end of its line box. */
export function textLine(
  glyphs: Glyphs,
  text: string,
  x: number,
  top: number,
  size: number,
  colour: string,
): string {
  const baseline = top + (size * LINE_HEIGHT + size * CAP_HEIGHT) / 2;
  return glyphs.draw(text, x, baseline, size, colour);
}
