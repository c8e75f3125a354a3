import type { BetweenStudies } from './bivariate-fit.js';
import { expit, logit } from './logit-accuracy.js';
import type { LogitPoint } from './summary-point.js';

/** Parameters of the hierarchical summary ROC model of Rutter & Gatsonis (Stat Med 2001;20:2865). */
export interface HsrocParameters {
  /** Accuracy. */
  readonly lambda: number;
  /** Threshold. */
  readonly theta: number;
  /** Asymmetry of the curve; 0 when it is symmetric. */
  readonly beta: number;
  readonly varianceAlpha: number;
  readonly varianceTheta: number;
}

/**
 * HSROC parameters that are equivalent to a bivariate fit without covariate (Harbord et al., Biostatistics 2007;8:239,
 * written for the false positive rate in place of specificity); null when a between-study variance is zero, because
 * the curve has no slope then.
 */
export function hsrocParameters(point: LogitPoint, between: BetweenStudies): HsrocParameters | null {
  const sdSensitivity = Math.sqrt(between.varianceSensitivity);
  const sdFpr = Math.sqrt(between.varianceFpr);
  if (sdSensitivity < 1e-5 || sdFpr < 1e-5) return null;
  const ratio = Math.sqrt(sdFpr / sdSensitivity);
  const scaledSensitivity = ratio * point.logitSensitivity;
  const scaledFpr = point.logitFpr / ratio;
  const product = sdSensitivity * sdFpr;
  return {
    lambda: scaledSensitivity - scaledFpr,
    theta: (scaledSensitivity + scaledFpr) / 2,
    beta: Math.log(sdFpr / sdSensitivity),
    varianceAlpha: 2 * (product - between.covariance),
    varianceTheta: (product + between.covariance) / 2,
  };
}

/** Sensitivity on the HSROC curve at a false positive rate in 0..1. */
export function hsrocSensitivity({ lambda, beta }: HsrocParameters, falsePositiveRate: number): number {
  if (falsePositiveRate <= 0) return 0;
  if (falsePositiveRate >= 1) return 1;
  return expit(Math.exp(-beta / 2) * lambda + Math.exp(-beta) * logit(falsePositiveRate));
}
