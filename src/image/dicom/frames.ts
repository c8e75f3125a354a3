import { LucencyError } from '../../core/errors.js';
import type { DataSet, PixelDataLocation } from './data-set.js';
import { tag } from './tags.js';

/** One fragment of encapsulated pixel data. `offset` is that of its item header, counted as offset tables count. */
interface Fragment {
  readonly offset: number;
  readonly start: number;
  readonly end: number;
}

function fault(
  dataSet: DataSet,
  code: 'LUC_DICOM_TRUNCATED' | 'LUC_DICOM_CORRUPT',
  reason: string,
): LucencyError {
  return new LucencyError(code, { path: dataSet.name, reason });
}

/** The items of encapsulated pixel data (PS3.5 A.4): the basic offset table, then the fragments. */
function readFragments(
  dataSet: DataSet,
  start: number,
): { table: Fragment; fragments: Fragment[]; end: number } {
  const { source } = dataSet;
  const view = new DataView(source.buffer, source.byteOffset, source.byteLength);
  const items: Fragment[] = [];
  let firstFragment = start;
  let at = start;
  for (;;) {
    if (at + 8 > source.length) throw fault(dataSet, 'LUC_DICOM_TRUNCATED', 'its pixel data have no end');
    const marker = view.getUint16(at, true) * 0x10000 + view.getUint16(at + 2, true);
    const length = view.getUint32(at + 4, true);
    if (marker === tag.SequenceDelimitation) break;
    if (marker !== tag.Item)
      throw fault(dataSet, 'LUC_DICOM_CORRUPT', 'its pixel data are no sequence of fragments');
    const end = at + 8 + length;
    if (end > source.length)
      throw fault(dataSet, 'LUC_DICOM_TRUNCATED', 'a fragment of its pixel data is cut');
    if (items.length === 0) firstFragment = end;
    items.push({ offset: at - firstFragment, start: at + 8, end });
    at = end;
  }
  const [table] = items;
  const fragments = items.slice(1);
  if (!table || fragments.length === 0) throw fault(dataSet, 'LUC_DICOM_CORRUPT', 'its pixel data are empty');
  return { table, fragments, end: Math.min(at + 8, source.length) };
}

/** Offsets of the frames' first fragments as the file states them (basic or extended table), or null. */
function statedOffsets(dataSet: DataSet, table: Fragment, frames: number): number[] | null {
  const { source } = dataSet;
  const extended = dataSet.bytes(tag.ExtendedOffsetTable);
  if (extended && extended.length === 8 * frames) {
    const view = new DataView(extended.buffer, extended.byteOffset, extended.byteLength);
    return Array.from({ length: frames }, (_, index) => Number(view.getBigUint64(8 * index, true)));
  }
  if (table.end - table.start !== 4 * frames) return null;
  const view = new DataView(source.buffer, source.byteOffset + table.start, 4 * frames);
  return Array.from({ length: frames }, (_, index) => view.getUint32(4 * index, true));
}

/** Bytes of each frame by the extended table (PS3.3 C.7.6.3.1.8), or null. */
function statedLengths(dataSet: DataSet, frames: number): number[] | null {
  const lengths = dataSet.bytes(tag.ExtendedOffsetTableLengths);
  if (!lengths || lengths.length !== 8 * frames) return null;
  const view = new DataView(lengths.buffer, lengths.byteOffset, lengths.byteLength);
  return Array.from({ length: frames }, (_, index) => Number(view.getBigUint64(8 * index, true)));
}

/** Index of each frame's first fragment, by offsets; null when the offsets do not fit the fragments. */
function startsByOffset(fragments: readonly Fragment[], offsets: readonly number[]): number[] | null {
  const indexOf = new Map(fragments.map(({ offset }, index) => [offset, index]));
  const starts = offsets.map((offset) => indexOf.get(offset) ?? -1);
  const rising = starts.every((start, index) => start > (starts[index - 1] ?? -1));
  return rising && starts[0] === 0 ? starts : null;
}

/** True at the first bytes of a JPEG, JPEG-LS (FFD8) or JPEG 2000 (FF4F, or the JP2 signature box) stream. */
function startsCodestream(source: Uint8Array, { start }: Fragment): boolean {
  const [a, b, c, d] = source.subarray(start, start + 4);
  if (a === 0xff) return b === 0xd8 || (b === 0x4f && c === 0xff);
  return a === 0 && b === 0 && c === 0 && d === 0x0c && source[start + 4] === 0x6a;
}

/**
 * Which fragments make which frame: all of them for a single frame, else by the offset tables where they fit, else one
 * per frame, else by where codestreams begin.
 */
