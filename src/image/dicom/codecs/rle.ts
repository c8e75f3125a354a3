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

/**
 * Unpacks one segment (PackBits, PS3.5 G.3.2) into every `stride`-th byte of `target` from `first`; bytes beyond the
 * last pixel are padding and left out. False when the segment ends too early.
 */
function unpackSegment(segment: Uint8Array, target: Uint8Array, first: number, stride: number): boolean {
  let to = first;
  let at = 0;
  while (to < target.length && at < segment.length) {
    const control = segment[at] as number;
    at += 1;
    if (control < 128) {
      const stop = Math.min(at + control + 1, segment.length);
      for (; at < stop && to < target.length; at += 1, to += stride) target[to] = segment[at] as number;
    } else if (control > 128) {
      if (at >= segment.length) return false;
      const value = segment[at] as number;
      at += 1;
      for (let count = 257 - control; count > 0 && to < target.length; count -= 1, to += stride)
        target[to] = value;
    }
  }
  return to >= target.length;
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
    if (!unpackSegment(segment, target, sample * width8 + significance, stride)) {
      throw fault(name, 'LUC_DICOM_TRUNCATED', `segment ${index + 1} of an RLE frame is too short`);
    }
  }
  return { samples: isolateStoredBits(words, description), samplesPerPixel, photometric, bits: bitsStored };
};
