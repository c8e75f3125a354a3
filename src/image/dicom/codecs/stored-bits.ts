import type { SampleArray } from './frame.js';

/** Which bits of an allocated word hold the value (PS3.5 8.1.1). */
export interface StoredBits {
  readonly bitsAllocated: number;
  readonly bitsStored: number;
  readonly highBit: number;
  readonly signed: boolean;
}

function signedView(samples: SampleArray): Int8Array | Int16Array | Int32Array {
  const { buffer, byteOffset, length, BYTES_PER_ELEMENT } = samples;
  if (BYTES_PER_ELEMENT === 1) return new Int8Array(buffer, byteOffset, length);
  if (BYTES_PER_ELEMENT === 2) return new Int16Array(buffer, byteOffset, length);
  return new Int32Array(buffer, byteOffset, length);
}

/**
 * Cuts the stored bits out of allocated words, in place: overlays that old files keep in the bits above (and, with a
 * high bit further up, below) the value are masked off, and the sign is extended.
 */
export function isolateStoredBits(
  words: Uint8Array | Uint16Array | Uint32Array,
  { bitsAllocated, bitsStored, highBit, signed }: StoredBits,
): SampleArray {
  if (bitsStored < bitsAllocated) {
    const up = 31 - highBit;
    const down = 32 - bitsStored;
    // Shifting the value against the top of 32 bits drops what is above it, shifting it back what is below, and
    // extends the sign or fills with zeros.
    if (signed) {
      for (let i = 0; i < words.length; i += 1) words[i] = ((words[i] as number) << up) >> down;
    } else {
      for (let i = 0; i < words.length; i += 1) words[i] = ((words[i] as number) << up) >>> down;
    }
  }
  return signed ? signedView(words) : words;
}

/**
 * Reads decoded words of `precision` bits as the data set says. The JPEG family does not know signs (or, for JPEG 2000,
 * may contradict the data set); the bits are those that the encoder was given, so Pixel Representation decides.
 */
export function asStated(words: Uint8Array | Uint16Array, precision: number, signed: boolean): SampleArray {
  const bitsAllocated = words.BYTES_PER_ELEMENT * 8;
  return isolateStoredBits(words, { bitsAllocated, bitsStored: precision, highBit: precision - 1, signed });
}
