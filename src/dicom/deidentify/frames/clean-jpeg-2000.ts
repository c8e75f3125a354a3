import { JpegCorruptError, JpegTruncatedError } from '../../../image/dicom/jpeg/errors.js';
import { bareCodestream } from '../../../image/dicom/jpeg-2000-header.js';

/** Marker codes of ITU-T T.800 table A.2 and T.814. */
const marker = {
  SOC: 0xff4f,
  CAP: 0xff50,
  SIZ: 0xff51,
  COD: 0xff52,
  COC: 0xff53,
  TLM: 0xff55,
  CPF: 0xff59,
  QCD: 0xff5c,
  QCC: 0xff5d,
  RGN: 0xff5e,
  POC: 0xff5f,
  PPM: 0xff60,
  PPT: 0xff61,
  SOT: 0xff90,
  SOD: 0xff93,
  EOC: 0xffd9,
} as const;

/** What decoding needs. Comments, and aids that find packets faster, are left out. */
const needed: ReadonlySet<number> = new Set([
  marker.CAP,
  marker.SIZ,
  marker.COD,
  marker.COC,
  marker.CPF,
  marker.QCD,
  marker.QCC,
  marker.RGN,
  marker.POC,
  marker.PPM,
  marker.PPT,
]);

interface Header {
  readonly parts: Uint8Array[];
  readonly end: number;
  readonly hadLengths: boolean;
}

/** Marker segments from `start` to the first `stop`, without those that nothing needs. */
function cleanHeader(bytes: Buffer, start: number, stop: number): Header {
  const parts: Uint8Array[] = [];
  let hadLengths = false;
  let at = start;
  for (;;) {
    if (at + 4 > bytes.length) throw new JpegTruncatedError('a header is cut');
    const code = bytes.readUInt16BE(at);
    if (code === stop) return { parts, end: at, hadLengths };
    const length = bytes.readUInt16BE(at + 2);
    if (code < 0xff00 || length < 2) throw new JpegCorruptError('no marker where one belongs');
    if (code === marker.TLM) hadLengths = true;
    else if (needed.has(code)) parts.push(bytes.subarray(at, at + 2 + length));
    at += 2 + length;
  }
}

interface TilePart {
  readonly tile: number;
  readonly bytes: Buffer;
}

/** One tile-part, its length set anew (T.800 A.4.2). */
function cleanTilePart(bytes: Buffer, at: number, end: number): TilePart {
  const { parts, end: data } = cleanHeader(bytes.subarray(0, end), at + 12, marker.SOD);
  const cleaned = Buffer.concat([bytes.subarray(at, at + 12), ...parts, bytes.subarray(data, end)]);
  cleaned.writeUInt32BE(cleaned.length, 6);
  return { tile: bytes.readUInt16BE(at + 4), bytes: cleaned };
}

const mostLengths = 10_000;

/** Tile-part lengths (TLM, T.800 A.7.1), which HTJ2K with RPCL must have (PS3.5 A.4.11). */
function lengthSegments(tileParts: readonly TilePart[]): Buffer[] {
  const segments: Buffer[] = [];
  for (let first = 0; first < tileParts.length; first += mostLengths) {
    const some = tileParts.slice(first, first + mostLengths);
    const segment = Buffer.alloc(6 + 6 * some.length);
    segment.writeUInt16BE(marker.TLM, 0);
    segment.writeUInt16BE(segment.length - 2, 2);
    segment.writeUInt8(first / mostLengths, 4);
    // Tile indices of two bytes, lengths of four.
    segment.writeUInt8(0x60, 5);
    some.forEach(({ tile, bytes }, index) => {
      segment.writeUInt16BE(tile, 6 + 6 * index);
      segment.writeUInt32BE(bytes.length, 8 + 6 * index);
    });
    segments.push(segment);
  }
  return segments;
}

/**
 * A JPEG 2000 or HTJ2K codestream with what decodes it and nothing else: comments, boxes of a JP2 file around it and
 * whatever follows the end are left out; nothing is coded anew. The stream must have been found whole before.
 * @throws JpegTruncatedError, JpegCorruptError
 */
export function cleanJpeg2000(bytes: Uint8Array): Uint8Array {
  const bare = bareCodestream(bytes);
  const stream = Buffer.from(bare.buffer, bare.byteOffset, bare.byteLength);
  const main = cleanHeader(stream, 2, marker.SOT);
  const tileParts: TilePart[] = [];
  let at = main.end;
  while (at + 12 <= stream.length && stream.readUInt16BE(at) === marker.SOT) {
    const length = stream.readUInt32BE(at + 6);
    const open = length === 0 ? stream.lastIndexOf(Buffer.of(0xff, 0xd9)) : at + length;
    const end = open > at ? open : stream.length;
    tileParts.push(cleanTilePart(stream, at, end));
    at = end;
  }
  const start = Buffer.of(0xff, 0x4f);
  const end = Buffer.of(0xff, 0xd9);
  const lengths = main.hadLengths ? lengthSegments(tileParts) : [];
  const parts = [start, ...main.parts, ...lengths, ...tileParts.map((part) => part.bytes), end];
  return Uint8Array.from(Buffer.concat(parts));
}
