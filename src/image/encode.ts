import type { Sharp } from 'sharp';
import { sharpLibrary } from './picture/sharp-library.js';

/** The one place that knows sharp for writing. */

export interface EncodableImage {
  readonly width: number;
  readonly height: number;
  /** 1: grey, 3: red, green, blue. */
  readonly channels: 1 | 3;
  /** Row-major, interleaved; `Uint16Array` gives a 16-bit PNG, also for colour. */
  readonly samples: Uint8Array | Uint16Array;
}

async function open({ width, height, channels, samples }: EncodableImage): Promise<Sharp> {
  if (samples.length !== width * height * channels) {
    throw new RangeError(`${samples.length} samples do not make ${width} x ${height} x ${channels}`);
  }
  const sharp = await sharpLibrary();
  // sharp takes the depth from the array's type; Buffer and Uint8Array are 8-bit.
  return sharp(samples, { raw: { width, height, channels } });
}

/** A PNG file: grey or RGB, 8 or 16 bits after the samples' type; 16 bits come back bit for bit. */
export async function encodePng(image: EncodableImage): Promise<Uint8Array> {
  const wide = image.samples instanceof Uint16Array;
  const space = image.channels === 1 ? (wide ? 'grey16' : 'b-w') : wide ? 'rgb16' : 'srgb';
  const opened = await open(image);
  return opened.toColourspace(space).png({ compressionLevel: 6 }).toBuffer();
}

/** Integer factor by which 16-bit grey is cut to 8 bits: 65535 -> 255. */
const sixteenToEight = 257;

/** Grey on 0..65535 rounded to 8 bits, for pictures that people look at. */
export function toEightBits(pixels: Uint16Array): Uint8Array {
  const out = new Uint8Array(pixels.length);
  for (let index = 0; index < pixels.length; index += 1) {
    out[index] = Math.round((pixels[index] as number) / sixteenToEight);
  }
  return out;
}

/**
 * A JPEG picture for people (thumbnails), at most `maxSide` pixels on its longer side, never enlarged.
 * @param quality 1 to 100
 */
export async function encodeJpegThumbnail(
  image: EncodableImage & { readonly samples: Uint8Array },
  maxSide: number,
  quality = 80,
): Promise<Uint8Array> {
  const opened = await open(image);
  return opened
    .resize({ width: maxSide, height: maxSide, fit: 'inside', withoutEnlargement: true })
    .toColourspace(image.channels === 1 ? 'b-w' : 'srgb')
    .jpeg({ quality })
    .toBuffer();
}
