import { inflateSync } from 'node:zlib';
import { checkWholeJpeg } from '../dicom/jpeg/check-whole.js';
import { PictureCorruptError, PictureTruncatedError, PictureUnsupportedError } from './errors.js';
import { type TiffDirectory, tiffTag } from './tiff-directory.js';

/** Values of Compression whose pieces can be checked by themselves (TIFF 6.0, technical notes 2 and 5). */
const compression = { none: 1, oldJpeg: 6, jpeg: 7, deflate: 8, oldDeflate: 32946 } as const;

interface Layout {
  readonly columns: number;
  readonly rows: number;
  /** Bits of one pixel in one piece. */
  readonly bits: number;
  readonly pieces: number;
  readonly tiled: boolean;
}

function whole(value: number | null, name: string): number {
  if (value !== null && Number.isInteger(value) && value > 0) return value;
  throw new PictureCorruptError(`its ${name} is missing`);
}

/** Size of the pieces that a page is cut into, strips or tiles, and how many there must be. */
function layoutOf(page: TiffDirectory): Layout {
  const width = whole(page.number(tiffTag.ImageWidth), 'width');
  const height = whole(page.number(tiffTag.ImageLength), 'length');
  const samples = page.number(tiffTag.SamplesPerPixel) ?? 1;
  const separate = page.number(tiffTag.PlanarConfiguration) === 2;
  const bits = (page.number(tiffTag.BitsPerSample) ?? 1) * (separate ? 1 : samples);
  const planes = separate ? samples : 1;
  const tileWidth = page.number(tiffTag.TileWidth);
  if (tileWidth !== null) {
    const columns = whole(tileWidth, 'tile width');
    const rows = whole(page.number(tiffTag.TileLength), 'tile length');
    const pieces = Math.ceil(width / columns) * Math.ceil(height / rows) * planes;
    return { columns, rows, bits, pieces, tiled: true };
  }
  const rows = Math.min(page.number(tiffTag.RowsPerStrip) || height, height);
  return { columns: width, rows, bits, pieces: Math.ceil(height / rows) * planes, tiled: false };
}

/** Rows of a piece that hold image: the last strip of a plane may be shorter, tiles never are. */
function rowsOf(index: number, { rows, pieces, tiled }: Layout, page: TiffDirectory): number {
  if (tiled) return rows;
  const height = page.number(tiffTag.ImageLength) ?? 0;
  const perPlane = Math.ceil(height / rows);
  const place = index % Math.max(1, Math.min(perPlane, pieces));
  return place === perPlane - 1 ? height - place * rows : rows;
}

/** A JPEG strip without its tables, as a stream of its own (technical note 2): tables before it, their end left out. */
function withTables(strip: Uint8Array, tables: Uint8Array | null): Uint8Array {
  if (!tables || tables.length < 4) return strip;
  return Uint8Array.from(Buffer.concat([tables.subarray(0, tables.length - 2), strip.subarray(2)]));
}

function checkInflates(piece: Uint8Array, needed: number): void {
  try {
    if (inflateSync(piece, { maxOutputLength: Math.max(needed, 1) + 1024 }).length >= needed) return;
  } catch {
    throw new PictureCorruptError('a strip or tile of it cannot be inflated whole');
  }
  throw new PictureTruncatedError('a strip or tile of it is too short');
}

/**
 * Makes sure that a page of a TIFF is whole: all strips or tiles that its size asks for, each inside the file, not empty,
 * and, where the packing allows it to be told, complete in itself.
 *
 * @throws PictureTruncatedError, PictureCorruptError, PictureUnsupportedError, Jpeg*Error
 */
export function checkWholePage(bytes: Uint8Array, page: TiffDirectory): void {
  const layout = layoutOf(page);
  const offsets = page.numbers(layout.tiled ? tiffTag.TileOffsets : tiffTag.StripOffsets);
  const counts = page.numbers(layout.tiled ? tiffTag.TileByteCounts : tiffTag.StripByteCounts);
  if (offsets.length < layout.pieces || counts.length < layout.pieces) {
    const there = Math.min(offsets.length, counts.length);
    throw new PictureTruncatedError(`it has ${there} of ${layout.pieces} strips or tiles`);
  }
  const packing = page.number(tiffTag.Compression) ?? compression.none;
  if (packing === compression.oldJpeg) throw new PictureUnsupportedError('old-style JPEG in TIFF');
  const tables = page.bytes(tiffTag.JpegTables);
  for (let index = 0; index < layout.pieces; index += 1) {
    const start = offsets[index] ?? 0;
    const count = counts[index] ?? 0;
    if (count === 0 || start === 0) throw new PictureTruncatedError('a strip or tile of it is missing');
    if (start + count > bytes.length) throw new PictureTruncatedError('a strip or tile lies behind its end');
    const piece = bytes.subarray(start, start + count);
    const needed = Math.ceil((layout.columns * layout.bits) / 8) * rowsOf(index, layout, page);
    if (packing === compression.jpeg) checkWholeJpeg(withTables(piece, tables));
    else if (packing === compression.deflate || packing === compression.oldDeflate) {
      checkInflates(piece, needed);
    } else if (packing === compression.none && count < needed) {
      throw new PictureTruncatedError('a strip or tile of it is too short');
    }
  }
}
