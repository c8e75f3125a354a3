import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { setImmediate } from 'node:timers/promises';
import type { Font, PathCommand } from 'opentype.js';

/**
 * Text as outlines. Librsvg draws `<text>` with the fonts of the machine, and a bare server has none: letters would
 * silently be missing. So the letters of a picture are paths, taken from a font that comes with the package.
 */
export interface Glyphs {
  /** Width of one line of text, in the unit of `size` (pixels). */
  measure(text: string, size: number): number;
  /** SVG of one line of text; `x` is its left end, `baseline` the y of its baseline. */
  draw(text: string, x: number, baseline: number, size: number, colour: string): string;
  /** Breaks text at spaces into lines no wider than `width`; a longer word is broken inside. */
  wrap(text: string, size: number, width: number): string[];
  /** The characters of a text that the font lacks; they are drawn as a question mark. */
  missing(text: string): string[];
}

/** Height of the capital letters of the font, as a share of its size. */
export const CAP_HEIGHT = 0.698;

const FONT_FILE = '@fontsource/ibm-plex-sans/files/ibm-plex-sans-latin-500-normal.woff';
// Spaces and dashes that the font lacks but that mean the same as one it has.
const EQUIVALENTS: Readonly<Record<string, string>> = {
  '\u00a0': ' ',
  '\u2009': ' ',
  '\u202f': ' ',
  '\u2010': '-',
  '\u2011': '-',
};

let loading: Promise<Glyphs> | undefined;

/** The one font of all pictures; read once, on first use. */
export function loadGlyphs(): Promise<Glyphs> {
  loading ??= readFont();
  return loading;
}

async function readFont(): Promise<Glyphs> {
  const [bytes, { parse }] = await Promise.all([
    readFile(createRequire(import.meta.url).resolve(FONT_FILE)),
    import('opentype.js').then((module) => module.default),
  ]);
  // Loading the library and parsing the font take tens of milliseconds each; a service must answer in between.
  await setImmediate();
  const font = parse(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  await setImmediate();
  return glyphsOf(font);
}

/** One letter: its width, and its outline as SVG path data, in units of the font. */
interface Letter {
  readonly advance: number;
  readonly path: string;
}

function glyphsOf(font: Font): Glyphs {
  const letters = new Map<string, Letter>();
  const has = (character: string): boolean => font.charToGlyphIndex(character) > 0;
  const lettersOf = (text: string): Letter[] =>
    Array.from(text.normalize('NFC')).flatMap((c) => Array.from(substitute(c, has), letterOf));
  const measure = (text: string, size: number): number =>
    (lettersOf(text).reduce((sum, letter) => sum + letter.advance, 0) * size) / font.unitsPerEm;
  return {
    measure,
    draw(text, x, baseline, size, colour) {
      const scale = round(size / font.unitsPerEm, 6);
      const place = `translate(${round(x, 2)} ${round(baseline, 2)}) scale(${scale})`;
      let pen = 0;
      let body = '';
      for (const { advance, path } of lettersOf(text)) {
        if (path !== '') body += `<path transform="translate(${pen} 0)" d="${path}"/>`;
        pen += advance;
      }
      return `<g fill="${colour}" transform="${place}">${body}</g>`;
    },
    wrap: (text, size, width) => wrapLines(text, width, (part) => measure(part, size)),
    missing: (text) =>
      Array.from(text.normalize('NFC')).filter((c) => substitute(c, has) === '?' && c !== '?'),
  };

  /** Each letter is shaped once: the library's layout of a whole text takes a millisecond and more each time. */
  function letterOf(character: string): Letter {
    const known = letters.get(character);
    if (known) return known;
    const glyph = font.charToGlyph(character);
    const { commands } = glyph.getPath(0, 0, font.unitsPerEm);
    const letter = { advance: glyph.advanceWidth ?? 0, path: pathData(commands) };
    letters.set(character, letter);
    return letter;
  }
}

/** Written here because the library's own writer turns a coordinate such as 1e-7 into NaN, which cuts the text off. */
function pathData(commands: readonly PathCommand[]): string {
  const point = (x: number, y: number): string => `${round(x, 1)} ${round(y, 1)}`;
  const parts = commands.map((c) => {
    if (c.type === 'Z') return 'Z';
    if (c.type === 'Q') return `Q${point(c.x1, c.y1)} ${point(c.x, c.y)}`;
    if (c.type === 'C') return `C${point(c.x1, c.y1)} ${point(c.x2, c.y2)} ${point(c.x, c.y)}`;
    return `${c.type}${point(c.x, c.y)}`;
  });
  return parts.join('');
}

function round(value: number, digits: number): number {
  const factor = 10 ** digits;
  return Math.round(value * factor) / factor;
}

function substitute(character: string, has: (character: string) => boolean): string {
  const equivalent = EQUIVALENTS[character] ?? character;
  if (has(equivalent)) return equivalent;
  const bare = equivalent.normalize('NFKD').replace(/\p{M}/gu, '');
  return bare !== '' && Array.from(bare).every(has) ? bare : '?';
}

function wrapLines(text: string, width: number, measure: (part: string) => number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ').flatMap((part) => breakWord(part, width, measure))) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && measure(longer) > width) {
      lines.push(line);
      line = word;
    } else {
      line = longer;
    }
  }
  return line === '' ? lines : [...lines, line];
}

function breakWord(word: string, width: number, measure: (part: string) => number): string[] {
  if (measure(word) <= width) return [word];
  const parts: string[] = [];
  let part = '';
  for (const character of word) {
    if (part !== '' && measure(part + character) > width) {
      parts.push(part);
      part = '';
    }
    part += character;
  }
  return [...parts, part];
}
