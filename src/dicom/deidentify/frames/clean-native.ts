import { nativeBitsPerFrame } from '../../../image/dicom/codecs/native.js';
import type { PixelDescription } from '../../../image/dicom/pixel-description.js';

/** One word, read and written little endian. */
interface Words {
  readonly width: 1 | 2 | 4;
  get(at: number): number;
  set(at: number, value: number): void;
}

function wordsOf(bytes: Uint8Array, width: 1 | 2 | 4): Words {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (width === 1)
    return { width, get: (at) => view.getUint8(at), set: (at, value) => view.setUint8(at, value) };
  if (width === 2) {
    return {
      width,
      get: (at) => view.getUint16(at, true),
      set: (at, value) => view.setUint16(at, value & 0xffff, true),
    };
  }
  return {
    width,
    get: (at) => view.getUint32(at, true),
    set: (at, value) => view.setUint32(at, value >>> 0, true),
  };
}

/** Empties the bits that hold no value (PS3.5 8.1.1); above a signed value they repeat its sign. */
function emptyUnusedBits(
  bytes: Uint8Array,
  { bitsAllocated, bitsStored, highBit, signed }: PixelDescription,
): void {
  if (bitsStored === bitsAllocated || bitsAllocated === 1) return;
  const words = wordsOf(bytes, bitsAllocated === 8 ? 1 : bitsAllocated === 16 ? 2 : 4);
  const up = 31 - highBit;
  const low = highBit + 1 - bitsStored;
  for (let at = 0; at + words.width <= bytes.length; at += words.width) {
    const top = words.get(at) << up;
    const value = signed ? top >> (32 - bitsStored) : top >>> (32 - bitsStored);
    words.set(at, value << low);
  }
}

/**
 * Native pixel data, little endian, with the bytes of their frames and the bits of their values, and nothing else.
 * @param bytes checked to hold all frames
 */
export function cleanNative(bytes: Uint8Array, description: PixelDescription): Uint8Array {
  const bits = description.frames * nativeBitsPerFrame(description);
  const cleaned = Uint8Array.from(bytes.subarray(0, Math.ceil(bits / 8)));
  const spare = bits % 8;
  const last = cleaned.length - 1;
  if (spare !== 0) cleaned[last] = (cleaned[last] as number) & ((1 << spare) - 1);
  emptyUnusedBits(cleaned, description);
  return cleaned;
}
