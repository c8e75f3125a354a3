import { JpegCorruptError, JpegTruncatedError } from './errors.js';

/** Marker codes of ITU-T T.81 table B.1 (and T.87 for JPEG-LS). */
export const marker = {
  SOF0: 0xc0,
  SOF1: 0xc1,
  SOF2: 0xc2,
  SOF3: 0xc3,
  DHT: 0xc4,
  RST0: 0xd0,
  RST7: 0xd7,
  SOI: 0xd8,
  EOI: 0xd9,
  SOS: 0xda,
  DQT: 0xdb,
  DRI: 0xdd,
  APP0: 0xe0,
  APP14: 0xee,
  SOF55: 0xf7,
} as const;

export interface FrameComponent {
  readonly id: number;
  readonly horizontal: number;
  readonly vertical: number;
  readonly quantisation: number;
}

/** Frame header (T.81 B.2.2). */
export interface FrameHeader {
  /** Which SOF marker it was. */
  readonly process: number;
  readonly precision: number;
  readonly width: number;
  readonly height: number;
  readonly components: readonly FrameComponent[];
}

/** A marker segment: its code and payload (without marker and length). */
export interface Segment {
  readonly code: number;
  readonly payload: Uint8Array;
  /** Offset just behind the segment: for SOS, where the entropy-coded data begin. */
  readonly end: number;
}

export function isFrameHeader(code: number): boolean {
  const sof = code >= 0xc0 && code <= 0xcf && code !== marker.DHT && code !== 0xc8 && code !== 0xcc;
  return sof || code === marker.SOF55;
}

function standsAlone(code: number): boolean {
  return (
    code === marker.SOI ||
    code === marker.EOI ||
    code === 0x01 ||
    (code >= marker.RST0 && code <= marker.RST7)
  );
}

/**
 * The segment that starts at or behind `at` (fill bytes are passed over).
 * @throws JpegTruncatedError, JpegCorruptError
 */
export function readSegment(bytes: Uint8Array, at: number): Segment {
  let position = at;
  if (position < bytes.length && bytes[position] !== 0xff)
    throw new JpegCorruptError('no marker where one belongs');
  while (bytes[position] === 0xff) position += 1;
  const code = bytes[position];
  if (code === undefined) throw new JpegTruncatedError('the codestream ends between its segments');
  position += 1;
  if (code === 0) throw new JpegCorruptError('no marker where one belongs');
  if (standsAlone(code)) return { code, payload: bytes.subarray(position, position), end: position };
  const length = ((bytes[position] ?? 0) << 8) | (bytes[position + 1] ?? 0);
  const end = position + length;
  if (position + 2 > bytes.length || end > bytes.length)
    throw new JpegTruncatedError('a marker segment is cut');
  if (length < 2) throw new JpegCorruptError('a marker segment has no length');
  return { code, payload: bytes.subarray(position + 2, end), end };
}

/** @throws JpegCorruptError */
export function parseFrameHeader({ code, payload }: Segment): FrameHeader {
  const count = payload[5] ?? 0;
  if (payload.length < 6 + 3 * count || count === 0 || count > 4)
    throw new JpegCorruptError('bad frame header');
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  const components = Array.from({ length: count }, (_, index): FrameComponent => {
    const at = 6 + 3 * index;
    const sampling = view.getUint8(at + 1);
    return {
      id: view.getUint8(at),
      horizontal: sampling >> 4,
      vertical: sampling & 15,
      quantisation: view.getUint8(at + 2),
    };
  });
  return {
    process: code,
    precision: view.getUint8(0),
    height: view.getUint16(1),
    width: view.getUint16(3),
    components,
  };
}

/** What stands before the first scan of a JPEG or JPEG-LS codestream. */
export interface CodestreamHeader {
  readonly frame: FrameHeader;
  readonly hasJfif: boolean;
  readonly hasAdobe: boolean;
}

/**
 * Reads the headers of a codestream without decoding it.
 * @throws JpegTruncatedError, JpegCorruptError
 */
export function readHeader(bytes: Uint8Array): CodestreamHeader {
  let segment = readSegment(bytes, 0);
  if (segment.code !== marker.SOI) throw new JpegCorruptError('no start of image');
  let hasJfif = false;
  let hasAdobe = false;
  for (;;) {
    segment = readSegment(bytes, segment.end);
    const { code, payload } = segment;
    if (isFrameHeader(code)) return { frame: parseFrameHeader(segment), hasJfif, hasAdobe };
    if (code === marker.SOS || code === marker.EOI) throw new JpegCorruptError('no frame header');
    if (code === marker.APP0 && startsWith(payload, 'JFIF')) hasJfif = true;
    if (code === marker.APP14 && startsWith(payload, 'Adobe')) hasAdobe = true;
  }
}

function startsWith(payload: Uint8Array, text: string): boolean {
  return [...text].every((letter, index) => payload[index] === letter.charCodeAt(0));
}