function frameStarts(
  dataSet: DataSet,
  start: number,
  frames: number,
): { fragments: Fragment[]; starts: number[] } {
  const { table, fragments } = readFragments(dataSet, start);
  if (frames === 1) return { fragments, starts: [0] };
  const offsets = statedOffsets(dataSet, table, frames);
  const byOffset = offsets && startsByOffset(fragments, offsets);
  if (byOffset) return { fragments, starts: byOffset };
  if (fragments.length === frames) return { fragments, starts: fragments.map((_, index) => index) };
  const begins = fragments.flatMap((fragment, index) =>
    startsCodestream(dataSet.source, fragment) ? [index] : [],
  );
  if (begins.length === frames && begins[0] === 0) return { fragments, starts: begins };
  const reason = `its ${fragments.length} fragments cannot be told apart into ${frames} frames`;
  throw fault(dataSet, fragments.length < frames ? 'LUC_DICOM_TRUNCATED' : 'LUC_DICOM_CORRUPT', reason);
}

function joined(source: Uint8Array, fragments: readonly Fragment[]): Uint8Array {
  const [only] = fragments;
  if (only && fragments.length === 1) return source.subarray(only.start, only.end);
  const bytes = new Uint8Array(fragments.reduce((sum, { start, end }) => sum + end - start, 0));
  let at = 0;
  for (const { start, end } of fragments) {
    bytes.set(source.subarray(start, end), at);
    at += end - start;
  }
  return bytes;
}

/** Gives the bytes of frame `frame` (from 1). */
export type FrameSource = (frame: number) => Uint8Array;

/**
 * Frames of encapsulated pixel data, fragments joined.
 * @throws LUC_DICOM_TRUNCATED, LUC_DICOM_CORRUPT
 */
export function encapsulatedFrames(
  dataSet: DataSet,
  location: PixelDataLocation,
  frames: number,
): FrameSource {
  const { fragments, starts } = frameStarts(dataSet, location.start, frames);
  const lengths = statedLengths(dataSet, frames);
  return (frame) => {
    const bytes = joined(
      dataSet.source,
      fragments.slice(starts[frame - 1] ?? fragments.length, starts[frame]),
    );
    const stated = lengths?.[frame - 1] ?? null;
    // Fragments are padded to even length; the table may count with or without.
    if (stated !== null && stated !== bytes.length && stated !== bytes.length - 1) {
      const reason = `frame ${frame} has ${bytes.length} bytes, its offset table says ${stated}`;
      throw fault(dataSet, 'LUC_DICOM_CORRUPT', reason);
    }
    return bytes;
  };
}

function swapPairs(bytes: Uint8Array): Uint8Array {
  const swapped = new Uint8Array(bytes.length);
  for (let at = 0; at + 1 < bytes.length; at += 2) {
    swapped[at] = bytes[at + 1] as number;
    swapped[at + 1] = bytes[at] as number;
  }
  return swapped;
}

/** The bytes of native Pixel Data, as far as they are there, in the order of the pixels. */
function nativeBytes(
  dataSet: DataSet,
  { start, length }: PixelDataLocation,
  bitsAllocated: number,
): Uint8Array {
  const bytes = dataSet.source.subarray(start, start + (length ?? 0));
  // Big endian words hold the first of two bytes second (PS3.5 8.1.1).
  const swapped = bitsAllocated <= 8 && !dataSet.littleEndian && dataSet.vr(tag.PixelData) === 'OW';
  return swapped ? swapPairs(bytes) : bytes;
}

/**
 * Frames of native pixel data, `bitsPerFrame` each, packed without gaps (PS3.5 8.1.1). All of them must be there: where
 * bytes are missing no one can say which, and every frame behind them would be shifted.
 * @throws LUC_DICOM_TRUNCATED, LUC_DICOM_CORRUPT
 */
export function nativeFrames(
  dataSet: DataSet,
  location: PixelDataLocation,
  bitsPerFrame: number,
  { bitsAllocated, frames }: { readonly bitsAllocated: number; readonly frames: number },
): FrameSource {
  const stated = location.length ?? 0;
  const there = dataSet.source.length - location.start;
  if (there < stated) {
    const reason = `its pixel data have ${stated} bytes, but ${there} are there`;
    throw fault(dataSet, 'LUC_DICOM_TRUNCATED', reason);
  }
  const needed = Math.ceil((frames * bitsPerFrame) / 8);
  if (stated < needed) {
    const reason = `its ${frames} frame(s) need ${needed} bytes, but its pixel data have ${stated}`;
    throw fault(dataSet, 'LUC_DICOM_TRUNCATED', reason);
  }
  const bytes = nativeBytes(dataSet, location, bitsAllocated);
  return (frame) => {
    // Frames of one-bit pixels start at a byte only if the frame size is a multiple of eight bits.
    const firstBit = (frame - 1) * bitsPerFrame;
    return bytes.subarray(Math.floor(firstBit / 8), Math.ceil((firstBit + bitsPerFrame) / 8));
  };
}

/**
 * Where pixel data end, their delimiter included.
 * @throws LUC_DICOM_TRUNCATED, LUC_DICOM_CORRUPT
 */
export function pixelDataEnd(dataSet: DataSet, { start, length }: PixelDataLocation): number {
  return length === null ? readFragments(dataSet, start).end : start + length;
}
