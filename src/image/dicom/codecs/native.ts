import { LucencyError } from '../../../core/errors.js';
import type { DecodedFrame, EncodedFrame, FrameDecoder } from './frame.js';
import { isolateStoredBits } from './stored-bits.js';

function unpackBits(bytes: Uint8Array, count: number, bitOffset: number): Uint8Array {
  const samples = new Uint8Array(count);
  for (let index = 0, bit = bitOffset; index < count; index += 1, bit += 1) {
    samples[index] = ((bytes[bit >> 3] as number) >> (bit & 7)) & 1;
  }
  return samples;
}

function readWords(
  bytes: Uint8Array,
  count: number,
  width: 2 | 4,
  littleEndian: boolean,
): Uint16Array | Uint32Array {
  const samples = width === 2 ? new Uint16Array(count) : new Uint32Array(count);
  // A copy on aligned memory is the values already where the byte orders agree; every platform of Node's is little endian.
  if (littleEndian) {
    new Uint8Array(samples.buffer).set(bytes.subarray(0, count * width));
    return samples;
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let index = 0; index < count; index += 1) {
    samples[index] = width === 2 ? view.getUint16(index * 2) : view.getUint32(index * 4);
  }
  return samples;
}

function allocatedWords(frame: EncodedFrame, count: number): Uint8Array | Uint16Array | Uint32Array {
  const { bytes, littleEndian, bitOffset } = frame;
  switch (frame.description.bitsAllocated) {
    case 1:
      return unpackBits(bytes, count, bitOffset);
    case 8:
      return bytes.slice(0, count);
    case 16:
      return readWords(bytes, count, 2, littleEndian);
    case 32:
      return readWords(bytes, count, 4, littleEndian);
  }
}

/** Planes of colour to colours side by side. */
export function interleave<T extends Uint8Array | Uint16Array | Uint32Array>(
  planes: T,
  samplesPerPixel: number,
): T {
  const pixels = planes.length / samplesPerPixel;
  const samples = planes.slice();
  for (let sample = 0; sample < samplesPerPixel; sample += 1) {
    for (let pixel = 0; pixel < pixels; pixel += 1) {
      samples[pixel * samplesPerPixel + sample] = planes[sample * pixels + pixel] as number;
    }
  }
  return samples as T;
}

/** YBR_FULL_422 (PS3.3 C.7.6.3.1.2): two pixels share their chroma and lie as Y Y Cb Cr. */
function expand422(packed: Uint8Array, pixels: number): Uint8Array {
  const samples = new Uint8Array(pixels * 3);
  for (let pixel = 0; pixel < pixels; pixel += 1) {
    const pair = (pixel >> 1) * 4;
    samples[pixel * 3] = packed[pair + (pixel & 1)] as number;
    samples[pixel * 3 + 1] = packed[pair + 2] as number;
    samples[pixel * 3 + 2] = packed[pair + 3] as number;
  }
  return samples;
}

/** Samples of one native frame in the file: 422 holds two per pixel, all others `samplesPerPixel`. */
function nativeSampleCount({
  width,
  height,
  samplesPerPixel,
  photometric,
}: EncodedFrame['description']): number {
  return width * height * (photometric === 'YBR_FULL_422' ? 2 : samplesPerPixel);
}

export function nativeBitsPerFrame(description: EncodedFrame['description']): number {
  return nativeSampleCount(description) * description.bitsAllocated;
}

/** Uncompressed pixel data of 1, 8, 16 or 32 bits allocated, either byte order (PS3.5 8.2, A.1-A.3). */
export const decodeNative: FrameDecoder = (frame): DecodedFrame => {
  const { description, name } = frame;
  const { width, height, samplesPerPixel, photometric, bitsStored, bitsAllocated } = description;
  const count = nativeSampleCount(description);
  const needed = Math.ceil((count * bitsAllocated + frame.bitOffset) / 8);
  if (frame.bytes.length < needed) {
    const reason = `a frame needs ${needed} bytes, but ${frame.bytes.length} are there`;
    throw new LucencyError('LUC_DICOM_TRUNCATED', { path: name, reason });
  }
  const words = allocatedWords(frame, count);
  if (photometric === 'YBR_FULL_422') {
    // The standard keeps this form to 8 bits and even widths.
    if (!(words instanceof Uint8Array) || width % 2 !== 0) {
      const value = `${photometric} with ${bitsAllocated} bits and ${width} columns`;
      throw new LucencyError('LUC_DICOM_UNSUPPORTED_PHOTOMETRIC', { path: name, photometric: value });
    }
    const samples = expand422(words, width * height);
    return { samples, samplesPerPixel: 3, photometric: 'YBR_FULL', bits: bitsStored };
  }
  const ordered = description.planar ? interleave(words, samplesPerPixel) : words;
  return { samples: isolateStoredBits(ordered, description), samplesPerPixel, photometric, bits: bitsStored };
};
