import { LucencyError } from '../../../core/errors.js';
import { withJpegErrors } from '../../../image/dicom/codecs/jpeg-errors.js';
import type { DicomFile } from '../../../image/dicom/dicom-file.js';
import { checkWholeJpeg } from '../../../image/dicom/jpeg/check-whole.js';
import { marker, readHeader } from '../../../image/dicom/jpeg/segments.js';
import type { PixelDescription } from '../../../image/dicom/pixel-description.js';
import { openStoredFrames, type StoredFrame, type StoredFrames } from '../../../image/dicom/stored-values.js';
import type { PixelCodec } from '../../../image/dicom/transfer-syntaxes.js';
import { type CopiedElement, elementsOf } from '../../data-set/encode.js';
import { littleEndianValue } from '../../source/copy-element.js';
import { cleanJpeg } from './clean-jpeg.js';
import { cleanJpeg2000 } from './clean-jpeg-2000.js';
import { cleanNative } from './clean-native.js';
import { cleanRle } from './clean-rle.js';

/** Pixel data of a de-identified copy. */
export interface CleanPixels {
  /** Pixel Data, if native, and what it changes of the attributes around it. */
  readonly elements: readonly CopiedElement[];
  /** Pixel Data in fragments, encoded; null when they are native. */
  readonly tail: Uint8Array | null;
}

const pixelData = 0x7fe0_0010;
/** Most frames that are copied, so that a file cannot ask for endless work. */
const mostFrames = 100_000;

function fragment(bytes: Uint8Array): Buffer {
  const item = Buffer.alloc(8 + bytes.length + (bytes.length % 2));
  item.writeUInt16LE(0xfffe, 0);
  item.writeUInt16LE(0xe000, 2);
  item.writeUInt32LE(item.length - 8, 4);
  item.set(bytes, 8);
  return item;
}

/** Encapsulated Pixel Data (PS3.5 A.4): an offset table for several frames, one fragment for each, the delimiter. */
function encapsulated(frames: readonly Uint8Array[]): Uint8Array {
  const items = frames.map(fragment);
  const total = items.reduce((sum, { length }) => sum + length, 0);
  const table = Buffer.alloc(frames.length > 1 && total < 2 ** 32 ? 4 * frames.length : 0);
  let offset = 0;
  items.forEach((item, index) => {
    if (table.length > 0) table.writeUInt32LE(offset, 4 * index);
    offset += item.length;
  });
  const head = Buffer.from([0xe0, 0x7f, 0x10, 0x00, 0x4f, 0x42, 0, 0, 0xff, 0xff, 0xff, 0xff]);
  const delimiter = Buffer.from([0xfe, 0xff, 0xdd, 0xe0, 0, 0, 0, 0]);
  return Uint8Array.from(Buffer.concat([head, fragment(table), ...items, delimiter]));
}

function nativeElement(value: Uint8Array, { bitsAllocated }: PixelDescription): CopiedElement {
  return { tag: pixelData, vr: bitsAllocated > 8 ? 'OW' : 'OB', value };
}

/** Samples as native words of the allocated width. */
function packed(frame: StoredFrame, width: number): Uint8Array {
  const bytes = new Uint8Array(frame.samples.length * width);
  const view = new DataView(bytes.buffer);
  frame.samples.forEach((value, index) => {
    if (width === 1) view.setUint8(index, value & 0xff);
    else if (width === 2) view.setUint16(2 * index, value & 0xffff, true);
    else view.setUint32(4 * index, value >>> 0, true);
  });
  return bytes;
}

/** Frames whose unused bits hold something, which only decoding takes out: native, their values as before. */
async function decompressed(stored: StoredFrames): Promise<CleanPixels> {
  const { frames, bitsAllocated, bitsStored } = stored.description;
  const parts: Uint8Array[] = [];
  let last: StoredFrame | null = null;
  for (let frame = 1; frame <= frames; frame += 1) {
    last = await stored.decode(frame);
    parts.push(packed(last, bitsAllocated / 8));
  }
  const colour = last?.samplesPerPixel === 3;
  const described = elementsOf({
    PhotometricInterpretation: last?.photometric,
    PlanarConfiguration: colour ? 0 : undefined,
    HighBit: bitsStored - 1,
  });
  const value = Uint8Array.from(Buffer.concat(parts));
  return { elements: [...described, nativeElement(value, stored.description)], tail: null };
}

