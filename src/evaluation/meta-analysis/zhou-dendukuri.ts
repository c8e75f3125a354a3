import type { BetweenStudies } from './bivariate-fit.js';
import type { StudyCounts } from './study-table.js';
import type { LogitPoint } from './summary-point.js';

/** Share of the total variation that lies between studies, 0 to 1. */
export interface BivariateI2 {
  readonly sensitivity: number;
  readonly specificity: number;
  readonly bivariate: number;
}

/**
 * Typical within-study variance of a logit: 1 / (n p (1 - p)) averaged over the study sizes and over the normal
 * distribution of logit p between studies, which has the closed form used here.
 */
function typicalVariance(logit: number, between: number, totals: readonly number[]): number {
  const perCase = Math.exp(between / 2 + logit) + Math.exp(between / 2 - logit) + 2;
  return (perCase * totals.reduce((sum, n) => sum + 1 / n, 0)) / totals.length;
}

/**
 * I2 for diagnostic accuracy, which unlike Higgins' does not tend to 1 merely because studies are large (Zhou &
 * Dendukuri, Stat Med 2014;33:2701). The bivariate value compares the square roots of the determinants.
 */
export function zhouDendukuriI2(
  studies: readonly StudyCounts[],
  point: LogitPoint,
  between: BetweenStudies,
): BivariateI2 {
  const withinSensitivity = typicalVariance(
    point.logitSensitivity,
    between.varianceSensitivity,
    studies.map(({ tp, fn }) => tp + fn),
  );
  const withinFpr = typicalVariance(
    point.logitFpr,
    between.varianceFpr,
    studies.map(({ fp, tn }) => fp + tn),
  );
  const determinant = between.varianceSensitivity * between.varianceFpr - between.covariance ** 2;
  const betweenRoot = Math.sqrt(Math.max(0, determinant));
  return {
    sensitivity: between.varianceSensitivity / (between.varianceSensitivity + withinSensitivity),
    specificity: between.varianceFpr / (between.varianceFpr + withinFpr),
    bivariate: betweenRoot / (betweenRoot + Math.sqrt(withinSensitivity * withinFpr)),
  };
}
