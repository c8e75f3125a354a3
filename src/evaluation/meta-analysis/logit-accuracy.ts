import type { CorrectedCells } from './continuity-correction.js';

/** Logit sensitivity and logit false positive rate of one study, with their sampling variances. */
export interface LogitAccuracy {
  readonly study: string;
  readonly logitSensitivity: number;
  readonly logitFpr: number;
  readonly varianceSensitivity: number;
  readonly varianceFpr: number;
}

/** Logits with the usual large-sample variances 1/a + 1/b. Cells must be positive. */
export function logitAccuracy({ study, tp, fn, fp, tn }: CorrectedCells): LogitAccuracy {
  return {
    study,
    logitSensitivity: Math.log(tp / fn),
    logitFpr: Math.log(fp / tn),
    varianceSensitivity: 1 / tp + 1 / fn,
    varianceFpr: 1 / fp + 1 / tn,
  };
}

/** Logistic function, without overflow. */
export function expit(logit: number): number {
  return logit >= 0 ? 1 / (1 + Math.exp(-logit)) : Math.exp(logit) / (1 + Math.exp(logit));
}

/** ln(1 + exp(x)), without overflow. */
export function softplus(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
}

/** Log odds of a probability in 0..1. */
export function logit(p: number): number {
  return Math.log(p / (1 - p));
}
