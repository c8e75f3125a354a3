import { createInflate } from 'node:zlib';
import { crc32 } from '../input/crc32.js';
import { PictureCorruptError, PictureTruncatedError } from './errors.js';

interface Header {
  readonly width: number;
  readonly height: number;
  readonly bitsPerPixel: number;
  readonly interlaced: boolean;
}

const signatureBytes = 8;
/** Samples per pixel by colour type (PNG 11.2.2). */
const samplesOf: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };
/** The seven passes of Adam7: first column, first row, column step, row step (PNG 8.2). */
const passes = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

function readHeader(data: DataView): Header {
  if (data.byteLength !== 13) throw new PictureCorruptError('its header has a wrong length');
  const samples = samplesOf[data.getUint8(9)];
  if (samples === undefined) throw new PictureCorruptError('its colour type is unknown');
  const width = data.getUint32(0);
  const height = data.getUint32(4);
  if (width === 0 || height === 0) throw new PictureCorruptError('it has no size');
  return { width, height, bitsPerPixel: samples * data.getUint8(8), interlaced: data.getUint8(12) === 1 };
}

/** Bytes of filtered rows: one of them says how each row is filtered. */
function rasterBytes({ width, height, bitsPerPixel, interlaced }: Header): number {
  const of = (columns: number, rows: number): number =>
    columns === 0 ? 0 : rows * (1 + Math.ceil((columns * bitsPerPixel) / 8));
  if (!interlaced) return of(width, height);
  return passes.reduce((sum, [left, top, across, down]) => {
    const columns = Math.max(0, Math.ceil((width - left) / across));
    const rows = Math.max(0, Math.ceil((height - top) / down));
    return sum + of(columns, rows);
  }, 0);
}

/** Inflates only to count: the stream's own checksum is verified on the way. */
async function checkStream(parts: readonly Uint8Array[], expected: number): Promise<void> {
  const inflate = createInflate();
  let count = 0;
  const finished = (async () => {
    for await (const chunk of inflate as AsyncIterable<Buffer>) {
      count += chunk.length;
      if (count > expected) throw new PictureCorruptError('it has more pixels than its header says');
    }
  })();
  finished.catch(() => inflate.destroy());
  for (const part of parts) inflate.write(part);
  inflate.end();
  try {
    await finished;
  } catch (error) {
    if (error instanceof PictureCorruptError) throw error;
    const cut = error instanceof Error && 'code' in error && error.code === 'Z_BUF_ERROR';
    if (cut) throw new PictureTruncatedError('its pixel data end too early');
    throw new PictureCorruptError('its pixel data cannot be inflated');
  }
  if (count < expected) throw new PictureTruncatedError(`it has ${count} of ${expected} bytes of pixels`);
}

/**
 * Makes sure that a PNG is whole: every chunk with its checksum, the end, and pixel data that inflate to exactly what the
 * header says, their checksum included (PNG 5.3, 10). Bytes behind the end are left alone.
 *
 * @throws PictureTruncatedError, PictureCorruptError
 */
export async function checkWholePng(bytes: Uint8Array): Promise<void> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const data: Uint8Array[] = [];
  let header: Header | null = null;
  let at = signatureBytes;
  for (;;) {
    if (at + 12 > bytes.length) throw new PictureTruncatedError('it has no end');
    const length = view.getUint32(at);
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    if (!/^[A-Za-z]{4}$/.test(type)) throw new PictureCorruptError('no chunk where one belongs');
    if (at + 12 + length > bytes.length) throw new PictureTruncatedError(`its chunk ${type} is cut`);
    const chunk = bytes.subarray(at + 8, at + 8 + length);
    if (crc32(bytes.subarray(at + 4, at + 8 + length)) !== view.getUint32(at + 8 + length)) {
      throw new PictureCorruptError(`the checksum of its chunk ${type} does not match`);
    }
    if (type === 'IHDR') header = readHeader(new DataView(chunk.buffer, chunk.byteOffset, length));
    else if (type === 'IDAT') data.push(chunk);
    else if (type === 'IEND') break;
    at += 12 + length;
  }
  if (!header) throw new PictureCorruptError('it has no header');
  await checkStream(data, rasterBytes(header));
}
