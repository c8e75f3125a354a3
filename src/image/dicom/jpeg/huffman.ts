import { JpegCorruptError } from './errors.js';

const peekBits = 9;

/**
 * Huffman table (T.81 C.2, F.2.2.3). Codes of up to nine bits are found in one step: `quick` holds
 * `length << 8 | symbol`, 0 where the code is longer or invalid.
 */
export interface HuffmanTable {
  readonly quick: Uint16Array;
  /** Largest code of each length, -1 where there is none; indexed by length 1..16. */
  readonly maxCode: Int32Array;
  /** What added to a code of that length gives its place in `symbols`. */
  readonly offset: Int32Array;
  readonly symbols: Uint8Array;
}

export const huffmanPeekBits = peekBits;

/** @throws JpegCorruptError when the lengths do not form a prefix code */
function buildHuffmanTable(counts: Uint8Array, symbols: Uint8Array): HuffmanTable {
  const quick = new Uint16Array(1 << peekBits);
  const maxCode = new Int32Array(17).fill(-1);
  const offset = new Int32Array(17);
  let code = 0;
  let index = 0;
  for (let length = 1; length <= 16; length += 1) {
    const count = counts[length - 1] ?? 0;
    if (count > 0) {
      if (code + count > 1 << length) throw new JpegCorruptError('a Huffman table is no prefix code');
      offset[length] = index - code;
      if (length <= peekBits) {
        for (let entry = 0; entry < count; entry += 1) {
          const first = (code + entry) << (peekBits - length);
          const last = first + (1 << (peekBits - length));
          quick.fill((length << 8) | (symbols[index + entry] ?? 0), first, last);
        }
      }
      code += count;
      index += count;
      maxCode[length] = code - 1;
    }
    code <<= 1;
  }
  return { quick, maxCode, offset, symbols };
}

/**
 * Reads the tables of a DHT segment (T.81 B.2.4.2) into `tables`, keyed by class * 16 + destination.
 * @throws JpegCorruptError
 */
export function readHuffmanTables(payload: Uint8Array, tables: Map<number, HuffmanTable>): void {
  let at = 0;
  while (at < payload.length) {
    const key = payload[at] as number;
    const counts = payload.subarray(at + 1, at + 17);
    const total = counts.reduce((sum, count) => sum + count, 0);
    if (counts.length < 16 || total > 256 || at + 17 + total > payload.length) {
      throw new JpegCorruptError('a Huffman table is cut');
    }
    tables.set(key, buildHuffmanTable(counts, payload.slice(at + 17, at + 17 + total)));
    at += 17 + total;
  }
}
