/** Weights of one output sample: a run of `count` source samples from `first`, weights at `offset`. */
interface FilterBank {
  readonly first: Int32Array;
  readonly count: Int32Array;
  readonly offset: Int32Array;
  readonly weights: Float32Array;
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
  const weights = new Float32Array(outputSize * taps);
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

function filterRow(
  source: Float32Array,
  sourceStart: number,
  target: Float32Array,
  targetStart: number,
  filters: FilterBank,
): void {
  const { first, count, offset, weights } = filters;
  for (let x = 0; x < first.length; x += 1) {
    const start = sourceStart + (first[x] as number);
    const taps = count[x] as number;
    const at = offset[x] as number;
    let sum = 0;
    for (let tap = 0; tap < taps; tap += 1) {
      sum += (source[start + tap] as number) * (weights[at + tap] as number);
    }
    target[targetStart + x] = sum;
  }
}

function addRow(row: Float32Array, weight: number, target: Float32Array): void {
  for (let x = 0; x < row.length; x += 1) target[x] = (target[x] as number) + weight * (row[x] as number);
}

/** `addRow` for two targets at once: when reducing, most rows fall on two output rows, and this halves the reading. */
function addRowTwice(
  row: Float32Array,
  weightA: number,
  targetA: Float32Array,
  weightB: number,
  targetB: Float32Array,
): void {
  for (let x = 0; x < row.length; x += 1) {
    const value = row[x] as number;
    targetA[x] = (targetA[x] as number) + weightA * value;
    targetB[x] = (targetB[x] as number) + weightB * value;
  }
}

/** Fills `row` with the source row `y`, left to right. */
export type RowReader = (row: Float32Array, y: number) => void;

/** Reduces or enlarges the height only: `outHeight` rows of `width` samples. */
function resizeVertically(
  readRow: RowReader,
  width: number,
  height: number,
  outHeight: number,
): Float32Array {
  const { first, count, offset, weights } = triangleFilters(height, outHeight);
  const output = new Float32Array(width * outHeight);
  const row = new Float32Array(width);
  const rowOf = (y: number): Float32Array => output.subarray(y * width, (y + 1) * width);
  const weightOf = (outY: number, y: number): number =>
    weights[(offset[outY] as number) + y - (first[outY] as number)] as number;
  // Both ends of the runs rise with the output row, so the rows that take part of `y` are found by sliding along.
  let from = 0;
  for (let y = 0; y < height; y += 1) {
    readRow(row, y);
    while (from < outHeight && (first[from] as number) + (count[from] as number) <= y) from += 1;
    let outY = from;
    for (; outY + 1 < outHeight && (first[outY + 1] as number) <= y; outY += 2) {
      addRowTwice(row, weightOf(outY, y), rowOf(outY), weightOf(outY + 1, y), rowOf(outY + 1));
    }
    if (outY < outHeight && (first[outY] as number) <= y) addRow(row, weightOf(outY, y), rowOf(outY));
  }
  return output;
}

/**
 * `resizeBilinear` for a source that is read row by row (each row once, from top to bottom), so that values can be
 * mapped or padded on the way without a second copy of the image.
 */
export function resizeRows(
  readRow: RowReader,
  width: number,
  height: number,
  outWidth: number,
  outHeight: number,
): Float32Array {
  const low = resizeVertically(readRow, width, height, outHeight);
  const horizontal = triangleFilters(width, outWidth);
  const output = new Float32Array(outWidth * outHeight);
  for (let y = 0; y < outHeight; y += 1) filterRow(low, y * width, output, y * outWidth, horizontal);
  return output;
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
  const readRow: RowReader = (row, y) => row.set(src.subarray(y * width, (y + 1) * width));
  return resizeRows(readRow, width, height, outWidth, outHeight);
}
