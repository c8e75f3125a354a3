import type { Photometric, PixelDescription } from '../pixel-description.js';

export type SampleArray = Uint8Array | Int8Array | Uint16Array | Int16Array | Uint32Array | Int32Array;

/** One frame as it lies in the file. */
export interface EncodedFrame {
  readonly bytes: Uint8Array;
  readonly description: PixelDescription;
  /** File name for error messages. */
  readonly name: string;
  readonly littleEndian: boolean;
  /** Bits of the first byte that belong to the frame before (one-bit pixels only). */
  readonly bitOffset: number;
}

/** One frame decoded to its stored values (PS3.3 C.7.6.3): before any look-up table. */
export interface DecodedFrame {
  /** Row-major, the samples of a pixel side by side. */
  readonly samples: SampleArray;
  readonly samplesPerPixel: 1 | 3;
  /** What the samples are now: decoders that convert colour say so. */
  readonly photometric: Photometric;
  /** Bits per sample that the values use. */
  readonly bits: number;
}

export type FrameDecoder = (frame: EncodedFrame) => DecodedFrame | Promise<DecodedFrame>;
