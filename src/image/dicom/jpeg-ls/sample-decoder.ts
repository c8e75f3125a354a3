import { JpegCorruptError } from '../jpeg/errors.js';
import type { BitReader } from './bit-reader.js';
import type { CodingParameters } from './parameters.js';

/** Order of run lengths (T.87 A.2.1): the next run is tried with 2^J samples. */
const runOrders = Uint8Array.from([
  0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 9, 10, 11, 12, 13, 14, 15,
]);

/** 9 * 9 * 9 sign-folded contexts of regular mode, then the two of run interruption (T.87 A.3.4, A.7.2). */
const regularContexts = 365;

/** Statistics of a context lie side by side: one look-up brings all four near. */
const stride = 4;
const ERRORS = 0; // A: sum of error sizes
const BIAS = 1; // B: sum of errors; for run interruption the count of negative ones
const CORRECTION = 2; // C: correction of the prediction
const COUNT = 3; // N: samples seen

/** Runs grow and shrink with this; one for each component of a scan. */
export interface RunState {
  index: number;
}

/** Smallest k with `count << k >= magnitude` (A.5.1). */
function golombOrder(count: number, magnitude: number): number {
  if (count >= magnitude) return 0;
  const k = Math.clz32(count) - Math.clz32(magnitude);
  return count << k < magnitude ? k + 1 : k;
}

/** Decodes single samples and runs of one scan, with the statistics that adapt from sample to sample (T.87 annex A). */
export class SampleDecoder {
  private readonly statistics = new Int32Array((regularContexts + 2) * stride);
  /** Quantised gradient by gradient + maxVal. */
  private readonly quantised: Int8Array;
  private readonly maxVal: number;
  private readonly near: number;
  private readonly step: number;
  private readonly wrap: number;
  private readonly reset: number;
  private readonly limit: number;
  private readonly bitsPerError: number;

  constructor(
    private readonly reader: BitReader,
    { maxVal, near, t1, t2, t3, range, reset, limit, bitsPerError }: CodingParameters,
  ) {
    this.maxVal = maxVal;
    this.near = near;
    this.step = 2 * near + 1;
    this.wrap = range * this.step;
    this.reset = reset;
    this.limit = limit;
    this.bitsPerError = bitsPerError;
    for (let at = 0; at < this.statistics.length; at += stride) {
      this.statistics[at + ERRORS] = Math.max(2, (range + 32) >> 6);
      this.statistics[at + COUNT] = 1;
    }
    this.quantised = Int8Array.from({ length: 2 * maxVal + 1 }, (_, index) => {
      const gradient = Math.abs(index - maxVal);
      const level = gradient <= near ? 0 : gradient < t1 ? 1 : gradient < t2 ? 2 : gradient < t3 ? 3 : 4;
      return index < maxVal ? -level : level;
    });
  }

  /** Signed context of a sample from its neighbours left, above, above left and above right (A.3.1-A.3.4); 0: flat. */
  context(left: number, above: number, aboveLeft: number, aboveRight: number): number {
    const { quantised, maxVal } = this;
    return (
      81 * (quantised[maxVal + aboveRight - above] as number) +
      9 * (quantised[maxVal + above - aboveLeft] as number) +
      (quantised[maxVal + aboveLeft - left] as number)
    );
  }

  /** Error code of limited length (A.5.3). */
  private readCode(k: number, limit: number): number {
    const longest = limit - this.bitsPerError - 1;
    const zeros = this.reader.readZeros(longest);
    if (zeros < longest) return (zeros << k) | this.reader.read(k);
    return this.reader.read(this.bitsPerError) + 1;
  }

  /** Prediction plus error, wrapped into the range and clipped (A.4.4, A.4.5). */
  private reconstruct(prediction: number, error: number): number {
    const { maxVal, near } = this;
    let value = prediction + error * this.step;
    if (value < -near) value += this.wrap;
    else if (value > maxVal + near) value -= this.wrap;
    return value < 0 ? 0 : Math.min(value, maxVal);
  }

