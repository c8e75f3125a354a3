import { type AttributeName, attributes } from './attributes.js';

/** A coded or nested item: values by keyword. */
export type DataSetValues = { readonly [name in AttributeName]?: AttributeValue | undefined };

export type AttributeValue =
  | string
  | number
  | readonly string[]
  | readonly number[]
  /** Bytes of OB, OW and the like, or floats of OF, as they lie in the file (little endian). */
  | Uint8Array
  | readonly DataSetValues[];

/** An element taken over from another file, byte for byte. */
export interface CopiedElement {
  readonly tag: number;
  readonly vr: string;
  /** Value bytes, little endian; for sequences the elements of each item. */
  readonly value: Uint8Array | readonly (readonly CopiedElement[])[];
}

/** VRs with two reserved bytes and a 32-bit length (PS3.5 7.1.2). */
const longVrs = new Set('OB OD OF OL OV OW SQ SV UC UN UR UT UV'.split(' '));
const numberWidths: Readonly<Record<string, number>> = { US: 2, SS: 2, UL: 4, SL: 4, FL: 4, FD: 8, AT: 4 };
/** Longest value with a 16-bit length. */
const longestShortValue = 0xfffe;
const item = 0xfffee000;
const maxDecimalCharacters = 16;

/** A number as a decimal string (DS), which holds 16 characters: as many digits as fit. */
export function decimalString(value: number): string {
  const text = String(value);
  if (text.length <= maxDecimalCharacters) return text;
  for (let digits = 15; digits > 0; digits--) {
    const shorter = String(Number(value.toPrecision(digits)));
    if (shorter.length <= maxDecimalCharacters) return shorter;
  }
  return value.toExponential(8);
}

/**
 * Text that every character set of DICOM can hold: accents are dropped, all else beyond ASCII becomes a question mark.
 * What Lucency itself writes stands beside copied text in the character set of the source.
 */
export function plainText(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^\x20-\x7e\n\r\t]/g, '?');
}

function textOf(value: string | number, vr: string): string {
  if (typeof value === 'number') return vr === 'DS' ? decimalString(value) : String(value);
  return plainText(value);
}

function numberBytes(values: readonly number[], vr: string): Uint8Array {
  const width = numberWidths[vr] ?? 2;
  const bytes = new Uint8Array(values.length * width);
  const view = new DataView(bytes.buffer);
  values.forEach((value, index) => {
    const at = index * width;
    if (vr === 'FL') view.setFloat32(at, value, true);
    else if (vr === 'FD') view.setFloat64(at, value, true);
    else if (vr === 'AT') {
      view.setUint16(at, value >>> 16, true);
      view.setUint16(at + 2, value & 0xffff, true);
    } else if (width === 2) view.setUint16(at, value & 0xffff, true);
    else view.setUint32(at, value >>> 0, true);
  });
  return bytes;
}

function isItems(value: AttributeValue, vr: string): value is readonly DataSetValues[] {
  return vr === 'SQ' && Array.isArray(value);
}

function simpleBytes(value: Exclude<AttributeValue, readonly DataSetValues[]>, vr: string): Uint8Array {
  if (value instanceof Uint8Array) return value;
  const values: readonly (string | number)[] = Array.isArray(value) ? value : [value as string | number];
  if (vr in numberWidths) return numberBytes(values.map(Number), vr);
  return Buffer.from(values.map((one) => textOf(one, vr)).join('\\'), 'latin1');
}

function copiedElement(name: string, value: AttributeValue): CopiedElement {
  const definition = attributes[name as AttributeName];
  const [tag, vr] = definition;
  if (isItems(value, vr)) return { tag, vr, value: value.map(elementsOf) };
  return { tag, vr, value: simpleBytes(value as Exclude<AttributeValue, readonly DataSetValues[]>, vr) };
}

/** The elements of a data set; attributes without a value are left out. */
export function elementsOf(values: DataSetValues): CopiedElement[] {
  return Object.entries(values).flatMap(([name, value]) =>
    value === undefined ? [] : [copiedElement(name, value)],
  );
}

/** Collects the bytes of elements, so that large values are copied once, at the end. */
class Sink {
  readonly parts: Uint8Array[] = [];
  length = 0;

  add(bytes: Uint8Array): void {
    this.parts.push(bytes);
    this.length += bytes.length;
  }
}

function header(tag: number, vr: string, length: number): Uint8Array {
  const long = longVrs.has(vr);
  const bytes = Buffer.alloc(long ? 12 : 8);
  bytes.writeUInt16LE(tag >>> 16, 0);
  bytes.writeUInt16LE(tag & 0xffff, 2);
  bytes.write(vr, 4, 'latin1');
  if (long) bytes.writeUInt32LE(length, 8);
  else bytes.writeUInt16LE(length, 6);
  return bytes;
}

function itemHeader(length: number): Uint8Array {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt16LE(item >>> 16, 0);
  bytes.writeUInt16LE(item & 0xffff, 2);
  bytes.writeUInt32LE(length, 4);
  return bytes;
}

const nul = Uint8Array.of(0);
const space = Uint8Array.of(0x20);
const binaryVrs = new Set('OB OD OF OL OV OW UI UN US SS UL SL FL FD AT SV UV'.split(' '));

function writeElement({ tag, vr, value }: CopiedElement, sink: Sink): void {
  if (!(value instanceof Uint8Array)) {
    const inner = new Sink();
    for (const elements of value) {
      const contents = encodeSorted(elements);
      inner.add(itemHeader(contents.length));
      for (const part of contents.parts) inner.add(part);
    }
    sink.add(header(tag, vr, inner.length));
    for (const part of inner.parts) sink.add(part);
    return;
  }
  // A value that its VR cannot hold in this encoding would break everything behind it; it is left empty.
  const bytes = !longVrs.has(vr) && value.length > longestShortValue ? value.subarray(0, 0) : value;
  const padded = bytes.length + (bytes.length % 2);
  sink.add(header(tag, vr, padded));
  if (bytes.length > 0) sink.add(bytes);
  if (padded > bytes.length) sink.add(binaryVrs.has(vr) ? nul : space);
}

function encodeSorted(elements: readonly CopiedElement[]): Sink {
  const sink = new Sink();
  for (const element of [...elements].sort((a, b) => a.tag - b.tag)) writeElement(element, sink);
  return sink;
}

/** Elements in ascending order, explicit VR little endian (PS3.5 A.2), sequences and items with their lengths. */
export function encodeElements(elements: readonly CopiedElement[]): readonly Uint8Array[] {
  return encodeSorted(elements).parts;
}
