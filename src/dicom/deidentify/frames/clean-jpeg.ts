import { JpegCorruptError } from '../../../image/dicom/jpeg/errors.js';
import { isFrameHeader, marker, readSegment, type Segment } from '../../../image/dicom/jpeg/segments.js';

/** JPEG-LS presets (T.87 C.2.4.1) and the segment of HP's colour transform. */
const LSE = 0xf8;
const APP8 = 0xe8;

const jfif = Uint8Array.of(0x4a, 0x46, 0x49, 0x46, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0);

function text(payload: Uint8Array, length: number): string {
  return String.fromCharCode(...payload.subarray(0, length));
}

/** What must stay of an application segment, for it says what the components are; null for all others. */
function applicationOf({ code, payload }: Segment): Uint8Array | null {
  if (code === marker.APP0 && text(payload, 5) === 'JFIF\0') return jfif;
  if (code === marker.APP14 && text(payload, 5) === 'Adobe' && payload.length >= 12) {
    return Uint8Array.of(0x41, 0x64, 0x6f, 0x62, 0x65, 0, 100, 0, 0, 0, 0, payload[11] ?? 0);
  }
  if (code === APP8 && text(payload, 4) === 'mrfx') return payload.slice(0, 5);
  return null;
}

/** Bytes of payload that a segment may have by its own counts; null where any number is right. */
function exactLength({ code, payload }: Segment): number | null {
  if (isFrameHeader(code)) return 6 + 3 * (payload[5] ?? 0);
  if (code === marker.SOS) return 4 + 2 * (payload[0] ?? 0);
  if (code === marker.DRI) return 2;
  if (code === LSE && payload[0] === 1) return 11;
  return null;
}

function decodes(code: number): boolean {
  const table = code === marker.DHT || code === marker.DQT || code === LSE;
  return table || isFrameHeader(code) || code === marker.DRI || code === marker.SOS;
}

/** Where the entropy-coded data end: at a marker that is no restart; in JPEG-LS a byte below 80 follows every FF of data. */
function scanEnd(bytes: Uint8Array, start: number, jpegLs: boolean): number {
  for (let at = start; at + 1 < bytes.length; at += 1) {
    if (bytes[at] !== 0xff) continue;
    const next = bytes[at + 1] as number;
    const data = jpegLs ? next < 0x80 : next === 0 || (next >= marker.RST0 && next <= marker.RST7);
    if (!data && next !== 0xff) return at;
  }
  return bytes.length;
}

function segmentOf(code: number, payload: Uint8Array): Uint8Array {
  const length = payload.length + 2;
  return Uint8Array.from([0xff, code, length >> 8, length & 0xff, ...payload]);
}

/**
 * A JPEG or JPEG-LS codestream with what decodes it and nothing else: comments, application segments, fill bytes and
 * whatever follows the end are left out; nothing is coded anew. The stream must have been found whole before.
 * @throws JpegTruncatedError, JpegCorruptError when a segment is longer than what it says of itself
 */
export function cleanJpeg(bytes: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [Uint8Array.of(0xff, marker.SOI)];
  let jpegLs = false;
  for (let segment = readSegment(bytes, readSegment(bytes, 0).end); ; ) {
    const { code, payload, end } = segment;
    if (code === marker.EOI) break;
    jpegLs ||= code === marker.SOF55;
    const exact = exactLength(segment);
    if (exact !== null && exact !== payload.length)
      throw new JpegCorruptError('a segment is longer than its content');
    const application = applicationOf(segment);
    let next = end;
    if (application) parts.push(segmentOf(code, application));
    else if (decodes(code)) {
      parts.push(segmentOf(code, payload));
      if (code === marker.SOS) {
        next = scanEnd(bytes, end, jpegLs);
        parts.push(bytes.subarray(end, next));
      }
    }
    segment = readSegment(bytes, next);
  }
  parts.push(Uint8Array.of(0xff, marker.EOI));
  return Uint8Array.from(Buffer.concat(parts));
}