  /** A sample in regular mode (A.4-A.6). */
  regular(signedContext: number, left: number, above: number, aboveLeft: number): number {
    const { statistics, maxVal } = this;
    const sign = signedContext < 0 ? -1 : 1;
    const at = signedContext * sign * stride;
    const low = Math.min(left, above);
    const high = Math.max(left, above);
    let prediction = aboveLeft >= high ? low : aboveLeft <= low ? high : left + above - aboveLeft;
    prediction += sign * (statistics[at + CORRECTION] as number);
    prediction = prediction < 0 ? 0 : Math.min(prediction, maxVal);

    let a = statistics[at + ERRORS] as number;
    let b = statistics[at + BIAS] as number;
    let n = statistics[at + COUNT] as number;
    const k = golombOrder(n, a);
    if (k > 16) throw new JpegCorruptError('its statistics run away');
    const code = this.readCode(k, this.limit);
    let error = code & 1 ? -((code + 1) >> 1) : code >> 1;
    if (k === 0 && this.near === 0 && 2 * b <= -n) error = -1 - error;

    // Statistics after the sample (A.6).
    a += error < 0 ? -error : error;
    b += error * this.step;
    if (n === this.reset) {
      a >>= 1;
      b >>= 1;
      n >>= 1;
    }
    n += 1;
    if (b <= -n || b > 0) b = this.correct(at, b, n);
    statistics[at + ERRORS] = a;
    statistics[at + BIAS] = b;
    statistics[at + COUNT] = n;
    return this.reconstruct(prediction, sign * error);
  }

  /** Moves the correction of a context's prediction by one, and its bias back into (-n, 0] (A.6.2). */
  private correct(at: number, b: number, n: number): number {
    const correction = this.statistics[at + CORRECTION] as number;
    if (b > 0) {
      if (correction < 127) this.statistics[at + CORRECTION] = correction + 1;
      return Math.min(b - n, 0);
    }
    if (correction > -128) this.statistics[at + CORRECTION] = correction - 1;
    return Math.max(b + n, 1 - n);
  }

  /**
   * Length of a run of samples equal to the left one (A.7.1.2), at most `most`. Below `most`, an interrupting sample
   * follows.
   */
  runLength(most: number, state: RunState): number {
    let length = 0;
    while (length < most) {
      const order = runOrders[state.index] as number;
      if (this.reader.read(1) === 0) {
        length += this.reader.read(order);
        if (length >= most) throw new JpegCorruptError('a run is longer than its row');
        return length;
      }
      const full = 1 << order;
      if (length + full <= most && state.index < 31) state.index += 1;
      length = Math.min(length + full, most);
    }
    return length;
  }

  /** The sample that ends a run (A.7.2); `similar` when left and above differ by no more than the near bound. */
  interruption(left: number, above: number, similar: boolean, state: RunState): number {
    const { statistics } = this;
    const type = similar ? 1 : 0;
    const at = (regularContexts + type) * stride;
    const n = statistics[at + COUNT] as number;
    const k = golombOrder(n, (statistics[at + ERRORS] as number) + (similar ? n >> 1 : 0));
    if (k > 16) throw new JpegCorruptError('its statistics run away');
    const code = this.readCode(k, this.limit - (runOrders[state.index] as number) - 1);
    const doubled = code + type;
    const size = (doubled + 1) >> 1;
    const fewNegatives = k === 0 && 2 * (statistics[at + BIAS] as number) < n;
    const error = ((doubled & 1) === 1) === fewNegatives ? size : -size;

    if (error < 0) statistics[at + BIAS] = (statistics[at + BIAS] as number) + 1;
    statistics[at + ERRORS] = (statistics[at + ERRORS] as number) + ((code + 1 - type) >> 1);
    if (n === this.reset)
      for (const entry of [ERRORS, BIAS, COUNT])
        statistics[at + entry] = (statistics[at + entry] as number) >> 1;
    statistics[at + COUNT] = (statistics[at + COUNT] as number) + 1;
    const sign = !similar && left > above ? -1 : 1;
    return this.reconstruct(similar ? left : above, sign * error);
  }

  /** Called after `interruption`, for all components of the run. */
  shortenRuns(state: RunState): void {
    if (state.index > 0) state.index -= 1;
  }
}
