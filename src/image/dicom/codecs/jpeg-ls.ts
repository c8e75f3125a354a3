import { decodeJpegLs as decodeCodestream } from '../jpeg-ls/decode-jpeg-ls.js';
import type { FrameDecoder } from './frame.js';
import { checkedHeader, samplesPerPixelOf, withJpegErrors } from './jpeg-errors.js';
import { photometricOf } from './photometric.js';
import { asStated } from './stored-bits.js';

/** JPEG-LS, lossless and near-lossless (ITU-T T.87, PS3.5 A.4.3). */
export const decodeJpegLs: FrameDecoder = (frame) => {
  const { bytes, name, description } = frame;
  const { components, precision } = checkedHeader(frame).frame;
  const samplesPerPixel = samplesPerPixelOf(components.length, name);
  const { samples, near } = withJpegErrors(name, () => decodeCodestream(bytes));
  return {
    ...asStated(samples, { precision, samplesPerPixel, lossy: near > 0 }, description),
    samplesPerPixel,
    photometric: photometricOf(description.photometric, samplesPerPixel),
  };
};
