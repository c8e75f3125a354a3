import { LucencyError } from '../../../core/errors.js';
import { readRaster } from '../../picture/raster.js';
import { checkWholeJpeg } from '../jpeg/check-whole.js';
import { decodeJpeg } from '../jpeg/decode-jpeg.js';
import { type CodestreamHeader, marker } from '../jpeg/segments.js';
import type { Photometric } from '../pixel-description.js';
import type { DecodedFrame, EncodedFrame, FrameDecoder } from './frame.js';
import { checkedHeader, samplesPerPixelOf, withJpegErrors } from './jpeg-errors.js';
import { photometricOf } from './photometric.js';
import { asStated } from './stored-bits.js';

/** Adobe APP14 segment that says: the components are not transformed (RGB). */
const adobeNoTransform = Uint8Array.of(0xff, 0xee, 0, 14, 65, 100, 111, 98, 101, 0, 100, 0, 0, 0, 0, 0);

/**
 * libjpeg takes three components for YCbCr unless a JFIF or Adobe segment or the component names say otherwise. DICOM
 * says it in the data set (PS3.5 8.2.1), so for RGB that has no such segment the Adobe one is put in.
 */
function withColourStated(bytes: Uint8Array, header: CodestreamHeader, photometric: Photometric): Uint8Array {
  const rgb = header.frame.components.length === 3 && photometric === 'RGB';
  if (!rgb || header.hasJfif || header.hasAdobe) return bytes;
  const stated = new Uint8Array(bytes.length + adobeNoTransform.length);
  stated.set(bytes.subarray(0, 2));
  stated.set(adobeNoTransform, 2);
  stated.set(bytes.subarray(2), 2 + adobeNoTransform.length);
  return stated;
}

/** Eight bits go through sharp, once the stream is known to be whole: libjpeg fills in what is missing. */
async function decodeEightBits(frame: EncodedFrame, header: CodestreamHeader): Promise<DecodedFrame> {
  const { bytes, description, name } = frame;
  withJpegErrors(name, () => checkWholeJpeg(bytes));
  const request = {
    maxPixels: description.width * description.height,
    failOn: 'warning',
    orient: false,
  } as const;
  const raster = await readRaster(withColourStated(bytes, header, description.photometric), request).catch(
    (error: unknown) => {
      const reason = error instanceof Error ? error.message.trim() : String(error);
      throw new LucencyError('LUC_DICOM_CORRUPT', { path: name, reason }, { cause: error });
    },
  );
  const samplesPerPixel = samplesPerPixelOf(raster.channels, name);
  const photometric = samplesPerPixel === 3 ? 'RGB' : photometricOf(description.photometric, 1);
  const words = raster.samples instanceof Uint8Array ? raster.samples : Uint8Array.from(raster.samples);
  return {
    ...asStated(words, { precision: 8, samplesPerPixel, lossy: true }, description),
    samplesPerPixel,
    photometric,
  };
}

/** JPEG Baseline and Extended: Huffman-coded sequential DCT with 8 or 12 bits (PS3.5 A.4.1). */
export const decodeJpegDct: FrameDecoder = (frame) => {
  const header = checkedHeader(frame);
  if (header.frame.precision === 8) return decodeEightBits(frame, header);
  return decodeHuffman(frame);
};

/** JPEG Lossless, process 14, any predictor, 2 to 16 bits (PS3.5 A.4.1). */
export const decodeJpegLossless: FrameDecoder = (frame) => {
  checkedHeader(frame);
  return decodeHuffman(frame);
};

function decodeHuffman({ bytes, description, name }: EncodedFrame): DecodedFrame {
  const decoded = withJpegErrors(name, () => decodeJpeg(bytes));
  const samplesPerPixel = samplesPerPixelOf(decoded.frame.components.length, name);
  const { precision } = decoded.frame;
  const photometric = photometricOf(description.photometric, samplesPerPixel);
  const lossy = decoded.frame.process !== marker.SOF3;
  return {
    ...asStated(decoded.samples, { precision, samplesPerPixel, lossy }, description),
    samplesPerPixel,
    photometric,
  };
}
