import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Font } from 'opentype.js';

/**
 * Text as outlines. Librsvg draws `<text>` with the fonts of the machine, and a bare server has none: letters would
 * silently be missing. So the letters of a picture are paths, taken from a font that comes with the package.
 */
export interface Glyphs {
  /** Width of one line of text, in the unit of `size` (pixels). */
  measure(text: string, size: number): number;
  /** SVG path data of one line of text; `x` is its left end, `baseline` the y of its baseline. */
  outline(text: string, x: number, baseline: number, size: number): string;
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
  return glyphsOf(parse(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength)));
}

function glyphsOf(font: Font): Glyphs {
  const has = (character: string): boolean => font.charToGlyphIndex(character) > 0;
  const drawable = (text: string): string =>
    Array.from(text.normalize('NFC'), (c) => substitute(c, has)).join('');
  const measure = (text: string, size: number): number => font.getAdvanceWidth(drawable(text), size);
  return {
    measure,
    outline: (text, x, baseline, size) => font.getPath(drawable(text), x, baseline, size).toPathData(2),
    wrap: (text, size, width) => wrapLines(text, width, (part) => measure(part, size)),
    missing: (text) =>
      Array.from(text.normalize('NFC')).filter((c) => substitute(c, has) === '?' && c !== '?'),
  };
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
