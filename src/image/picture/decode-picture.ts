import { LucencyError } from '../../core/errors.js';
import type { Radiograph } from '../../core/radiograph.js';
import type { DecodeLimits } from '../decode-options.js';
import { checkImageSize, selectedFrames } from '../frame-selection.js';
import { greyOfColour } from '../grey.js';
import { type Raster, type RasterInfo, type RasterRequest, readRaster, readRasterInfo } from './raster.js';

export type PictureFormat = 'png' | 'jpeg' | 'tiff';

/** Words by which libvips and its libraries say that a file ends too early. */
const truncationWords =
  /premature|truncat|unexpected end|end of (file|stream|image|input)|not enough (image )?data|read error|short/i;

/** Waits for sharp and gives its errors their catalogued codes. */
async function named<T>(name: string, reading: Promise<T>): Promise<T> {
  try {
    return await reading;
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '').trim() : String(error);
    const code = truncationWords.test(reason) ? 'LUC_IMAGE_TRUNCATED' : 'LUC_IMAGE_CORRUPT';
    throw new LucencyError(code, { path: name, reason: reason.replace(/\.$/, '') }, { cause: error });
  }
}

/** Puts transparent pixels onto black, in place, on the samples' own scale. */
function flattenOnBlack(samples: Uint8Array | Uint16Array, channels: number, white: number): void {
  for (let at = 0; at < samples.length; at += channels) {
    const alpha = samples[at + channels - 1] as number;
    if (alpha === white) continue;
    for (let channel = 0; channel < channels - 1; channel += 1) {
      samples[at + channel] = Math.round(((samples[at + channel] as number) * alpha) / white);
    }
  }
}

function greyPixels(samples: Uint8Array | Uint16Array, channels: number, white: number): Uint16Array {
  if (channels === 1 && samples instanceof Uint16Array) return samples;
  const stretch = 65535 / white;
  const pixels = new Uint16Array(samples.length / channels);
  for (let pixel = 0, at = 0; pixel < pixels.length; pixel += 1, at += channels) {
    pixels[pixel] = (samples[at] as number) * stretch;
  }
  return pixels;
}

type Frame = Pick<Radiograph, 'format' | 'frame' | 'frames'>;

function toRadiograph(
  { width, height, channels, samples }: Raster,
  { hasAlpha, isGrey }: RasterInfo,
  frame: Frame,
): Radiograph {
  const bits = samples instanceof Uint16Array ? 16 : 8;
  const white = bits === 16 ? 65535 : 255;
  if (hasAlpha) flattenOnBlack(samples, channels, white);
  const colour = isGrey ? null : greyOfColour(samples, channels, white, width * height);
  return {
    width,
    height,
    pixels: colour ? colour.grey : greyPixels(samples, channels, white),
    padding: null,
    bitsStored: bits,
    pixelSpacingMm: null,
    spacingSource: null,
    colourfulness: colour ? colour.colourfulness : null,
    dicom: null,
    ...frame,
  };
}

function checkSamples({ sampleType }: RasterInfo, name: string): void {
  if (sampleType === 'uchar' || sampleType === 'ushort') return;
  throw new LucencyError('LUC_IMAGE_UNSUPPORTED_SAMPLES', { path: name, samples: sampleType });
}

/**
 * Decodes a PNG, JPEG or TIFF page by page: 8 and 16 bit, grey, palette or colour; EXIF orientation applied, alpha laid
 * on black, colour reduced to luma, colour profiles left out (the stored values count).
 *
 * @throws LUC_IMAGE_TOO_LARGE, LUC_IMAGE_TRUNCATED, LUC_IMAGE_CORRUPT, LUC_IMAGE_UNSUPPORTED_SAMPLES,
 *   LUC_IMAGE_NO_SUCH_FRAME
 */
export async function* decodePicture(
  bytes: Uint8Array,
  format: PictureFormat,
  limits: DecodeLimits,
): AsyncGenerator<Radiograph> {
  const { name } = limits;
  // The size is judged here and not by sharp, so that the error can name it; until then sharp reads only headers.
  const request = (page: number): RasterRequest => ({
    page,
    maxPixels: 0,
    failOn: format === 'jpeg' ? 'warning' : 'error',
    orient: true,
  });
  const { pages } = await named(name, readRasterInfo(bytes, request(0)));
  for (const frame of selectedFrames(pages, limits)) {
    const info = await named(name, readRasterInfo(bytes, request(frame - 1)));
    checkImageSize(info.width, info.height, pages, limits);
    checkSamples(info, name);
    const raster = await named(
      name,
      readRaster(bytes, { ...request(frame - 1), maxPixels: limits.maxPixels }),
    );
    yield toRadiograph(raster, info, { format, frame, frames: pages });
  }
}
