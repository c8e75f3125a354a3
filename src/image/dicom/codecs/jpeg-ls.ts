import type { DecodedFrame, FrameDecoder } from './frame.js';
import { greyPhotometric } from './jpeg.js';
import { checkedHeader, samplesPerPixelOf } from './jpeg-errors.js';
import { interleave } from './native.js';
import { asStated } from './stored-bits.js';
import { copySamples, WasmCodec, type WasmDecoder } from './wasm-codec.js';
import { withWasmErrors } from './wasm-errors.js';

interface JpegLsDecoder extends WasmDecoder {
  /** 0: plane by plane, 1: row by row, 2: pixel by pixel. */
  getInterleaveMode(): number;
}

interface CharlsModule {
  readonly HEAPU8: Uint8Array;
  readonly JpegLSDecoder: new () => JpegLsDecoder;
}

const charls = new WasmCodec<CharlsModule, JpegLsDecoder>(
  '@cornerstonejs/codec-charls/decodewasmjs',
  (module) => new module.JpegLSDecoder(),
);

/** JPEG-LS, lossless and near-lossless (ITU-T T.87, PS3.5 A.4.3), by CharLS. */
export const decodeJpegLs: FrameDecoder = (frame) => {
  const { bytes, name, description } = frame;
  const { components } = checkedHeader(frame).frame;
  const samplesPerPixel = samplesPerPixelOf(components.length, name);
  const decode = charls.decode(bytes, (decoder, info): DecodedFrame => {
    const decoded = copySamples(decoder.getDecodedBuffer(), info);
    const planar = samplesPerPixel === 3 && decoder.getInterleaveMode() === 0;
    const stated = description.photometric === 'YBR_FULL_422' ? 'YBR_FULL' : description.photometric;
    const words = planar ? interleave(decoded, samplesPerPixel) : decoded;
    return {
      samples: asStated(words, info.bitsPerSample, description.signed && samplesPerPixel === 1),
      samplesPerPixel,
      photometric: samplesPerPixel === 3 ? stated : greyPhotometric(stated),
      bits: info.bitsPerSample,
    };
  });
  return withWasmErrors(name, decode);
};
