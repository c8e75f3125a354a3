import type { Rows } from '../matrix.js';

/** Names the likelihood that a fit maximises: the estimates differ, so the output says which it is. */
export type BivariateMethod = 'reml' | 'ml' | 'glmm-laplace' | 'glmm-quadrature';

/** Between-study variances of logit sensitivity and logit false positive rate, and their covariance. */
export interface BetweenStudies {
  readonly varianceSensitivity: number;
  readonly varianceFpr: number;
  readonly covariance: number;
}

/**
 * A fitted bivariate model. With q columns in the design (1 without covariate), the first q coefficients are of logit
 * sensitivity and the next q of logit false positive rate.
 */
export interface BivariateFit {
  readonly method: BivariateMethod;
  readonly coefficients: readonly number[];
  readonly covariance: Rows;
  readonly between: BetweenStudies;
  /** Restricted for `reml`. */
  readonly logLikelihood: number;
  /** Fixed effects and variance components. */
  readonly parameters: number;
  readonly warnings: readonly string[];
}

/** One row of the design per study; a constant 1 first. */
export type Design = readonly (readonly number[])[];

/** The design without covariate. */
export function interceptOnly(studies: number): Design {
  return Array.from({ length: studies }, () => [1]);
}

/**
 * Covariance of the study effects from its triangular root `[l11, l21, l22]`. Any real numbers give a covariance, so
 * the search for the maximum meets no wall where a variance is 0 or a correlation is 1.
 */
export function betweenFromRoot([l11 = 0, l21 = 0, l22 = 0]: readonly number[]): BetweenStudies {
  return { varianceSensitivity: l11 * l11, varianceFpr: l21 * l21 + l22 * l22, covariance: l11 * l21 };
}

/** Correlation of logit sensitivity and logit false positive rate; null when a variance is zero. */
export function betweenCorrelation({
  varianceSensitivity,
  varianceFpr,
  covariance,
}: BetweenStudies): number | null {
  if (varianceSensitivity < 1e-10 || varianceFpr < 1e-10) return null;
  return Math.max(-1, Math.min(1, covariance / Math.sqrt(varianceSensitivity * varianceFpr)));
}

/** What to tell a reader when the maximum lies on the edge of the parameter space. */
export function boundaryWarnings(between: BetweenStudies): string[] {
  const warnings: string[] = [];
  if (between.varianceSensitivity < 1e-8)
    warnings.push('The between-study variance of sensitivity is estimated as zero.');
  if (between.varianceFpr < 1e-8)
    warnings.push('The between-study variance of the false positive rate is estimated as zero.');
  const correlation = betweenCorrelation(between);
  if (correlation !== null && Math.abs(correlation) > 1 - 1e-6) {
    warnings.push(
      'The between-study correlation is estimated at its limit of 1 or -1: there are too few studies to know it.',
    );
  }
  return warnings;
}
