import { PictureCorruptError, PictureTruncatedError } from './errors.js';

/** Tags of TIFF 6.0 that say where the pixels lie and how they are packed. */
export const tiffTag = {
  ImageWidth: 256,
  ImageLength: 257,
  BitsPerSample: 258,
  Compression: 259,
  StripOffsets: 273,
  SamplesPerPixel: 277,
  RowsPerStrip: 278,
  StripByteCounts: 279,
  PlanarConfiguration: 284,
  TileWidth: 322,
  TileLength: 323,
  TileOffsets: 324,
  TileByteCounts: 325,
  JpegTables: 347,
} as const;

/** Bytes of one value by field type (TIFF 6.0 section 2, BigTIFF). */
const typeBytes: Readonly<Record<number, number>> = {
  1: 1,
  2: 1,
  3: 2,
  4: 4,
  5: 8,
  6: 1,
  7: 1,
  8: 2,
  9: 4,
  10: 8,
  11: 4,
  12: 8,
  13: 4,
  16: 8,
  17: 8,
  18: 8,
};

interface Field {
  readonly type: number;
  readonly count: number;
  readonly start: number;
}

/** One image file directory: a page. */
export interface TiffDirectory {
  /** Where it begins. */
  readonly at: number;
  /** Where the offset of the next one stands. */
  readonly nextAt: number;
  /** First value of a field, or null. */
  number(tag: number): number | null;
  numbers(tag: number): number[];
  bytes(tag: number): Uint8Array | null;
}

/** Reads the structure of a TIFF or BigTIFF file. */
export class TiffFile {
  readonly #view: DataView;
  readonly #little: boolean;
  readonly #big: boolean;

  constructor(readonly bytes: Uint8Array) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#little = bytes[0] === 0x49;
    this.#big = (this.#little ? bytes[2] : bytes[3]) === 0x2b;
    if (bytes.length < (this.#big ? 16 : 8)) throw new PictureTruncatedError('its header is cut');
  }

  /** Where the offset of the first directory stands. */
  get firstAt(): number {
    return this.#big ? 8 : 4;
  }

  /** An offset as the file writes offsets. */
  offsetAt(at: number): number {
    if (at + (this.#big ? 8 : 4) > this.bytes.length) throw new PictureTruncatedError('a directory is cut');
    return this.#big
      ? Number(this.#view.getBigUint64(at, this.#little))
      : this.#view.getUint32(at, this.#little);
  }

  /** Writes an offset into `target`, a copy of the file. */
  putOffset(target: Uint8Array, at: number, offset: number): void {
    const view = new DataView(target.buffer, target.byteOffset, target.byteLength);
    if (this.#big) view.setBigUint64(at, BigInt(offset), this.#little);
    else view.setUint32(at, offset, this.#little);
  }

  /**
   * The directories in their order; each is visited once.
   * @throws PictureTruncatedError, PictureCorruptError
   */
  *directories(): Generator<TiffDirectory> {
    const seen = new Set<number>();
    for (let at = this.offsetAt(this.firstAt); at !== 0; ) {
      if (seen.has(at)) throw new PictureCorruptError('its pages lead in a circle');
      seen.add(at);
      const directory = this.#directory(at);
      yield directory;
      at = this.offsetAt(directory.nextAt);
    }
    if (seen.size === 0) throw new PictureCorruptError('it has no page');
  }

  #directory(at: number): TiffDirectory {
    const wide = this.#big;
    const [head, entryBytes] = wide ? [8, 20] : [2, 12];
    if (at + head > this.bytes.length) throw new PictureTruncatedError('a directory lies behind its end');
    const count = wide
      ? Number(this.#view.getBigUint64(at, this.#little))
      : this.#view.getUint16(at, this.#little);
    const nextAt = at + head + count * entryBytes;
    if (nextAt + (wide ? 8 : 4) > this.bytes.length) throw new PictureTruncatedError('a directory is cut');
    const fields = new Map<number, Field>();
    for (let entry = 0; entry < count; entry += 1) {
      const start = at + head + entry * entryBytes;
      const field = this.#field(start);
      if (field) fields.set(this.#view.getUint16(start, this.#little), field);
    }
    const numbers = (tag: number): number[] => this.#numbers(fields.get(tag));
    return {
      at,
      nextAt,
      numbers,
      number: (tag) => numbers(tag)[0] ?? null,
      bytes: (tag) => {
        const field = fields.get(tag);
        return field ? this.bytes.subarray(field.start, field.start + field.count) : null;
      },
    };
  }

  #field(at: number): Field | null {
    const type = this.#view.getUint16(at + 2, this.#little);
    const width = typeBytes[type];
    if (width === undefined) return null;
    const count = this.#big
      ? Number(this.#view.getBigUint64(at + 4, this.#little))
      : this.#view.getUint32(at + 4, this.#little);
    const valueAt = at + (this.#big ? 12 : 8);
    const start = count * width <= (this.#big ? 8 : 4) ? valueAt : this.offsetAt(valueAt);
    if (start + count * width > this.bytes.length)
      throw new PictureTruncatedError('a field lies behind its end');
    return { type, count, start };
  }

  #numbers(field: Field | undefined): number[] {
    if (!field) return [];
    const { type, count, start } = field;
    return Array.from({ length: count }, (_, index) => {
      const at = start + index * (typeBytes[type] ?? 1);
      if (type === 1 || type === 7) return this.#view.getUint8(at);
      if (type === 3) return this.#view.getUint16(at, this.#little);
      if (type === 4 || type === 13) return this.#view.getUint32(at, this.#little);
      if (type === 16 || type === 18) return Number(this.#view.getBigUint64(at, this.#little));
      return Number.NaN;
    });
  }
}
