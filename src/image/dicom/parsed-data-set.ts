import { decodeText } from './character-sets.js';
import type { DataSet, NumericVr, PixelDataLocation } from './data-set.js';
import type { Element, ElementReader, Encoding } from './elements.js';
import { tag } from './tags.js';

const binaryWidth = { US: 2, SS: 2, UL: 4, SL: 4, FL: 4, FD: 8 } as const;
type BinaryVr = keyof typeof binaryWidth;

const decimal = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

function isBinary(vr: string): vr is BinaryVr {
  return vr in binaryWidth;
}

function isNumeric(vr: string | null): vr is NumericVr {
  return vr !== null && (isBinary(vr) || vr === 'DS' || vr === 'IS');
}

const nul = String.fromCharCode(0);
const padding = new RegExp(`^[ ${nul}]+|[ ${nul}\\r\\n]+$`, 'g');

/** Spaces and NULs at either end pad text to even length (PS3.5 6.2). */
function trim(text: string): string {
  return text.replace(padding, '');
}

interface Context {
  readonly name: string;
  readonly reader: ElementReader;
  readonly encoding: Encoding;
  /** Specific Character Set of the data set around this one. */
  readonly characterSets: readonly string[];
}

/** `DataSet` over element headers found by `ElementReader`. */
export class ParsedDataSet implements DataSet {
  readonly #elements: ReadonlyMap<number, Element>;
  readonly #context: Context;
  readonly #characterSets: readonly string[];

  constructor(elements: ReadonlyMap<number, Element>, context: Context) {
    this.#elements = elements;
    this.#context = context;
    this.#characterSets = context.characterSets;
    if (elements.has(tag.SpecificCharacterSet)) this.#characterSets = this.texts(tag.SpecificCharacterSet);
  }

  get name(): string {
    return this.#context.name;
  }

  get source(): Uint8Array {
    return this.#context.reader.bytes;
  }

  get littleEndian(): boolean {
    return this.#context.encoding.littleEndian;
  }

  get pixelData(): PixelDataLocation | null {
    const element = this.#elements.get(tag.PixelData);
    if (!element) return null;
    return { at: element.at, start: element.start, length: element.encapsulated ? null : element.length };
  }

  tags(): number[] {
    return [...this.#elements.keys()];
  }

  has(tagValue: number): boolean {
    return this.#elements.has(tagValue);
  }

  vr(tagValue: number): string | null {
    return this.#elements.get(tagValue)?.vr ?? null;
  }

  bytes(tagValue: number): Uint8Array | null {
    const element = this.#elements.get(tagValue);
    return element ? this.source.subarray(element.start, element.start + element.length) : null;
  }

  words(tagValue: number): Uint16Array | null {
    const bytes = this.bytes(tagValue);
    if (!bytes) return null;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return Uint16Array.from({ length: bytes.length >> 1 }, (_, i) =>
      view.getUint16(2 * i, this.littleEndian),
    );
  }

  texts(tagValue: number): string[] {
    const bytes = this.bytes(tagValue);
    if (!bytes || bytes.length === 0) return [];
    return decodeText(bytes, this.#characterSets).split('\\').map(trim);
  }

  text(tagValue: number): string | null {
    return this.texts(tagValue).find((value) => value !== '') ?? null;
  }

  wholeText(tagValue: number): string | null {
    const bytes = this.bytes(tagValue);
    return bytes ? trim(decodeText(bytes, this.#characterSets)) : null;
  }

  numbers(tagValue: number, fallback: NumericVr): number[] {
    const stated = this.vr(tagValue);
    const vr = isNumeric(stated) ? stated : fallback;
    if (!isBinary(vr)) {
      return this.texts(tagValue).map((value) => (decimal.test(value) ? Number(value) : Number.NaN));
    }
    const bytes = this.bytes(tagValue);
    if (!bytes) return [];
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const width = binaryWidth[vr];
    return Array.from({ length: Math.floor(bytes.length / width) }, (_, index) =>
      readBinary(view, index * width, vr, this.littleEndian),
    );
  }

  number(tagValue: number, vr: NumericVr): number | null {
    const [first] = this.numbers(tagValue, vr);
    return first !== undefined && Number.isFinite(first) ? first : null;
  }

  items(tagValue: number): DataSet[] {
    const element = this.#elements.get(tagValue);
    if (!element || element.encapsulated) return [];
    const { name, reader } = this.#context;
    const context: Context = { name, reader, encoding: element.inner, characterSets: this.#characterSets };
    try {
      return reader
        .items(element)
        .map(
          ({ start, end }) =>
            new ParsedDataSet(reader.elements(start, end, element.inner, 'item').elements, context),
        );
    } catch {
      // What is no sequence has no items; the elements that matter are then missing, and missed by name.
      return [];
    }
  }
}

function readBinary(view: DataView, at: number, vr: BinaryVr, littleEndian: boolean): number {
  switch (vr) {
    case 'US':
      return view.getUint16(at, littleEndian);
    case 'SS':
      return view.getInt16(at, littleEndian);
    case 'UL':
      return view.getUint32(at, littleEndian);
    case 'SL':
      return view.getInt32(at, littleEndian);
    case 'FL':
      return view.getFloat32(at, littleEndian);
    case 'FD':
      return view.getFloat64(at, littleEndian);
  }
}
