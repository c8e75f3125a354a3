import type { LogitAccuracy } from './logit-accuracy.js';

interface Moments {
  readonly mean: number;
  /** Standard deviation beyond what sampling explains; at least 0.2, because a search cannot leave zero. */
  readonly excess: number;
}

const meanOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

function momentsOf(values: readonly number[], variances: readonly number[]): Moments {
  const mean = meanOf(values);
  const spread =
    (values.length / Math.max(1, values.length - 1)) * meanOf(values.map((v) => (v - mean) ** 2));
  return { mean, excess: Math.sqrt(Math.max(spread - meanOf(variances), 0.04)) };
}

export interface StartingValues {
  readonly logitSensitivity: number;
  readonly logitFpr: number;
  /** Correlation of the observed logits, kept off its limits. */
  readonly correlation: number;
  /** Root `[l11, l21, l22]` of the between-study covariance with a correlation of one's choice. */
  root(correlation: number): number[];
}

/** Moments of the logits, from which the searches for the maximum start. */
export function startingValues(data: readonly LogitAccuracy[]): StartingValues {
  const a = momentsOf(
    data.map((study) => study.logitSensitivity),
    data.map((study) => study.varianceSensitivity),
  );
  const b = momentsOf(
    data.map((study) => study.logitFpr),
    data.map((study) => study.varianceFpr),
  );
  const products = data.map((study) => [study.logitSensitivity - a.mean, study.logitFpr - b.mean] as const);
  const observed =
    meanOf(products.map(([u, v]) => u * v)) /
    Math.sqrt(meanOf(products.map(([u]) => u * u)) * meanOf(products.map(([, v]) => v * v)));
  return {
    logitSensitivity: a.mean,
    logitFpr: b.mean,
    correlation: Number.isFinite(observed) ? Math.max(-0.8, Math.min(0.8, observed)) : 0,
    root: (r) => [a.excess, r * b.excess, Math.sqrt(1 - r * r) * b.excess],
  };
}