/** True when a frame has bits that are no part of its values: an overlay, for all that is known. */
async function hidesBits(file: DicomFile, frames: number): Promise<boolean> {
  const all = openStoredFrames(file, {
    behind: 'anything',
    describe: (stated) => ({
      ...stated,
      bitsStored: stated.bitsAllocated,
      highBit: stated.bitsAllocated - 1,
      signed: false,
    }),
  });
  const { bitsStored, highBit, signed, bitsAllocated } = openStoredFrames(file, {
    behind: 'anything',
  }).description;
  if (bitsStored === bitsAllocated) return false;
  const low = highBit + 1 - bitsStored;
  for (let frame = 1; frame <= frames; frame += 1) {
    const { samples, bits } = await all.decode(frame);
    if (bits <= bitsStored) continue;
    const up = 31 - highBit;
    for (let at = 0; at < samples.length; at += 1) {
      const word = samples[at] as number;
      const top = word << up;
      const value = (signed ? top >> (32 - bitsStored) : top >>> (32 - bitsStored)) << low;
      // Above a signed value its sign may be repeated, up to the bits of the codestream.
      const mask = bits === 32 ? 0xffff_ffff : 2 ** bits - 1;
      const plain = ((top >>> (32 - bitsStored)) << low) & mask;
      if (word !== plain && word !== (value & mask) >>> 0) return true;
    }
  }
  return false;
}

/** Finds out that a frame is whole, with nothing between its codes and its end. */
async function checkWhole(
  stored: StoredFrames,
  frame: number,
  codec: PixelCodec,
  name: string,
): Promise<void> {
  const bytes = stored.encoded(frame);
  const dct = codec === 'jpeg' && withJpegErrors(name, () => readHeader(bytes)).frame.process !== marker.SOF3;
  if (dct) withJpegErrors(name, () => checkWholeJpeg(bytes));
  else await stored.decode(frame);
}

const cleaners: Partial<Record<PixelCodec, (bytes: Uint8Array, pixels: number) => Uint8Array>> = {
  jpeg: cleanJpeg,
  'jpeg-lossless': cleanJpeg,
  'jpeg-ls': cleanJpeg,
  'jpeg-2000': cleanJpeg2000,
  htj2k: cleanJpeg2000,
  rle: cleanRle,
};

async function cleanFrames(file: DicomFile, stored: StoredFrames, codec: PixelCodec): Promise<CleanPixels> {
  const { width, height, frames } = stored.description;
  const { name } = file.dataSet;
  const clean = cleaners[codec];
  const lossy = codec === 'jpeg';
  if (!clean || (!lossy && (await hidesBits(file, frames)))) return decompressed(stored);
  const cleaned: Uint8Array[] = [];
  for (let frame = 1; frame <= frames; frame += 1) {
    await checkWhole(stored, frame, codec, name);
    cleaned.push(withJpegErrors(name, () => clean(stored.encoded(frame), width * height)));
  }
  return { elements: [], tail: encapsulated(cleaned) };
}

/**
 * Pixel data cut to what they must be: native ones to the bytes of their frames and the bits of their values, compressed
 * ones to what decodes them. Where a compressed frame hides an overlay in unused bits, all frames come out native.
 *
 * @throws LUC_IMAGE_TOO_MANY_FRAMES, LUC_DICOM_*
 */
export async function cleanPixels(file: DicomFile): Promise<CleanPixels> {
  const { dataSet, transferSyntax } = file;
  const location = dataSet.pixelData;
  if (!location) return { elements: [], tail: null };
  const stored = openStoredFrames(file, {
    behind: 'anything',
    check: ({ frames }) => {
      if (frames <= mostFrames) return;
      throw new LucencyError('LUC_IMAGE_TOO_MANY_FRAMES', { path: dataSet.name, limit: mostFrames });
    },
  });
  if (location.length === null) return cleanFrames(file, stored, transferSyntax?.codec ?? 'native');
  const bytes = dataSet.source.subarray(location.start, location.start + location.length);
  const vr = stored.description.bitsAllocated === 32 ? 'OL' : 'OW';
  const swapped = dataSet.littleEndian
    ? bytes
    : littleEndianValue(bytes, dataSet.vr(pixelData) === 'OB' ? 'OB' : vr);
  return {
    elements: [nativeElement(cleanNative(swapped, stored.description), stored.description)],
    tail: null,
  };
}
