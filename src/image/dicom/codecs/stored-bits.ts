import type { PixelDescription } from '../pixel-description.js';
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

/** What a codestream says of its samples. */
export interface CodedSamples {
  /** Bits per sample of the codestream. */
  readonly precision: number;
  readonly samplesPerPixel: 1 | 3;
  /** The samples are not those that the encoder was given, but near them. */
  readonly lossy: boolean;
}

/** Values that coding errors carried over the largest stored one are that one: cut at the bit they would be black. */
function saturate(words: Uint8Array | Uint16Array, largest: number): void {
  for (let i = 0; i < words.length; i += 1) if ((words[i] as number) > largest) words[i] = largest;
}

/**
 * Reads decoded words as the data set says (PS3.5 8.1.1, 8.2), as native pixel data are read: encoders were given whole
 * allocated words, with overlays above the stored bits if the file had them there. The JPEG family does not know signs
 * (or, for JPEG 2000, may contradict the data set); the bits are those that the encoder was given, so Pixel
 * Representation decides. A codestream of fewer bits than are stored holds the values alone.
 * @returns the samples, and how many bits they use
 */
export function asStated(
  words: Uint8Array | Uint16Array,
  { precision, samplesPerPixel, lossy }: CodedSamples,
  stated: PixelDescription,
): { samples: SampleArray; bits: number } {
  const signed = stated.signed && samplesPerPixel === 1;
  const bits = Math.min(precision, stated.bitsStored);
  const highBit = bits < precision ? Math.min(stated.highBit, precision - 1) : precision - 1;
  if (lossy && !signed && highBit === bits - 1) saturate(words, 2 ** bits - 1);
  const bitsAllocated = words.BYTES_PER_ELEMENT * 8;
  return { samples: isolateStoredBits(words, { bitsAllocated, bitsStored: bits, highBit, signed }), bits };
}
