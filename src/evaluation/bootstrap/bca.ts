import { normalCdf, normalQuantile } from '../distributions.js';

/** Quantile of ascending values at `p` in 0..1, straight lines between the order statistics. */
export function quantile(sorted: Float64Array, p: number): number {
  const position = Math.min(Math.max(p, 0), 1) * (sorted.length - 1);
  const below = Math.floor(position);
  const low = sorted[below] ?? Number.NaN;
  const high = sorted[Math.min(below + 1, sorted.length - 1)] ?? Number.NaN;
  return low === high || position === below ? low : low + (position - below) * (high - low);
}

/**
 * Acceleration from values with one group (or one block of groups) left out: their skewness / 6. Undefined values are
 * passed over.
 */
export function acceleration(leaveOut: Float64Array): number {
  const values = leaveOut.filter(Number.isFinite);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  let squares = 0;
  let cubes = 0;
  for (const value of values) {
    const deviation = mean - value;
    squares += deviation * deviation;
    cubes += deviation * deviation * deviation;
  }
  return squares > 0 ? cubes / (6 * squares ** 1.5) : 0;
}

/**
 * The bias-corrected and accelerated interval. Replicates equal to the estimate count half towards the bias, as
 * figures made of counts often are.
 *
 * Source: Efron B. J Am Stat Assoc 1987;82:171-185; Efron and Tibshirani, An Introduction to the Bootstrap, 1993, ch. 14.
 * @param sorted replicates in ascending order, all finite
 */
export function bcaInterval(
  estimate: number,
  sorted: Float64Array,
  accelerationValue: number,
  level: number,
): [number, number] {
  let below = 0;
  let equal = 0;
  for (const value of sorted) {
    if (value < estimate) below++;
    else if (value === estimate) equal++;
  }
  // A bias beyond every replicate would put both bounds at infinity: half a replicate keeps them at the last one.
  const share = (below + equal / 2) / sorted.length;
  const half = 0.5 / sorted.length;
  const bias = normalQuantile(Math.min(Math.max(share, half), 1 - half));
  const bound = (tail: number) => {
    const shifted = bias + normalQuantile(tail);
    return quantile(sorted, normalCdf(bias + shifted / (1 - accelerationValue * shifted)));
  };
  const tail = (1 - level) / 2;
  return [bound(tail), bound(1 - tail)];
}
