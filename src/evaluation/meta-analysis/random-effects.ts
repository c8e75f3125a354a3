import { chiSquareQuantile, chiSquareUpperTail, normalQuantile } from '../distributions.js';
import { type Estimate, symmetricEstimate } from '../estimate.js';

/** One effect per study on a scale where it is nearly normal, with its sampling variance. */
export interface Effect {
  readonly value: number;
  readonly variance: number;
}

export interface Heterogeneity {
  /** Cochran's Q with inverse-variance weights. */
  readonly q: number;
  readonly degrees: number;
  readonly p: number;
  /** Higgins' I2, 0 to 1. */
  readonly i2: number;
}

export interface RandomEffects {
  readonly pooled: Estimate;
  readonly standardError: number;
  /** Between-study variance of DerSimonian and Laird with the Q-profile interval (Viechtbauer, Stat Med 2007;26:37). */
  readonly tau2: Estimate;
  readonly heterogeneity: Heterogeneity;
  /** The same sum of squares with the random-effects weights, which R's mada prints under the name of Cochran's Q. */
  readonly qRandomWeights: number;
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

function weighted(effects: readonly Effect[], tau2: number) {
  const weights = effects.map(({ variance }) => 1 / (variance + tau2));
  const total = sum(weights);
  const mean = sum(effects.map(({ value }, i) => value * (weights[i] ?? 0))) / total;
  const q = sum(effects.map(({ value }, i) => (weights[i] ?? 0) * (value - mean) ** 2));
  return { weights, total, mean, q };
}

/** Cochran's Q and Higgins' I2 of effects with known sampling variances. */
export function heterogeneity(effects: readonly Effect[]): Heterogeneity {
  const { q } = weighted(effects, 0);
  const degrees = effects.length - 1;
  return { q, degrees, p: chiSquareUpperTail(q, degrees), i2: q > 0 ? Math.max(0, (q - degrees) / q) : 0 };
}

/** The between-study variance at which the generalised Q equals `target`; 0 when Q lies below it everywhere. */
function tau2WhereQIs(effects: readonly Effect[], target: number): number {
  if (weighted(effects, 0).q <= target) return 0;
  let high = 1;
  while (weighted(effects, high).q > target) high *= 2;
  let low = 0;
  for (let i = 0; i < 200 && high - low > 1e-12 * (1 + high); i++) {
    const middle = (low + high) / 2;
    if (weighted(effects, middle).q > target) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Random-effects mean by the moments of DerSimonian and Laird (Control Clin Trials 1986;7:177). */
export function derSimonianLaird(effects: readonly Effect[], level: number): RandomEffects {
  const common = weighted(effects, 0);
  const degrees = effects.length - 1;
  const scale = common.total - sum(common.weights.map((w) => w * w)) / common.total;
  const tau2 = Math.max(0, (common.q - degrees) / scale);
  const random = weighted(effects, tau2);
  const standardError = Math.sqrt(1 / random.total);
  return {
    pooled: symmetricEstimate(random.mean, standardError, normalQuantile((1 + level) / 2)),
    standardError,
    tau2: {
      value: tau2,
      interval: [
        tau2WhereQIs(effects, chiSquareQuantile((1 + level) / 2, degrees)),
        tau2WhereQIs(effects, chiSquareQuantile((1 - level) / 2, degrees)),
      ],
    },
    heterogeneity: heterogeneity(effects),
    qRandomWeights: random.q,
  };
}
