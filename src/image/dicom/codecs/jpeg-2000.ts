import { LucencyError } from '../../../core/errors.js';
import { bareCodestream, readJpeg2000Header } from '../jpeg-2000-header.js';
import type { Photometric } from '../pixel-description.js';
import type { DecodedFrame, EncodedFrame, FrameDecoder } from './frame.js';
import { checkCodestreamSize, samplesPerPixelOf, withJpegErrors } from './jpeg-errors.js';
import { photometricOf } from './photometric.js';
import { asStated } from './stored-bits.js';
import { copySamples, WasmCodec, type WasmDecoder } from './wasm-codec.js';
import { withWasmErrors } from './wasm-errors.js';

interface OpenJpegModule {
  readonly HEAPU8: Uint8Array;
  readonly J2KDecoder: new () => WasmDecoder;
}

interface OpenJphModule {
  readonly HEAPU8: Uint8Array;
  readonly HTJ2KDecoder: new () => WasmDecoder;
}

const openJpeg = new WasmCodec<OpenJpegModule, WasmDecoder>(
  '@cornerstonejs/codec-openjpeg/decodewasmjs',
  (module) => new module.J2KDecoder(),
);

const openJph = new WasmCodec<OpenJphModule, WasmDecoder>(
  '@cornerstonejs/codec-openjph/wasmjs',
  (module) => new module.HTJ2KDecoder(),
);

type Codec = Pick<typeof openJpeg, 'decode'>;

/** After the codestream's own transform the samples are RGB; without one its two names still mean RGB. */
function colourOf(stated: Photometric, samplesPerPixel: 1 | 3, transformed: boolean): Photometric {
  const named = stated === 'YBR_RCT' || stated === 'YBR_ICT';
  return samplesPerPixel === 3 && (transformed || named) ? 'RGB' : photometricOf(stated, samplesPerPixel);
}

async function decodeWith(codec: Codec, frame: EncodedFrame): Promise<DecodedFrame> {
  const { name, description } = frame;
  const codestream = withJpegErrors(name, () => bareCodestream(frame.bytes));
  const header = withJpegErrors(name, () => readJpeg2000Header(codestream));
  checkCodestreamSize(frame, header);
  const samplesPerPixel = samplesPerPixelOf(header.components, name);
  if (header.precision > 16) {
    const reason = `JPEG 2000 with ${header.precision} bits`;
    throw new LucencyError('LUC_DICOM_UNSUPPORTED_CODESTREAM', { path: name, reason });
  }
  const samples = await withWasmErrors(
    name,
    codec.decode(codestream, (decoder, info) => copySamples(decoder.getDecodedBuffer(), info)),
  );
  const expected = header.width * header.height * samplesPerPixel;
  if (samples.length !== expected) {
    const reason = `its codestream gave ${samples.length} samples instead of ${expected}`;
    throw new LucencyError('LUC_DICOM_CORRUPT', { path: name, reason });
  }
  const { precision, reversible } = header;
  return {
    ...asStated(samples, { precision, samplesPerPixel, lossy: !reversible }, description),
    samplesPerPixel,
    photometric: colourOf(description.photometric, samplesPerPixel, header.colourTransformed),
  };
}

/** JPEG 2000, reversible and irreversible (ITU-T T.800, PS3.5 A.4.4), by OpenJPEG. */
export const decodeJpeg2000: FrameDecoder = (frame) => decodeWith(openJpeg, frame);

/** High-throughput JPEG 2000 (ITU-T T.814, PS3.5 A.4.11), by OpenJPH. */
export const decodeHtj2k: FrameDecoder = (frame) => decodeWith(openJph, frame);
