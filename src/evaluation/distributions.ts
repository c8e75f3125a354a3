import beta from '@stdlib/stats-base-dists-beta';
import binomial from '@stdlib/stats-base-dists-binomial';
import chisquare from '@stdlib/stats-base-dists-chisquare';
import f from '@stdlib/stats-base-dists-f';
import normal from '@stdlib/stats-base-dists-normal';
import t from '@stdlib/stats-base-dists-t';

/** P(Z <= z) of the standard normal distribution. */
export function normalCdf(z: number): number {
  return normal.cdf(z, 0, 1);
}

/** The z with P(Z <= z) = p, for p in 0..1 (infinite at the ends). */
export function normalQuantile(p: number): number {
  return normal.quantile(p, 0, 1);
}

/** P(|Z| >= |z|): the two-sided p value of a normal test statistic, exact in the far tail too. */
export function normalTwoSidedP(z: number): number {
  return 2 * normal.cdf(-Math.abs(z), 0, 1);
}

/** P(T <= value) of Student's t with `degrees` (> 0, fractions allowed) degrees of freedom. */
export function tCdf(value: number, degrees: number): number {
  return Number.isFinite(degrees) ? t.cdf(value, degrees) : normalCdf(value);
}

/** Quantile of Student's t; infinite degrees of freedom give the normal quantile. */
export function tQuantile(p: number, degrees: number): number {
  return Number.isFinite(degrees) ? t.quantile(p, degrees) : normalQuantile(p);
}

/** Two-sided p value of a t statistic. */
export function tTwoSidedP(value: number, degrees: number): number {
  return 2 * tCdf(-Math.abs(value), degrees);
}

/** P(F >= value): upper tail of the F distribution; infinite `denominator` degrees give chi-square / numerator. */
export function fUpperTail(value: number, numerator: number, denominator: number): number {
  if (value <= 0) return 1;
  if (!Number.isFinite(denominator)) return chiSquareUpperTail(value * numerator, numerator);
  // The lower tail of 1 / F keeps its digits where 1 - cdf would lose them.
  return f.cdf(1 / value, denominator, numerator);
}

/** Quantile of the F distribution. */
export function fQuantile(p: number, numerator: number, denominator: number): number {
  if (!Number.isFinite(denominator)) return chisquare.quantile(p, numerator) / numerator;
  return f.quantile(p, numerator, denominator);
}

/**
 * P(X >= value): upper tail of the chi-square distribution with a whole number of degrees of freedom. The finite
 * series Q(k) = Q(k - 2) + (x/2)^(k/2 - 1) exp(-x/2) / Gamma(k/2) has positive terms only, so small p values keep
 * their digits where 1 - cdf would not.
 */
export function chiSquareUpperTail(value: number, degrees: number): number {
  if (value <= 0) return 1;
  if (degrees > 2000) return Math.max(0, 1 - chisquare.cdf(value, degrees));
  const half = value / 2;
  const odd = degrees % 2 === 1;
  let tail = odd ? normalTwoSidedP(Math.sqrt(value)) : Math.exp(-half);
  let term = odd ? Math.sqrt(half) * Math.exp(-half) * (2 / Math.sqrt(Math.PI)) : half * Math.exp(-half);
  for (let k = odd ? 3 : 4; k <= degrees; k += 2) {
    tail += term;
    term *= half / (k / 2);
  }
  return Math.min(1, tail);
}

/** Quantile of the chi-square distribution. */
export function chiSquareQuantile(p: number, degrees: number): number {
  return chisquare.quantile(p, degrees);
}

/** Quantile of the beta distribution with shapes a, b > 0. */
export function betaQuantile(p: number, a: number, b: number): number {
  return beta.quantile(p, a, b);
}

/** P(X <= k) for X binomial with n trials and success probability p. */
export function binomialCdf(k: number, n: number, p: number): number {
  return binomial.cdf(k, n, p);
}

/** P(X = k) for X binomial with n trials and success probability p. */
export function binomialPmf(k: number, n: number, p: number): number {
  return binomial.pmf(k, n, p);
}
