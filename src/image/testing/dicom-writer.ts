import { deflateRawSync } from 'node:zlib';

/**
 * Writes small DICOM files for tests: every encoding that PS3.5 and PS3.10 allow, and the malformed variants that are met.
 * Results of Lucency are written elsewhere, through a library.
 */

export type TestValue =
  | string
  | readonly number[]
  | Uint8Array
  | Uint16Array
  | Int16Array
  /** Items of a sequence. */
  | readonly TestElement[][]
  /** Fragments of encapsulated pixel data; the offset table comes first. */
  | { readonly fragments: readonly Uint8Array[] };

export type TestElement = readonly [tag: number, vr: string, value: TestValue];

export interface TestFileOptions {
  readonly transferSyntax?: string;
  readonly explicit?: boolean;
  readonly littleEndian?: boolean;
  readonly deflated?: boolean;
  readonly preamble?: boolean;
  readonly meta?: boolean;
  /** Sequences and items without length, closed by delimiters. */
  readonly undefinedLengths?: boolean;
}

const longVrs = new Set('OB OD OF OL OV OW SQ SV UC UN UR UT UV'.split(' '));
const numberWidths: Readonly<Record<string, number>> = { US: 2, SS: 2, UL: 4, SL: 4, OW: 2, OB: 1, UN: 1 };

interface Encoding {
  readonly explicit: boolean;
  readonly littleEndian: boolean;
  readonly undefinedLengths: boolean;
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(Buffer.concat(parts));
}

function integer(value: number, width: number, littleEndian: boolean): Uint8Array {
  const bytes = new Uint8Array(width);
  const view = new DataView(bytes.buffer);
  if (width === 1) view.setUint8(0, value);
  else if (width === 2) view.setUint16(0, value & 0xffff, littleEndian);
  else view.setUint32(0, value >>> 0, littleEndian);
  return bytes;
}

function tagBytes(tag: number, littleEndian: boolean): Uint8Array {
  return concat([integer(tag >>> 16, 2, littleEndian), integer(tag & 0xffff, 2, littleEndian)]);
}

function even(bytes: Uint8Array, filler: number): Uint8Array {
  return bytes.length % 2 === 0 ? bytes : concat([bytes, Uint8Array.of(filler)]);
}

function item(contents: Uint8Array, littleEndian: boolean): Uint8Array {
  return concat([tagBytes(0xfffee000, littleEndian), integer(contents.length, 4, littleEndian), contents]);
}

function sequence(items: readonly TestElement[][], encoding: Encoding): Uint8Array {
  const { littleEndian, undefinedLengths } = encoding;
  const parts = items.map((elements) => {
    const contents = writeElements(elements, encoding);
    if (!undefinedLengths) return item(contents, littleEndian);
    const open = concat([tagBytes(0xfffee000, littleEndian), integer(0xffffffff, 4, littleEndian)]);
    const close = concat([tagBytes(0xfffee00d, littleEndian), integer(0, 4, littleEndian)]);
    return concat([open, contents, close]);
  });
  return concat(parts);
}

function fragments(parts: readonly Uint8Array[]): Uint8Array {
  const items = parts.map((part) => item(even(part, 0), true));
  return concat([...items, tagBytes(0xfffee0dd, true), integer(0, 4, true)]);
}

function isItems(value: TestValue): value is readonly TestElement[][] {
  return Array.isArray(value) && Array.isArray(value[0]);
}

function valueBytes(vr: string, value: TestValue, encoding: Encoding): Uint8Array {
  if (typeof value === 'string') return even(Buffer.from(value, 'latin1'), vr === 'UI' ? 0 : 0x20);
  if ('fragments' in value) return fragments(value.fragments);
  if (value instanceof Uint8Array) return even(value, 0);
  if (isItems(value) || vr === 'SQ') return sequence(value as readonly TestElement[][], encoding);
  const width = value instanceof Uint16Array || value instanceof Int16Array ? 2 : (numberWidths[vr] ?? 1);
  return even(
    concat(Array.from(value as ArrayLike<number>, (n) => integer(n, width, encoding.littleEndian))),
    0,
  );
}

