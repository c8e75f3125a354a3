import { LucencyError } from '../../core/errors.js';
import type { Radiograph } from '../../core/radiograph.js';
import type { DecodeLimits } from '../decode-options.js';
import { decodedBudget } from '../decoded-budget.js';
import { checkWholeJpeg } from '../dicom/jpeg/check-whole.js';
import { JpegTruncatedError, JpegUnsupportedError } from '../dicom/jpeg/errors.js';
import { checkFrameCount, checkImageSize, selectedFrames } from '../frame-selection.js';
import { greyOfColour } from '../grey.js';
import { checkWholePng } from './check-whole-png.js';
import { checkWholePage } from './check-whole-tiff.js';
import { PictureTruncatedError, PictureUnsupportedError } from './errors.js';
import { type Raster, type RasterInfo, type RasterRequest, readRaster, readRasterInfo } from './raster.js';
import { type TiffDirectory, TiffFile } from './tiff-directory.js';

export type PictureFormat = 'png' | 'jpeg' | 'tiff';

/** Words by which libvips and its libraries say that a file ends too early. */
const truncationWords =
  /premature|truncat|unexpected end|end of (file|stream|image|input)|not enough (image )?data|read error|short/i;

/** Waits for a step of reading and gives its errors their catalogued codes. */
async function named<T>(name: string, step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '').trim() : String(error);
    if (error instanceof JpegUnsupportedError || error instanceof PictureUnsupportedError) {
      throw new LucencyError(
        'LUC_IMAGE_UNSUPPORTED_SAMPLES',
        { path: name, samples: reason },
        { cause: error },
      );
    }
    const cut = error instanceof JpegTruncatedError || error instanceof PictureTruncatedError;
    const code = cut || truncationWords.test(reason) ? 'LUC_IMAGE_TRUNCATED' : 'LUC_IMAGE_CORRUPT';
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

/** Bytes that decoding takes at its most: samples, their copy by the library, grey. */
function decodedBytes({ width, height, hasAlpha, isGrey, sampleType }: RasterInfo): number {
  const channels = isGrey && !hasAlpha ? 1 : 4;
  return width * height * (2 * channels * (sampleType === 'ushort' ? 2 : 1) + 2);
}

/** One page as a picture of its own, its place in the file checked before. */
interface Page {
  readonly bytes: Uint8Array;
  /** Makes sure that it is whole: libraries make do with what is there. */
  check(): void | Promise<void>;
}

/**
 * A page of a TIFF as a file of one page: libraries would walk all pages before it anew for each.
 * @param copy of the file, whose directory offsets are overwritten
 */
function singlePage(file: TiffFile, copy: Uint8Array, directory: TiffDirectory): Page {
  return {
    get bytes() {
      file.putOffset(copy, file.firstAt, directory.at);
      file.putOffset(copy, directory.nextAt, 0);
      return copy;
    },
    check: () => checkWholePage(file.bytes, directory),
  };
}

/** The pages of a picture, its structure walked once. */
function pagesOf(bytes: Uint8Array, format: PictureFormat, maxFrames: number): Page[] {
  if (format === 'png') return [{ bytes, check: () => checkWholePng(bytes) }];
  if (format === 'jpeg') return [{ bytes, check: () => checkWholeJpeg(bytes) }];
  const file = new TiffFile(bytes);
  const directories: TiffDirectory[] = [];
  for (const directory of file.directories()) {
    directories.push(directory);
    // One too many is enough to be refused.
    if (directories.length > maxFrames) break;
  }
  const copy = Uint8Array.from(bytes);
  return directories.map((directory) => singlePage(file, copy, directory));
}

/**
 * Decodes a PNG, JPEG or TIFF page by page: 8 and 16 bit, grey, palette or colour; EXIF orientation applied, alpha laid
 * on black, colour reduced to luma, colour profiles left out (the stored values count).
 *
 * @throws LUC_IMAGE_TOO_MANY_FRAMES, LUC_IMAGE_BUDGET, LUC_IMAGE_TOO_LARGE, LUC_IMAGE_TRUNCATED, LUC_IMAGE_CORRUPT, LUC_IMAGE_UNSUPPORTED_SAMPLES,
 *   LUC_IMAGE_NO_SUCH_FRAME
 */
export async function* decodePicture(
  bytes: Uint8Array,
  format: PictureFormat,
  limits: DecodeLimits,
): AsyncGenerator<Radiograph> {
  const { name } = limits;
  // The size is judged here and not by sharp, so that the error can name it; until then sharp reads only headers.
  const request: RasterRequest = {
    maxPixels: 0,
    failOn: format === 'jpeg' ? 'warning' : 'error',
    orient: true,
  };
  const pages = await named(name, async () => pagesOf(bytes, format, limits.maxFrames));
  checkFrameCount(pages.length, limits);
  for (const frame of selectedFrames(pages.length, limits)) {
    const page = pages[frame - 1];
    if (!page) return;
    const info = await named(name, () => readRasterInfo(page.bytes, request));
    checkImageSize(info.width, info.height, pages.length, limits);
    checkSamples(info, name);
    await named(name, async () => page.check());
    const release = await decodedBudget().hold(decodedBytes(info), name);
    try {
      const raster = await named(name, () =>
        readRaster(page.bytes, { ...request, maxPixels: limits.maxPixels }),
      );
      yield toRadiograph(raster, info, { format, frame, frames: pages.length });
    } finally {
      release();
    }
  }
}
