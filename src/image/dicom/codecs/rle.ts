import { LucencyError } from '../../../core/errors.js';
import type { DecodedFrame, EncodedFrame, FrameDecoder } from './frame.js';
import { isolateStoredBits } from './stored-bits.js';

const headerBytes = 64;
const maxSegments = 15;

function fault(
  name: string,
  code: 'LUC_DICOM_TRUNCATED' | 'LUC_DICOM_CORRUPT',
  reason: string,
): LucencyError {
  return new LucencyError(code, { path: name, reason });
}

/** Offsets of the segments from the RLE header (PS3.5 G.5), with the end of the last one added. */
function segmentOffsets({ bytes, name }: EncodedFrame, expected: number): number[] {
  if (bytes.length < headerBytes) throw fault(name, 'LUC_DICOM_TRUNCATED', 'an RLE header is cut');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const segments = view.getUint32(0, true);
  if (segments !== expected || segments > maxSegments) {
    throw fault(name, 'LUC_DICOM_CORRUPT', `an RLE frame has ${segments} segments where ${expected} belong`);
  }
  const offsets = Array.from({ length: segments }, (_, index) => view.getUint32(4 + 4 * index, true));
  offsets.push(bytes.length);
  const rising = offsets.every((offset, index) => offset >= (offsets[index - 1] ?? headerBytes));
  if (!rising) throw fault(name, 'LUC_DICOM_CORRUPT', 'the segments of an RLE frame are out of order');
  return offsets;
}

/** Zeros pad segments, to even length or further; the control byte -128 does nothing. */
function isPadding(bytes: Uint8Array): boolean {
  return bytes.length <= 1 || bytes.every((byte) => byte === 0 || byte === 128);
}

/** Where a segment's codes end, against the pixels that they must fill. */
type SegmentEnd = 'whole' | 'too short' | 'too long';

/**
 * Unpacks one segment (PackBits, PS3.5 G.3.2) into every `stride`-th byte of `target` from `first`. Its last code must end
 * with the last pixel, and only padding may follow: else bytes are missing before, and what was read is shifted.
 */
function unpackSegment(segment: Uint8Array, target: Uint8Array, first: number, stride: number): SegmentEnd {
  let to = first;
  let at = 0;
  while (to < target.length && at < segment.length) {
    const control = segment[at] as number;
    at += 1;
    if (control < 128) {
      const stop = at + control + 1;
      if (stop > segment.length) return 'too short';
      for (; at < stop && to < target.length; at += 1, to += stride) target[to] = segment[at] as number;
      if (at < stop && !isPadding(segment.subarray(at))) return 'too long';
    } else if (control > 128) {
      if (at >= segment.length) return 'too short';
      const value = segment[at] as number;
      at += 1;
      let count = 257 - control;
      for (; count > 0 && to < target.length; count -= 1, to += stride) target[to] = value;
      if (count > 0) return 'too long';
    }
  }
  if (to < target.length) return 'too short';
  return isPadding(segment.subarray(at)) ? 'whole' : 'too long';
}

/** RLE Lossless (PS3.5 Annex G): byte planes, the most significant of each sample first. */
export const decodeRle: FrameDecoder = (frame): DecodedFrame => {
  const { bytes, description, name } = frame;
  const { width, height, samplesPerPixel, bitsAllocated, bitsStored } = description;
  const photometric = description.photometric === 'YBR_FULL_422' ? 'YBR_FULL' : description.photometric;
  if (bitsAllocated === 1) {
    throw new LucencyError('LUC_DICOM_PIXEL_ATTRIBUTE', { path: name, attribute: 'BitsAllocated', value: 1 });
  }
  const width8 = bitsAllocated / 8;
  const count = width * height * samplesPerPixel;
  const offsets = segmentOffsets(frame, samplesPerPixel * width8);
  const words =
    width8 === 1 ? new Uint8Array(count) : width8 === 2 ? new Uint16Array(count) : new Uint32Array(count);
  const target = new Uint8Array(words.buffer);
  const stride = samplesPerPixel * width8;
  for (let index = 0; index + 1 < offsets.length; index += 1) {
    const segment = bytes.subarray(offsets[index], offsets[index + 1]);
    const sample = Math.floor(index / width8);
    const significance = width8 - 1 - (index % width8);
    const end = unpackSegment(segment, target, sample * width8 + significance, stride);
    if (end !== 'whole') {
      const code = end === 'too short' ? 'LUC_DICOM_TRUNCATED' : 'LUC_DICOM_CORRUPT';
      throw fault(name, code, `segment ${index + 1} of an RLE frame is ${end}`);
    }
  }
  return { samples: isolateStoredBits(words, description), samplesPerPixel, photometric, bits: bitsStored };
};
