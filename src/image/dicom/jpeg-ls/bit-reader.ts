import { JpegCorruptError, JpegTruncatedError } from '../jpeg/errors.js';

/**
 * Reads the bits of a JPEG-LS scan: behind a byte FF only seven bits of the next count (T.87 9.1). It never reads past a
 * marker and never makes up bits, so a cut or damaged scan ends with an error after at most one code.
 */
export class BitReader {
  #bits = 0;
  #count = 0;
  #at: number;
  #afterFf = false;

  constructor(
    private readonly bytes: Uint8Array,
    start: number,
  ) {
    this.#at = start;
  }

  /** Fills up to at least 17 bits, as far as there are any. */
  #fill(): void {
    while (this.#count <= 16) {
      const byte = this.bytes[this.#at];
      if (byte === undefined || (byte === 0xff && (this.bytes[this.#at + 1] ?? 0xff) >= 0x80)) return;
      const width = this.#afterFf ? 7 : 8;
      this.#bits = (this.#bits << width) | byte;
      this.#count += width;
      this.#afterFf = byte === 0xff;
      this.#at += 1;
    }
  }

  #missing(): Error {
    return new JpegTruncatedError('the entropy-coded data end too early');
  }

  /** @param count 0 to 16 */
  read(count: number): number {
    if (this.#count < count) this.#fill();
    if (this.#count < count) throw this.#missing();
    this.#count -= count;
    return (this.#bits >>> this.#count) & ((1 << count) - 1);
  }

  /** Zeros before the next one; the one is taken, too. Fails above `most`, which no valid code exceeds. */
  readZeros(most: number): number {
    let zeros = 0;
    for (;;) {
      if (this.#count === 0) this.#fill();
      if (this.#count === 0) throw this.#missing();
      const ahead = (this.#bits << (32 - this.#count)) >>> 0;
      const here = Math.min(Math.clz32(ahead), this.#count);
      zeros += here;
      if (zeros > most) throw new JpegCorruptError('a code is too long');
      this.#count -= here;
      if (this.#count > 0) {
        this.#count -= 1;
        return zeros;
      }
    }
  }

  /**
   * Offset of the marker behind the scan.
   * @throws JpegCorruptError when more than padding is left before it: something is missing, or a code was damaged
   */
  end(): number {
    for (let at = this.#at; at + 1 < this.bytes.length; at += 1) {
      if (this.bytes[at] !== 0xff || (this.bytes[at + 1] as number) < 0x80) continue;
      // Behind a last byte FF encoders put another one.
      const most = this.bytes[at - 2] === 0xff ? 14 : 7;
      const count = this.#count + 8 * (at - this.#at);
      // The last byte is filled with zeros (T.87 A.2); some encoders take ones.
      const ones = (1 << this.#count) - 1;
      const left = this.#bits & ones;
      if (count > most || (left !== 0 && left !== ones)) {
        throw new JpegCorruptError('entropy-coded data are left over');
      }
      return at;
    }
    return this.bytes.length;
  }
}
