import { inflateSync } from 'node:zlib';

/**
 * Unpacks a WOFF 1.0 font into the plain sfnt (TrueType) that it wraps (W3C, WOFF File Format 1.0). PDFKit's reader
 * takes WOFF too, but stumbles over empty glyphs at the end of a packed outline table.
 *
 * @throws RangeError for bytes that are no WOFF
 */
export function woffToTtf(woff: Uint8Array): Uint8Array {
  const input = new DataView(woff.buffer, woff.byteOffset, woff.byteLength);
  if (input.getUint32(0) !== 0x774f4646) throw new RangeError('not a WOFF font');
  const tableCount = input.getUint16(12);
  const tables = Array.from({ length: tableCount }, (_, index) => {
    const entry = 44 + 20 * index;
    const [offset, packed, length] = [4, 8, 12].map((at) => input.getUint32(entry + at)) as [
      number,
      number,
      number,
    ];
    const bytes = woff.subarray(offset, offset + packed);
    const data = packed < length ? inflateSync(bytes) : bytes;
    return { tag: input.getUint32(entry), checksum: input.getUint32(entry + 16), data };
  });
  const padded = (length: number) => Math.ceil(length / 4) * 4;
  const start = 12 + 16 * tableCount;
  const output = new Uint8Array(tables.reduce((sum, { data }) => sum + padded(data.length), start));
  const view = new DataView(output.buffer);
  const power = Math.floor(Math.log2(tableCount));
  view.setUint32(0, input.getUint32(4));
  view.setUint16(4, tableCount);
  view.setUint16(6, 16 * 2 ** power);
  view.setUint16(8, power);
  view.setUint16(10, 16 * tableCount - 16 * 2 ** power);
  let offset = start;
  for (const [index, { tag, checksum, data }] of tables.entries()) {
    const entry = 12 + 16 * index;
    view.setUint32(entry, tag);
    view.setUint32(entry + 4, checksum);
    view.setUint32(entry + 8, offset);
    view.setUint32(entry + 12, data.length);
    output.set(data, offset);
    offset += padded(data.length);
  }
  return output;
}
