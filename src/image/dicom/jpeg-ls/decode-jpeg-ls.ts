import { JpegCorruptError, JpegTruncatedError, JpegUnsupportedError } from '../jpeg/errors.js';
import { type FrameHeader, marker, parseFrameHeader, readSegment, type Segment } from '../jpeg/segments.js';
import { codingParameters, noPresets, type PresetParameters } from './parameters.js';
import { decodeScan } from './scan-decoder.js';

/** Preset parameters segment (T.87 C.2.4.1). */
const LSE = 0xf8;

export interface DecodedJpegLs {
  readonly frame: FrameHeader;
  /** Row-major, the components of a pixel side by side. */
  readonly samples: Uint16Array;
  /** Most that a sample may differ from the one that was encoded; 0 for lossless streams. */
  readonly near: number;
}

function readPresets({ payload }: Segment): PresetParameters {
  if (payload[0] !== 1 || payload.length < 11) {
    throw new JpegUnsupportedError('JPEG-LS with mapping tables or oversize dimensions');
  }
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  const [maxVal = 0, t1 = 0, t2 = 0, t3 = 0, reset = 0] = [1, 3, 5, 7, 9].map((at) => view.getUint16(at));
  return { maxVal, t1, t2, t3, reset };
}

interface ScanHeader {
  readonly components: number[];
  readonly near: number;
  readonly interleave: number;
}

function readScanHeader({ payload }: Segment, frame: FrameHeader): ScanHeader {
  const count = payload[0] ?? 0;
  const after = 1 + 2 * count;
  if (count === 0 || payload.length < after + 3) throw new JpegCorruptError('bad scan header');
  const components = Array.from({ length: count }, (_, position) => {
    const index = frame.components.findIndex(({ id }) => id === payload[1 + 2 * position]);
    if (index < 0) throw new JpegCorruptError('a scan names a component that the frame lacks');
    if (payload[2 + 2 * position] !== 0) throw new JpegUnsupportedError('JPEG-LS with mapping tables');
    return index;
  });
  const interleave = payload[after + 1] ?? 0;
  if (interleave > 2) throw new JpegCorruptError('bad interleave mode');
  if ((payload[after + 2] ?? 0) !== 0) throw new JpegUnsupportedError('JPEG-LS with point transform');
  return { components, near: payload[after] ?? 0, interleave };
}

function checkFrame({ process, precision, width, height, components }: FrameHeader): void {
  if (process !== marker.SOF55) throw new JpegCorruptError('it is no JPEG-LS codestream');
  if (precision < 2 || precision > 16) throw new JpegCorruptError(`it has ${precision} bits per sample`);
  if (width === 0 || height === 0) throw new JpegUnsupportedError('JPEG-LS without a stated size');
  const sampled = components.some(({ horizontal, vertical }) => horizontal !== 1 || vertical !== 1);
  if (sampled) throw new JpegUnsupportedError('subsampled JPEG-LS');
}

/** True for the segment by which HP's encoder announces a colour transform that the standard does not know. */
function hasColourTransform({ code, payload }: Segment): boolean {
  const name = String.fromCharCode(...payload.subarray(0, 4));
  return code === 0xe8 && name === 'mrfx' && (payload[4] ?? 0) !== 0;
}

/**
 * Decodes JPEG-LS (ITU-T T.87), lossless and near-lossless, all three interleave modes, 2 to 16 bits. CharLS on
 * WebAssembly was measured to spin for a minute over a cut stream of 2 KB, which nothing on its thread can stop; this
 * decoder reads each bit once and cannot.
 * Check the size by `readHeader` first: memory for the whole image is taken at once.
 *
 * @throws JpegTruncatedError, JpegCorruptError, JpegUnsupportedError
 */
export function decodeJpegLs(bytes: Uint8Array): DecodedJpegLs {
  let presets = noPresets;
  let frame: FrameHeader | null = null;
  let samples = new Uint16Array(0);
  let largestNear = 0;
  const scanned = new Set<number>();
  let segment = readSegment(bytes, 0);
  if (segment.code !== marker.SOI) throw new JpegCorruptError('no start of image');
  for (let at = segment.end; ; ) {
    segment = readSegment(bytes, at);
    at = segment.end;
    const { code } = segment;
    if (code === marker.EOI) break;
    if (code === LSE) presets = readPresets(segment);
    else if (code === marker.DRI) throw new JpegUnsupportedError('JPEG-LS with restarts');
    else if (hasColourTransform(segment))
      throw new JpegUnsupportedError("JPEG-LS with HP's colour transform");
    else if (code === marker.SOF55) {
      if (frame) throw new JpegCorruptError('two frame headers');
      frame = parseFrameHeader(segment);
      checkFrame(frame);
      samples = new Uint16Array(frame.width * frame.height * frame.components.length);
    } else if (code === marker.SOS) {
      if (!frame) throw new JpegCorruptError('a scan before the frame header');
      const { components, near, interleave } = readScanHeader(segment, frame);
      for (const index of components) {
        if (scanned.has(index)) throw new JpegCorruptError('a component is scanned twice');
        scanned.add(index);
      }
      largestNear = Math.max(largestNear, near);
      const { width, height, precision } = frame;
      const layout = { width, height, components, interleave, frameComponents: frame.components.length };
      at = decodeScan(bytes, segment.end, layout, codingParameters(precision, near, presets), samples);
    }
  }
  if (!frame || scanned.size < frame.components.length) throw new JpegTruncatedError('a scan is missing');
  return { frame, samples, near: largestNear };
}
