import { normalQuantile } from '../distributions.js';
import { type Estimate, mapEstimate, symmetricEstimate } from '../estimate.js';
import { at, dot, multiplyVector, type Rows } from '../matrix.js';
import type { BivariateFit } from './bivariate-fit.js';
import { expit } from './logit-accuracy.js';

/** Logit sensitivity and logit false positive rate with their covariance, at one value of the covariate. */
export interface LogitPoint {
  readonly logitSensitivity: number;
  readonly logitFpr: number;
  readonly covariance: Rows;
}

export interface SummaryPoint {
  readonly sensitivity: Estimate;
  readonly specificity: Estimate;
  readonly falsePositiveRate: Estimate;
  readonly positiveLikelihoodRatio: Estimate;
  readonly negativeLikelihoodRatio: Estimate;
  readonly diagnosticOddsRatio: Estimate;
}

/** The point that the fit gives where the design row is `x` (`[1]` without covariate). */
export function logitPoint(fit: BivariateFit, x: readonly number[] = [1]): LogitPoint {
  const q = x.length;
  const block = (r: number, c: number) =>
    dot(
      x,
      multiplyVector(
        fit.covariance.slice(r * q, (r + 1) * q).map((row) => row.slice(c * q, (c + 1) * q)),
        x,
      ),
    );
  return {
    logitSensitivity: dot(x, fit.coefficients.slice(0, q)),
    logitFpr: dot(x, fit.coefficients.slice(q, 2 * q)),
    covariance: [
      [block(0, 0), block(0, 1)],
      [block(1, 0), block(1, 1)],
    ],
  };
}

/**
 * Sensitivity, specificity and what follows from them, with Wald intervals on the scale on which each is nearly
 * normal: logit for proportions, logarithm for ratios (delta method).
 */
export function summaryPoint(
  { logitSensitivity, logitFpr, covariance }: LogitPoint,
  level: number,
): SummaryPoint {
  const quantile = normalQuantile((1 + level) / 2);
  const sensitivity = expit(logitSensitivity);
  const fpr = expit(logitFpr);
  /** Standard error of a * logit sensitivity + b * logit false positive rate. */
  const error = (a: number, b: number) =>
    Math.sqrt(a * a * at(covariance, 0, 0) + 2 * a * b * at(covariance, 0, 1) + b * b * at(covariance, 1, 1));
  const proportion = (logit: number, a: number, b: number, transform: (x: number) => number) =>
    mapEstimate(symmetricEstimate(logit, error(a, b), quantile), transform);
  const ratio = (value: number, a: number, b: number) =>
    mapEstimate(symmetricEstimate(Math.log(value), error(a, b), quantile), Math.exp);
  return {
    sensitivity: proportion(logitSensitivity, 1, 0, expit),
    specificity: proportion(logitFpr, 0, 1, (x) => expit(-x)),
    falsePositiveRate: proportion(logitFpr, 0, 1, expit),
    positiveLikelihoodRatio: ratio(sensitivity / fpr, 1 - sensitivity, fpr - 1),
    negativeLikelihoodRatio: ratio((1 - sensitivity) / (1 - fpr), -sensitivity, fpr),
    diagnosticOddsRatio: ratio(Math.exp(logitSensitivity - logitFpr), 1, -1),
  };
}
