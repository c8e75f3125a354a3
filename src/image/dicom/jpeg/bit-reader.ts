import { JpegCorruptError, JpegTruncatedError } from './errors.js';
import { type HuffmanTable, huffmanPeekBits } from './huffman.js';
import { marker } from './segments.js';

/**
 * Reads the bits of entropy-coded data, byte stuffing removed (T.81 F.2.2.5). Strict: where other decoders go on with
 * zeros behind a marker, this one says that the data are cut. A radiograph must not be made up.
 */
export class BitReader {
  #bits = 0;
  #count = 0;
  #at: number;

  constructor(
    private readonly bytes: Uint8Array,
    start: number,
  ) {
    this.#at = start;
  }

  /** Makes sure of `count` (at most 16) bits, as far as there are any. */
  #fill(count: number): void {
    while (this.#count < count) {
      const byte = this.bytes[this.#at];
      if (byte === undefined) return;
      if (byte === 0xff) {
        if (this.bytes[this.#at + 1] !== 0) return;
        this.#at += 1;
      }
      this.#at += 1;
      this.#bits = ((this.#bits << 8) | byte) & 0xffffff;
      this.#count += 8;
    }
  }

  #missing(): Error {
    const code = this.bytes[this.#at] === 0xff ? this.bytes[this.#at + 1] : undefined;
    return code === undefined || code === marker.EOI
      ? new JpegTruncatedError('the entropy-coded data end too early')
      : new JpegCorruptError('a marker stands inside the entropy-coded data');
  }

  /** @param count 0 to 16 */
  read(count: number): number {
    this.#fill(count);
    if (this.#count < count) throw this.#missing();
    this.#count -= count;
    return (this.#bits >>> this.#count) & ((1 << count) - 1);
  }

  /** A signed value of `category` bits (T.81 F.2.2.1, EXTEND). */
  readSigned(category: number): number {
    if (category === 0) return 0;
    const value = this.read(category);
    return value < 1 << (category - 1) ? value - (1 << category) + 1 : value;
  }

  readSymbol(table: HuffmanTable): number {
    this.#fill(16);
    const ahead =
      this.#count >= huffmanPeekBits
        ? (this.#bits >>> (this.#count - huffmanPeekBits)) & ((1 << huffmanPeekBits) - 1)
        : (this.#bits << (huffmanPeekBits - this.#count)) & ((1 << huffmanPeekBits) - 1);
    const entry = table.quick[ahead] as number;
    if (entry !== 0) {
      const length = entry >> 8;
      if (length > this.#count) throw this.#missing();
      this.#count -= length;
      return entry & 0xff;
    }
    return this.#readLongSymbol(table);
  }

  #readLongSymbol(table: HuffmanTable): number {
    for (let length = huffmanPeekBits + 1; length <= 16; length += 1) {
      if (length > this.#count) throw this.#missing();
      const code = (this.#bits >>> (this.#count - length)) & ((1 << length) - 1);
      if (code <= (table.maxCode[length] as number)) {
        this.#count -= length;
        return table.symbols[code + (table.offset[length] as number)] as number;
      }
    }
    throw new JpegCorruptError('a code stands in no Huffman table');
  }

  /** The last byte is filled with ones (T.81 F.1.2.3); some encoders take zeros. Bits of both kinds are codes. */
  #checkPadding(): void {
    const ones = (1 << (this.#count & 7)) - 1;
    const left = this.#bits & ones;
    if (left !== 0 && left !== ones) throw new JpegCorruptError('codes of entropy-coded data are left over');
  }

  /**
   * Passes the restart marker that must stand here (T.81 E.2.4).
   * @param index restart intervals passed so far: markers count modulo 8
   */
  restart(index: number): void {
    this.#checkPadding();
    this.#bits = 0;
    this.#count = 0;
    let at = this.#at;
    while (this.bytes[at] === 0xff && this.bytes[at + 1] === 0xff) at += 1;
    if (at + 1 >= this.bytes.length) throw new JpegTruncatedError('the entropy-coded data end too early');
    if (this.bytes[at] !== 0xff || this.bytes[at + 1] !== marker.RST0 + (index % 8)) {
      throw new JpegCorruptError('a restart marker is missing');
    }
    this.#at = at + 2;
  }

  /**
   * Offset of the marker that ends the scan.
   * @throws JpegCorruptError when more than padding is left before it: something is missing, or a code was damaged
   */
  end(): number {
    for (let at = this.#at; at + 1 < this.bytes.length; at += 1) {
      if (this.bytes[at] !== 0xff || this.bytes[at + 1] === 0) continue;
      const unread = at - this.#at + (this.#count >> 3);
      if (unread > 0) throw new JpegCorruptError(`${unread} bytes of entropy-coded data are left over`);
      this.#checkPadding();
      return at;
    }
    return this.bytes.length;
  }
}
