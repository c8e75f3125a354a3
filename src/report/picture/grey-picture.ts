import sharp, { type Sharp } from 'sharp';
import type { Radiograph } from '../../core/radiograph.js';

/** The port to sharp: libvips works outside of the event loop, so the 16-bit grey values go to it as they are. */
export function greyPicture(radiograph: Radiograph, size: { width: number; height: number }): Sharp {
  const { width, height, pixels } = radiograph;
  const source = sharp(pixels, { raw: { width, height, channels: 1 }, limitInputPixels: false });
  if (size.width === width && size.height === height) return source;
  return source.resize(size.width, size.height, {
    fit: 'fill',
    kernel: size.width > width ? 'cubic' : 'lanczos3',
    fastShrinkOnLoad: false,
  });
}

/** The untouched image as a modest 8-bit greyscale JPEG with its longer side at most `maxSide`. */
export function greyJpeg(radiograph: Radiograph, maxSide: number, quality: number): Promise<Uint8Array> {
  const factor = Math.min(1, maxSide / Math.max(radiograph.width, radiograph.height));
  const size = {
    width: Math.max(1, Math.round(radiograph.width * factor)),
    height: Math.max(1, Math.round(radiograph.height * factor)),
  };
  return greyPicture(radiograph, size).toColourspace('b-w').jpeg({ quality }).toBuffer();
}
