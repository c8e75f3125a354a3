/** Writes lossless JPEG (ITU-T T.81 H) for tests: all predictors, restarts, point transform, interleaved components. */

export interface LosslessImage {
  readonly width: number;
  readonly height: number;
  readonly components: number;
  readonly precision: number;
  /** Components of a pixel side by side. */
  readonly samples: Uint16Array;
}

export interface LosslessOptions {
  readonly predictor: number;
  readonly pointTransform?: number;
  readonly rowsPerRestart?: number;
  /** Bits that differences are reduced to: 16 by the standard; some modalities take the precision. @default 16 */
  readonly differenceBits?: number;
}

/** One table for all: the 17 categories with codes of five bits, in order. */
const codeLength = 5;
const categories = 17;

class BitWriter {
  readonly bytes: number[] = [];
  private bits = 0;
  private count = 0;

  write(value: number, count: number): void {
    for (let bit = count - 1; bit >= 0; bit -= 1) {
      this.bits = (this.bits << 1) | ((value >>> bit) & 1);
      this.count += 1;
      if (this.count === 8) this.flushByte();
    }
  }

  private flushByte(): void {
    this.bytes.push(this.bits);
    if (this.bits === 0xff) this.bytes.push(0);
    this.bits = 0;
    this.count = 0;
  }

  /** Fills the last byte with ones. */
  align(): void {
    while (this.count > 0) this.write(1, 1);
  }
}

function predict(selection: number, a: number, b: number, c: number): number {
  const predictions = [0, a, b, c, a + b - c, a + ((b - c) >> 1), b + ((a - c) >> 1), (a + b) >> 1];
  return predictions[selection] ?? 0;
}

function writeDifference(writer: BitWriter, difference: number, bits: number): void {
  const half = 2 ** (bits - 1) - 1;
  const wrapped = ((difference + half) & (2 ** bits - 1)) - half;
  const size = Math.abs(wrapped);
  const category = size === 0 ? 0 : 32 - Math.clz32(size);
  writer.write(category, codeLength);
  if (category === 0 || category === 16) return;
  writer.write(wrapped < 0 ? wrapped + 2 ** category - 1 : wrapped, category);
}

function segment(code: number, ...payload: number[]): number[] {
  const length = payload.length + 2;
  return [0xff, code, length >> 8, length & 0xff, ...payload];
}

/** The codestream, from SOI to EOI. */
export function encodeLosslessJpeg(image: LosslessImage, options: LosslessOptions): Uint8Array {
  const { width, height, components, precision } = image;
  const { predictor, pointTransform = 0, rowsPerRestart = 0, differenceBits = 16 } = options;
  const samples = image.samples.map((value) => value >> pointTransform);
  const writer = new BitWriter();
  const initial = 2 ** (precision - pointTransform - 1);
  const at = (x: number, y: number, component: number): number =>
    samples[(y * width + x) * components + component] ?? 0;
  for (let y = 0; y < height; y += 1) {
    const restarted = rowsPerRestart > 0 && y > 0 && y % rowsPerRestart === 0;
    if (restarted) {
      writer.align();
      writer.bytes.push(0xff, 0xd0 + ((y / rowsPerRestart - 1) % 8));
    }
    for (let x = 0; x < width; x += 1) {
      for (let component = 0; component < components; component += 1) {
        const first = y === 0 || restarted;
        let prediction = initial;
        if (x > 0 && first) prediction = at(x - 1, y, component);
        else if (x === 0 && !first) prediction = at(0, y - 1, component);
        else if (x > 0) {
          const [a, b, c] = [at(x - 1, y, component), at(x, y - 1, component), at(x - 1, y - 1, component)];
          prediction = predict(predictor, a, b, c);
        }
        writeDifference(writer, at(x, y, component) - prediction, differenceBits);
      }
    }
  }
  writer.align();
  const ids = Array.from({ length: components }, (_, index) => index + 1);
  const counts = Array.from({ length: 16 }, (_, index) => (index + 1 === codeLength ? categories : 0));
  const symbols = Array.from({ length: categories }, (_, index) => index);
  const interval = rowsPerRestart * width;
  return Uint8Array.from([
    0xff,
    0xd8,
    ...segment(0xc4, 0, ...counts, ...symbols),
    ...segment(
      0xc3,
      precision,
      height >> 8,
      height & 0xff,
      width >> 8,
      width & 0xff,
      components,
      ...ids.flatMap((id) => [id, 0x11, 0]),
    ),
    ...(interval > 0 ? segment(0xdd, interval >> 8, interval & 0xff) : []),
    ...segment(0xda, components, ...ids.flatMap((id) => [id, 0]), predictor, 0, pointTransform),
    ...writer.bytes,
    0xff,
    0xd9,
  ]);
}
