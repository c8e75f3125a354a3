import { JpegCorruptError, JpegTruncatedError, JpegUnsupportedError } from './jpeg/errors.js';

/** Marker codes of ITU-T T.800 table A.2. */
const marker = { SOC: 0xff4f, SIZ: 0xff51, COD: 0xff52, SOT: 0xff90, EOC: 0xffd9 } as const;

export interface Jpeg2000Header {
  readonly width: number;
  readonly height: number;
  readonly components: number;
  readonly precision: number;
  readonly signed: boolean;
  /** The first three components are transformed (reversible or irreversible) and come out as red, green, blue. */
  readonly colourTransformed: boolean;
  /** The wavelet transform is the reversible one (5-3): without it no stream is lossless. */
  readonly reversible: boolean;
}

type SizeFacts = Omit<Jpeg2000Header, 'colourTransformed' | 'reversible'> & {
  /** Tiles that the image is cut into. */
  readonly tiles: number;
};

/**
 * The codestream itself: DICOM wants it bare, but files exist that hold a whole JP2 file (ISO 15444-1 I.4).
 * @throws JpegCorruptError
 */
export function bareCodestream(bytes: Uint8Array): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 12 || view.getUint32(0) !== 12) return bytes;
  let at = 0;
  while (at + 8 <= bytes.length) {
    const length = view.getUint32(at);
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    if (type === 'jp2c')
      return bytes.subarray(at + (length === 1 ? 16 : 8), length > 1 ? at + length : undefined);
    if (length < 8) break;
    at += length;
  }
  throw new JpegCorruptError('a JP2 file without a codestream');
}

/** Image and tile size (T.800 A.5.1, equations B-5). */
function parseSize(view: DataView, at: number): SizeFacts {
  const components = view.getUint16(at + 34);
  const depth = view.getUint8(at + 36);
  for (let index = 0; index < components; index += 1) {
    const component = at + 36 + 3 * index;
    if (view.getUint8(component + 1) !== 1 || view.getUint8(component + 2) !== 1) {
      throw new JpegUnsupportedError('JPEG 2000 with subsampled components');
    }
    if (view.getUint8(component) !== depth)
      throw new JpegUnsupportedError('JPEG 2000 with components of unequal depth');
  }
  const [right, bottom, left, top] = [2, 6, 10, 14].map((offset) => view.getUint32(at + offset));
  const [tileWidth, tileHeight, tileLeft, tileTop] = [18, 22, 26, 30].map((offset) =>
    view.getUint32(at + offset),
  );
  const across = tilesAlong(right, left, tileWidth, tileLeft);
  const down = tilesAlong(bottom, top, tileHeight, tileTop);
  if (across * down > mostTiles) throw new JpegCorruptError('it has more tiles than can be numbered');
  return {
    width: (right ?? 0) - (left ?? 0),
    height: (bottom ?? 0) - (top ?? 0),
    tiles: across * down,
    components,
    precision: (depth & 0x7f) + 1,
    signed: depth >> 7 === 1,
  };
}

/** Tile indices have 16 bits, and the last one is kept free (T.800 A.4.2). */
const mostTiles = 65535;

function tilesAlong(end = 0, start = 0, size = 0, origin = 0): number {
  if (size === 0 || origin > start || origin + size <= start || end <= start) {
    throw new JpegCorruptError('bad tile size');
  }
  return Math.ceil((end - origin) / size);
}

/** What has been seen of one tile. */
interface TileParts {
  seen: number;
  /** Number of tile-parts that its headers state; 0 while none does. */
  stated: number;
}

/** Counts tile-parts as their headers come along (T.800 A.4.2). */
class TileCount {
  readonly #tiles: TileParts[];

  constructor(tiles: number) {
    this.#tiles = Array.from({ length: tiles }, () => ({ seen: 0, stated: 0 }));
  }

