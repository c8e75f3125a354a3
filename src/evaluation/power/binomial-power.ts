import { binomialCdf } from '../distributions.js';
import { halfWidth, type ProportionMethod, proportionInterval } from './interval-methods.js';

/** The smallest whole number in `from`..`to` at which a condition, once true, stays true; `to + 1` when it never is. */
export function firstWhere(from: number, to: number, holds: (value: number) => boolean): number {
  let low = from;
  let high = to + 1;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** P(X >= k) for X binomial. */
function upperTail(k: number, n: number, p: number): number {
  if (k <= 0) return 1;
  if (k > n) return 0;
  // The lower tail of the failures keeps its digits where 1 - cdf would lose them.
  return binomialCdf(n - k, n, 1 - p);
}

/** Fewest successes of `n` whose interval lies wholly above `bound`; n + 1 when even n of n is not enough. */
export function successesNeeded(method: ProportionMethod, n: number, bound: number, level: number): number {
  return firstWhere(0, n, (k) => {
    // Clopper-Pearson inverts the binomial test, which needs no quantile.
    if (method === 'clopper-pearson') return upperTail(k, n, bound) < (1 - level) / 2;
    return proportionInterval(method, k, n, level)[0] > bound;
  });
}

/** Chance that `n` cases put the interval wholly above `bound` when the truth is `expected`. Exact. */
export function powerToShow(
  method: ProportionMethod,
  n: number,
  expected: number,
  bound: number,
  level: number,
): number {
  return upperTail(successesNeeded(method, n, bound, level), n, expected);
}

/** Chance that `n` cases give an interval no wider than +- `within` when the truth is `expected`. Exact. */
export function chanceOfPrecision(
  method: ProportionMethod,
  n: number,
  expected: number,
  within: number,
  level: number,
): number {
  // Intervals are widest at half of the cases and narrow towards both ends.
  const middle = Math.ceil(n / 2);
  const fromTop = firstWhere(middle, n, (k) => halfWidth(method, k, n, level) <= within);
  if (fromTop === middle) return 1;
  return upperTail(fromTop, n, expected) + upperTail(fromTop, n, 1 - expected);
}
