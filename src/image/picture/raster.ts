import type { Metadata, Sharp } from 'sharp';
import { sharpLibrary } from './sharp-library.js';

/** The one place that knows sharp for reading. Samples come out as the file stores them: no colour profile applied. */

export interface RasterInfo {
  readonly width: number;
  readonly height: number;
  readonly hasAlpha: boolean;
  /** One sample of brightness, alpha left out of account. */
  readonly isGrey: boolean;
  /** libvips name of the sample type: `uchar`, `ushort`, `float` ... */
  readonly sampleType: string;
}

export interface Raster {
  /** After EXIF orientation. */
  readonly width: number;
  readonly height: number;
  /** Samples per pixel, alpha included: 1, 3 or 4. */
  readonly channels: number;
  /** Pixel by pixel, row-major; `Uint8Array` for 8-bit sources, `Uint16Array` for 16. */
  readonly samples: Uint8Array | Uint16Array;
}

export interface RasterRequest {
  readonly maxPixels: number;
  /** How little damage makes decoding fail. JPEG: `warning`, as bit errors in it are only warnings. */
  readonly failOn: 'error' | 'warning';
  /** Apply EXIF orientation. */
  readonly orient: boolean;
}

async function open(bytes: Uint8Array, { maxPixels, failOn, orient }: RasterRequest): Promise<Sharp> {
  const sharp = await sharpLibrary();
  const options = { failOn, limitInputPixels: maxPixels, ignoreIcc: true, autoOrient: orient };
  return sharp(bytes, options);
}

function isGrey({ channels, hasAlpha }: Metadata): boolean {
  return channels - (hasAlpha ? 1 : 0) === 1;
}

/** Of grey with alpha sharp would give out the grey alone, so it is asked for as colour. */
function colourSpace(metadata: Metadata): 'b-w' | 'grey16' | 'srgb' | 'rgb16' {
  const grey = isGrey(metadata) && !metadata.hasAlpha;
  if (metadata.depth === 'ushort') return grey ? 'grey16' : 'rgb16';
  return grey ? 'b-w' : 'srgb';
}

/** Size and sample type, from the header alone. Rejects with sharp's error when it is damaged. */
export async function readRasterInfo(bytes: Uint8Array, request: RasterRequest): Promise<RasterInfo> {
  const image = await open(bytes, request);
  const metadata = await image.metadata();
  return {
    width: metadata.autoOrient.width,
    height: metadata.autoOrient.height,
    hasAlpha: metadata.hasAlpha,
    isGrey: isGrey(metadata),
    sampleType: metadata.depth,
  };
}

/** Decodes a picture whole (of several pages the first), EXIF orientation applied, or rejects with sharp's error. */
export async function readRaster(bytes: Uint8Array, request: RasterRequest): Promise<Raster> {
  const image = await open(bytes, request);
  const metadata = await image.metadata();
  const { data, info } = await image
    .toColourspace(colourSpace(metadata))
    .raw({ depth: metadata.depth === 'ushort' ? 'ushort' : 'uchar' })
    .toBuffer({ resolveWithObject: true });
  const samples =
    metadata.depth === 'ushort'
      ? new Uint16Array(data.buffer, data.byteOffset, data.byteLength / 2)
      : new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return { width: info.width, height: info.height, channels: info.channels, samples };
}