  take(tile: number, part: number, parts: number): void {
    const counted = this.#tiles[tile];
    if (!counted) throw new JpegCorruptError('a tile-part is of no tile');
    if (part !== counted.seen) throw new JpegTruncatedError('a tile-part is missing or out of order');
    if (parts !== 0 && counted.stated !== 0 && parts !== counted.stated) {
      throw new JpegCorruptError('the headers of a tile contradict each other');
    }
    counted.seen += 1;
    if (parts !== 0) counted.stated = parts;
  }

  finish(): void {
    const missing = this.#tiles.filter(({ seen }) => seen === 0).length;
    if (missing > 0) throw new JpegTruncatedError(`${missing} of ${this.#tiles.length} tiles are missing`);
    // Old encoders state the last index for the count: then all tiles do.
    const byIndex = this.#tiles.every(({ seen, stated }) => stated !== 0 && seen === stated + 1);
    if (!byIndex && this.#tiles.some(({ seen, stated }) => stated !== 0 && seen !== stated)) {
      throw new JpegTruncatedError('a tile-part is missing');
    }
  }
}

/**
 * Walks the tile-parts by their stated lengths (T.800 A.4.2): decoders make do with a cut stream and give a blurred
 * image, which must not pass for the whole one.
 */
function checkTileParts(view: DataView, start: number, tiles: number): void {
  const count = new TileCount(tiles);
  let at = start;
  while (at + 12 <= view.byteLength && view.getUint16(at) === marker.SOT) {
    const length = view.getUint32(at + 6);
    count.take(view.getUint16(at + 4), view.getUint8(at + 10), view.getUint8(at + 11));
    if (length === 0) {
      // The last tile-part may leave its length open; it ends with the codestream.
      at = Math.max(at + 12, endOfCodestream(view));
      break;
    }
    if (length < 14) throw new JpegCorruptError('a tile-part has no length');
    at += length;
  }
  if (at + 2 > view.byteLength) throw new JpegTruncatedError('the codestream ends inside a tile-part');
  if (view.getUint16(at) !== marker.EOC) throw new JpegCorruptError('the codestream has no end');
  count.finish();
}

/** Offset of the last EOC, or the end of the bytes; padding may follow it. */
function endOfCodestream(view: DataView): number {
  for (let at = view.byteLength - 2; at >= 0; at -= 1) if (view.getUint16(at) === marker.EOC) return at;
  return view.byteLength;
}

/**
 * Reads the main header of a JPEG 2000 or HTJ2K codestream and makes sure that the codestream is whole.
 * @throws JpegTruncatedError, JpegCorruptError, JpegUnsupportedError
 */
export function readJpeg2000Header(bytes: Uint8Array): Jpeg2000Header {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 2 || view.getUint16(0) !== marker.SOC)
    throw new JpegCorruptError('no start of codestream');
  let size: SizeFacts | null = null;
  let colourTransformed = false;
  let reversible = false;
  let at = 2;
  for (;;) {
    if (at + 4 > bytes.length) throw new JpegTruncatedError('the main header is cut');
    const code = view.getUint16(at);
    if (code === marker.SOT) break;
    const length = view.getUint16(at + 2);
    if (code < 0xff00 || length < 2) throw new JpegCorruptError('no marker where one belongs');
    if (at + 2 + length > bytes.length) throw new JpegTruncatedError('the main header is cut');
    if (code === marker.SIZ && (length < 41 || length < 38 + 3 * view.getUint16(at + 38))) {
      throw new JpegCorruptError('bad image size segment');
    }
    if (code === marker.SIZ) size = parseSize(view, at + 4);
    if (code === marker.COD && length >= 12) {
      colourTransformed = view.getUint8(at + 8) === 1;
      reversible = view.getUint8(at + 13) === 1;
    }
    at += 2 + length;
  }
  if (!size) throw new JpegCorruptError('no image size segment');
  const { tiles, ...facts } = size;
  checkTileParts(view, at, tiles);
  return { ...facts, colourTransformed: colourTransformed && size.components >= 3, reversible };
}
