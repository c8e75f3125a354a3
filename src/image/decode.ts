import { LucencyError } from '../core/errors.js';
import type { Radiograph } from '../core/radiograph.js';
import { type DecodeOptions, withDefaults } from './decode-options.js';
import { detectFormat } from './detect-format.js';
import { decodeDicom } from './dicom/decode-dicom.js';
import { decodePicture } from './picture/decode-picture.js';

/**
 * Decodes an image frame by frame (TIFF: page by page), so that memory stays that of one frame however many there are.
 * The bytes decide the format, never the name.
 *
 * @throws LucencyError: LUC_IMAGE_EMPTY, LUC_IMAGE_UNKNOWN_FORMAT, LUC_IMAGE_TOO_LARGE, LUC_IMAGE_TOO_MANY_FRAMES, LUC_IMAGE_TRUNCATED,
 *   LUC_IMAGE_CORRUPT, LUC_IMAGE_VOLUME, LUC_IMAGE_UNSUPPORTED_SAMPLES, LUC_IMAGE_NO_SUCH_FRAME, and the LUC_DICOM_* codes
 */
export async function* decodeFrames(bytes: Uint8Array, options?: DecodeOptions): AsyncGenerator<Radiograph> {
  const limits = withDefaults(options);
  if (bytes.length === 0) throw new LucencyError('LUC_IMAGE_EMPTY', { path: limits.name });
  const format = detectFormat(bytes);
  if (format === 'png' || format === 'jpeg' || format === 'tiff') yield* decodePicture(bytes, format, limits);
  else if (format === 'dicom') yield* decodeDicom(bytes, limits);
  else if (format === 'nifti') throw new LucencyError('LUC_IMAGE_VOLUME', { path: limits.name });
  else throw new LucencyError('LUC_IMAGE_UNKNOWN_FORMAT', { path: limits.name });
}

/**
 * Decodes all frames of an image (or the one asked for) at once; see `decodeFrames`, which is to be preferred for files
 * of many frames: here all of them together may have at most four times `maxPixels`.
 *
 * @throws LucencyError as `decodeFrames`
 */
export async function decodeImage(bytes: Uint8Array, options?: DecodeOptions): Promise<Radiograph[]> {
  const { name, maxPixels } = withDefaults(options);
  const radiographs: Radiograph[] = [];
  let pixels = 0;
  for await (const radiograph of decodeFrames(bytes, options)) {
    const { width, height, frames } = radiograph;
    pixels += width * height;
    if (pixels > 4 * maxPixels) {
      throw new LucencyError('LUC_IMAGE_TOO_LARGE', {
        path: name,
        width,
        height,
        frames,
        limit: 4 * maxPixels,
      });
    }
    radiographs.push(radiograph);
  }
  return radiographs;
}
