import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { woffToTtf } from './woff-to-ttf.js';

export type Weight = 'regular' | 'bold';

/** A piece of text that one font can draw. */
export interface FontRun {
  /** Name under which the font is registered. */
  readonly font: string;
  readonly text: string;
}

/** Fonts that together cover the Latin, Greek and Cyrillic scripts; all of them are embedded. */
export interface FontSet {
  /** Bytes by name, to be registered with the document. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** Splits text into runs; a character that no font has becomes a question mark. */
  runs(text: string, weight: Weight): FontRun[];
  /** The font of Latin text. */
  main(weight: Weight): string;
  /** Text that the main font can draw by itself, for places that take one font only. */
  plain(text: string): string;
}

const scripts = ['latin', 'latin-ext', 'greek', 'cyrillic', 'cyrillic-ext', 'vietnamese'];
const weights: Readonly<Record<Weight, string>> = { regular: '400', bold: '600' };

/** Signs that the fonts lack, and what says the same. */
const equivalents: Readonly<Record<string, string>> = {
  '\u200b': '',
  '\u00a0': ' ',
  '\u2009': ' ',
  '\u202f': ' ',
  '\u2010': '-',
  '\u2011': '-',
  '\u2264': '<=',
  '\u2265': '>=',
  '\u221a': 'sqrt',
  '\u2192': '->',
};

interface LoadedFont {
  readonly name: string;
  readonly bytes: Uint8Array;
  has(character: string): boolean;
}

async function loadFont(script: string, weight: Weight): Promise<LoadedFont> {
  const file = `@fontsource/ibm-plex-sans/files/ibm-plex-sans-${script}-${weights[weight]}-normal.woff`;
  const [bytes, { parse }] = await Promise.all([
    readFile(createRequire(import.meta.url).resolve(file)),
    import('opentype.js').then((module) => module.default),
  ]);
  const font = parse(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  return {
    name: `${script}-${weight}`,
    bytes: woffToTtf(bytes),
    has: (character) => font.charToGlyphIndex(character) > 0,
  };
}

function runsWith(fonts: readonly LoadedFont[], text: string): FontRun[] {
  const runs: { font: string; text: string }[] = [];
  const fontOf = (character: string) => fonts.find((font) => font.has(character));
  for (const character of text.normalize('NFC')) {
    const known = fontOf(character) ? character : (equivalents[character] ?? '?');
    for (const drawn of known) {
      const name = (fontOf(drawn) ?? fonts[0])?.name ?? '';
      const last = runs.at(-1);
      // A space goes with the run before it, whatever its font.
      if (last && (last.font === name || drawn === ' ')) last.text += drawn;
      else runs.push({ font: name, text: drawn });
    }
  }
  return runs;
}

let loading: Promise<FontSet> | undefined;

/** IBM Plex Sans (SIL Open Font Licence) in two weights; read once, on first use. */
export function loadFonts(): Promise<FontSet> {
  loading ??= readFonts();
  return loading;
}

async function readFonts(): Promise<FontSet> {
  const load = (weight: Weight) => Promise.all(scripts.map((script) => loadFont(script, weight)));
  const [regular, bold] = await Promise.all([load('regular'), load('bold')]);
  const [latin] = regular;
  return {
    files: new Map([...regular, ...bold].map(({ name, bytes }) => [name, bytes])),
    runs: (text, weight) => runsWith(weight === 'bold' ? bold : regular, text),
    main: (weight) => `latin-${weight}`,
    plain: (text) =>
      Array.from(text, (character) =>
        latin?.has(character) || /\s/.test(character) ? character : (equivalents[character] ?? '?'),
      ).join(''),
  };
}
