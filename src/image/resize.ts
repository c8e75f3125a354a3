/** Weights of one output sample: a run of `count` source samples from `first`, weights at `offset`. */
interface FilterBank {
  readonly first: Int32Array;
  readonly count: Int32Array;
  readonly offset: Int32Array;
  readonly weights: Float64Array;
}

/**
 * Triangle filter whose support grows with the reduction, so that every source sample takes part: what PyTorch calls
 * `interpolate(mode='bilinear', antialias=True, align_corners=False)`, and Pillow `BILINEAR`. Edges are cut and the
 * weights renormalised. When enlarging it is plain bilinear interpolation.
 */
function triangleFilters(inputSize: number, outputSize: number): FilterBank {
  const scale = inputSize / outputSize;
  const support = Math.max(scale, 1);
  const taps = Math.ceil(support) * 2 + 1;
  const first = new Int32Array(outputSize);
  const count = new Int32Array(outputSize);
  const offset = new Int32Array(outputSize);
  const weights = new Float64Array(outputSize * taps);
  const raw = new Float64Array(taps);
  for (let index = 0; index < outputSize; index += 1) {
    const center = scale * (index + 0.5);
    const start = Math.max(Math.trunc(center - support + 0.5), 0);
    const size = Math.min(Math.min(Math.trunc(center + support + 0.5), inputSize) - start, taps);
    let total = 0;
    for (let tap = 0; tap < size; tap += 1) {
      const weight = Math.max(0, 1 - Math.abs((tap + start - center + 0.5) / support));
      raw[tap] = weight;
      total += weight;
    }
    for (let tap = 0; tap < size; tap += 1) weights[index * taps + tap] = (raw[tap] ?? 0) / total;
    first[index] = start;
    count[index] = size;
    offset[index] = index * taps;
  }
  return { first, count, offset, weights };
}

// Rows are summed in double precision: faster in JavaScript than with a rounding to single at every step, and closer.

function filterRow(
  source: Float64Array,
  target: Float32Array,
  targetStart: number,
  filters: FilterBank,
): void {
  const { first, count, offset, weights } = filters;
  for (let x = 0; x < first.length; x += 1) {
    const start = first[x] as number;
    const taps = count[x] as number;
    const at = offset[x] as number;
    let sum = 0;
    for (let tap = 0; tap < taps; tap += 1) {
      sum += (source[start + tap] as number) * (weights[at + tap] as number);
    }
    target[targetStart + x] = sum;
  }
}

function addRow(row: Float64Array, weight: number, target: Float64Array): void {
  for (let x = 0; x < row.length; x += 1) target[x] = (target[x] as number) + weight * (row[x] as number);
}

/** `addRow` for two targets at once: when reducing, most rows fall on two output rows, and this halves the reading. */
function addRowTwice(
  row: Float64Array,
  weightA: number,
  targetA: Float64Array,
  weightB: number,
  targetB: Float64Array,
): void {
  for (let x = 0; x < row.length; x += 1) {
    const value = row[x] as number;
    targetA[x] = (targetA[x] as number) + weightA * value;
    targetB[x] = (targetB[x] as number) + weightB * value;
  }
}

/**
 * Resizes an image that comes row by row, from top to bottom, with antialiased bilinear interpolation. Several of them
 * can share one reading of the source; each keeps only the few output rows that are not complete yet.
 */
export class RowResizer {
  /** Row-major, `outWidth * outHeight`; complete after the last source row. */
  readonly output: Float32Array<ArrayBuffer>;
  readonly #width: number;
  readonly #outWidth: number;
  readonly #outHeight: number;
  readonly #vertical: FilterBank;
  readonly #horizontal: FilterBank;
  /** Sums of the output rows from `#oldest` on. */
  readonly #open: Float64Array[] = [];
  readonly #free: Float64Array[] = [];
  #oldest = 0;

  constructor(width: number, height: number, outWidth: number, outHeight: number) {
    this.#width = width;
    this.#outWidth = outWidth;
    this.#outHeight = outHeight;
    this.#vertical = triangleFilters(height, outHeight);
    this.#horizontal = triangleFilters(width, outWidth);
    this.output = new Float32Array(outWidth * outHeight);
  }

  /** @param row source row `y`; rows come in order, none is left out */
  add(row: Float64Array, y: number): void {
    const open = this.#open;
    while (this.#starts(this.#oldest + open.length, y)) open.push(this.#emptyRow());
    const weightOf = (index: number): number => this.#weight(this.#oldest + index, y);
    let index = 0;
    for (; index + 1 < open.length; index += 2) {
      const [a, b] = [open[index], open[index + 1]];
      if (a && b) addRowTwice(row, weightOf(index), a, weightOf(index + 1), b);
    }
    const last = open[index];
    if (last) addRow(row, weightOf(index), last);
    while (open.length > 0 && this.#isComplete(this.#oldest, y)) this.#finish(open.shift());
  }

  #starts(outY: number, y: number): boolean {
    return outY < this.#outHeight && (this.#vertical.first[outY] as number) <= y;
  }

  #isComplete(outY: number, y: number): boolean {
    const { first, count } = this.#vertical;
    return (first[outY] as number) + (count[outY] as number) - 1 <= y;
  }

  #weight(outY: number, y: number): number {
    const { first, offset, weights } = this.#vertical;
    return weights[(offset[outY] as number) + y - (first[outY] as number)] as number;
  }

  #emptyRow(): Float64Array {
    return this.#free.pop()?.fill(0) ?? new Float64Array(this.#width);
  }

  #finish(sums: Float64Array | undefined): void {
    if (sums) {
      filterRow(sums, this.output, this.#oldest * this.#outWidth, this.#horizontal);
      this.#free.push(sums);
    }
    this.#oldest += 1;
  }
}

/** Fills `row` with the source row `y`, left to right. */
export type RowReader = (row: Float64Array, y: number) => void;

/**
 * Feeds a source that is read row by row (each row once, from top to bottom) to resizers, so that values can be mapped
 * or padded on the way without a second copy of the image.
 */
export function feedRows(
  readRow: RowReader,
  width: number,
  height: number,
  resizers: readonly RowResizer[],
): void {
  const row = new Float64Array(width);
  for (let y = 0; y < height; y += 1) {
    readRow(row, y);
    for (const resizer of resizers) resizer.add(row, y);
  }
}

/**
 * Resizes a row-major image of `width * height` samples with antialiased bilinear interpolation; equal to PyTorch's
 * `interpolate(mode='bilinear', antialias=True, align_corners=False)` on float32 to within rounding (1e-5 of the range).
 */
export function resizeBilinear(
  src: Float32Array | Uint16Array,
  width: number,
  height: number,
  outWidth: number,
  outHeight: number,
): Float32Array {
  const resizer = new RowResizer(width, height, outWidth, outHeight);
  feedRows((row, y) => row.set(src.subarray(y * width, (y + 1) * width)), width, height, [resizer]);
  return resizer.output;
}