function writeElement([tag, vr, value]: TestElement, encoding: Encoding): Uint8Array {
  const { explicit, littleEndian, undefinedLengths } = encoding;
  const bytes = valueBytes(vr, value, encoding);
  const isFragments = typeof value === 'object' && 'fragments' in value;
  const open = isFragments || (undefinedLengths && vr === 'SQ');
  const close =
    open && !isFragments
      ? concat([tagBytes(0xfffee0dd, littleEndian), integer(0, 4, littleEndian)])
      : new Uint8Array(0);
  const length = open ? 0xffffffff : bytes.length;
  const head = tagBytes(tag, littleEndian);
  if (!explicit) return concat([head, integer(length, 4, littleEndian), bytes, close]);
  const name = Buffer.from(vr, 'latin1');
  const size = longVrs.has(vr)
    ? concat([new Uint8Array(2), integer(length, 4, littleEndian)])
    : integer(length, 2, littleEndian);
  return concat([head, name, size, bytes, close]);
}

function writeElements(elements: readonly TestElement[], encoding: Encoding): Uint8Array {
  const sorted = [...elements].sort(([a], [b]) => a - b);
  return concat(sorted.map((element) => writeElement(element, encoding)));
}

/** A DICOM file of these elements; explicit little endian with preamble and meta group unless told otherwise. */
export function writeDicom(elements: readonly TestElement[], options: TestFileOptions = {}): Uint8Array {
  const { transferSyntax = '1.2.840.10008.1.2.1', explicit = true, littleEndian = true } = options;
  const { deflated = false, preamble = true, meta = true, undefinedLengths = false } = options;
  const metaEncoding = { explicit: true, littleEndian: true, undefinedLengths: false };
  const metaElements = writeElements(
    [
      [0x0002_0002, 'UI', '1.2.840.10008.5.1.4.1.1.1.1'],
      [0x0002_0003, 'UI', '1.2.3.4'],
      [0x0002_0010, 'UI', transferSyntax],
    ],
    metaEncoding,
  );
  const groupLength = writeElement([0x0002_0000, 'UL', [metaElements.length]], metaEncoding);
  const body = writeElements(elements, { explicit, littleEndian, undefinedLengths });
  const head = preamble ? [new Uint8Array(128), Buffer.from('DICM')] : [];
  return concat([
    ...head,
    ...(meta ? [groupLength, metaElements] : []),
    deflated ? deflateRawSync(body) : body,
  ]);
}

export interface TestImage {
  readonly width: number;
  readonly height: number;
  readonly bitsAllocated?: number;
  readonly bitsStored?: number;
  readonly highBit?: number;
  readonly signed?: boolean;
  readonly samplesPerPixel?: number;
  readonly photometric?: string;
  readonly planar?: boolean;
  readonly frames?: number;
  readonly pixels: TestValue;
  readonly more?: readonly TestElement[];
}

/** Elements of an image: the Image Pixel module, pixel data, and whatever else is given. */
export function imageElements(image: TestImage): TestElement[] {
  const {
    width,
    height,
    bitsAllocated = 16,
    samplesPerPixel = 1,
    photometric = 'MONOCHROME2',
    more = [],
  } = image;
  const bitsStored = image.bitsStored ?? bitsAllocated;
  const frames: TestElement[] = image.frames === undefined ? [] : [[0x0028_0008, 'IS', String(image.frames)]];
  const planar: TestElement[] =
    image.planar === undefined ? [] : [[0x0028_0006, 'US', [image.planar ? 1 : 0]]];
  const isFragments = typeof image.pixels === 'object' && 'fragments' in image.pixels;
  return [
    [0x0028_0002, 'US', [samplesPerPixel]],
    [0x0028_0004, 'CS', photometric],
    ...planar,
    ...frames,
    [0x0028_0010, 'US', [height]],
    [0x0028_0011, 'US', [width]],
    [0x0028_0100, 'US', [bitsAllocated]],
    [0x0028_0101, 'US', [bitsStored]],
    [0x0028_0102, 'US', [image.highBit ?? bitsStored - 1]],
    [0x0028_0103, 'US', [image.signed ? 1 : 0]],
    ...more,
    [0x7fe0_0010, isFragments || bitsAllocated <= 8 ? 'OB' : 'OW', image.pixels],
  ];
}
