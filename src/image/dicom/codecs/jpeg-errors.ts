import { LucencyError } from '../../../core/errors.js';
import { JpegCorruptError, JpegTruncatedError, JpegUnsupportedError } from '../jpeg/errors.js';
import type { CodestreamHeader } from '../jpeg/segments.js';
import { readHeader } from '../jpeg/segments.js';
import type { EncodedFrame } from './frame.js';

/** Runs a step of the JPEG reader and gives its errors their catalogued codes. */
export function withJpegErrors<T>(name: string, step: () => T): T {
  try {
    return step();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    if (error instanceof JpegTruncatedError) {
      throw new LucencyError('LUC_DICOM_TRUNCATED', { path: name, reason }, { cause: error });
    }
    if (error instanceof JpegUnsupportedError) {
      throw new LucencyError('LUC_DICOM_UNSUPPORTED_CODESTREAM', { path: name, reason }, { cause: error });
    }
    if (error instanceof JpegCorruptError) {
      throw new LucencyError('LUC_DICOM_CORRUPT', { path: name, reason }, { cause: error });
    }
    throw error;
  }
}

/**
 * A codestream must have the size that the data set states: else one of the two is wrong, and a huge size in a small
 * stream would take all memory before anything is noticed.
 * @throws LUC_DICOM_CORRUPT
 */
export function checkCodestreamSize(
  { description, name }: EncodedFrame,
  stream: { readonly width: number; readonly height: number },
): void {
  const { width, height } = description;
  if (stream.width === width && stream.height === height) return;
  const reason = `its codestream is ${stream.width} x ${stream.height}, its data set says ${width} x ${height}`;
  throw new LucencyError('LUC_DICOM_CORRUPT', { path: name, reason });
}

/** @throws LUC_DICOM_UNSUPPORTED_CODESTREAM when the samples per pixel are neither 1 nor 3 */
export function samplesPerPixelOf(components: number, name: string): 1 | 3 {
  if (components === 1 || components === 3) return components;
  const reason = `a codestream of ${components} components`;
  throw new LucencyError('LUC_DICOM_UNSUPPORTED_CODESTREAM', { path: name, reason });
}

/** Header of a JPEG or JPEG-LS frame, its size checked against the data set. */
export function checkedHeader(frame: EncodedFrame): CodestreamHeader {
  const header = withJpegErrors(frame.name, () => readHeader(frame.bytes));
  checkCodestreamSize(frame, header.frame);
  return header;
}
