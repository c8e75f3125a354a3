import type { QuadratureRule } from './gauss-hermite.js';
import { expit, softplus } from './logit-accuracy.js';
import type { StudyCounts } from './study-table.js';

/** Two binomial counts of one study: true positives of diseased, false positives of non-diseased. */
export interface BinomialPair {
  readonly events: readonly [number, number];
  readonly totals: readonly [number, number];
  /** ln of the two binomial coefficients. */
  readonly logConstant: number;
}

/** Lower triangular root of the between-study covariance: effects = root * u with u standard normal. */
export interface Root {
  readonly l11: number;
  readonly l21: number;
  readonly l22: number;
}

/** Nodes on the scale of a standard normal deviate, and ln of (weight * exp(node^2)). */
export interface ScaledRule {
  readonly offsets: readonly number[];
  readonly logWeights: readonly number[];
}

/** Prepares a Gauss-Hermite rule for integrals that are centred and scaled at the mode. */
export function scaledRule({ nodes, weights }: QuadratureRule): ScaledRule {
  return {
    offsets: nodes.map((node) => Math.SQRT2 * node),
    logWeights: nodes.map((node, i) => Math.log(weights[i] ?? 0) + node * node),
  };
}

function logChoose(total: number, events: number): number {
  const fewer = Math.min(events, total - events);
  let value = 0;
  for (let i = 1; i <= fewer; i++) value += Math.log((total - fewer + i) / i);
  return value;
}

/** The counts of a study, ready for `logMarginal`. */
export function binomialPair({ tp, fn, fp, tn }: StudyCounts): BinomialPair {
  return {
    events: [tp, fp],
    totals: [tp + fn, fp + tn],
    logConstant: logChoose(tp + fn, tp) + logChoose(fp + tn, fp),
  };
}

interface Joint {
  readonly means: readonly [number, number];
  readonly root: Root;
  readonly pair: BinomialPair;
}

/** ln of binomial likelihood times the standard normal density of u, without constants. */
function logJoint({ means, root, pair }: Joint, u1: number, u2: number): number {
  const first = means[0] + root.l11 * u1;
  const second = means[1] + root.l21 * u1 + root.l22 * u2;
  return (
    pair.events[0] * first -
    pair.totals[0] * softplus(first) +
    pair.events[1] * second -
    pair.totals[1] * softplus(second) -
    0.5 * (u1 * u1 + u2 * u2)
  );
}

interface Mode {
  readonly u1: number;
  readonly u2: number;
  readonly value: number;
  /** Minus the second derivatives at the mode. */
  readonly h11: number;
  readonly h12: number;
  readonly h22: number;
}

/** Newton's method on a concave function of two variables, with halving. */
function findMode(joint: Joint): Mode {
  const { means, root, pair } = joint;
  const [n1, n2] = pair.totals;
  let u1 = 0;
  let u2 = 0;
  let value = logJoint(joint, 0, 0);
  for (let iteration = 0; ; iteration++) {
    const p1 = expit(means[0] + root.l11 * u1);
    const p2 = expit(means[1] + root.l21 * u1 + root.l22 * u2);
    const r1 = pair.events[0] - n1 * p1;
    const r2 = pair.events[1] - n2 * p2;
    const g1 = root.l11 * r1 + root.l21 * r2 - u1;
    const g2 = root.l22 * r2 - u2;
    const w1 = n1 * p1 * (1 - p1);
    const w2 = n2 * p2 * (1 - p2);
    const h11 = root.l11 * root.l11 * w1 + root.l21 * root.l21 * w2 + 1;
    const h12 = root.l21 * root.l22 * w2;
    const h22 = root.l22 * root.l22 * w2 + 1;
    const determinant = h11 * h22 - h12 * h12;
    const d1 = (h22 * g1 - h12 * g2) / determinant;
    const d2 = (h11 * g2 - h12 * g1) / determinant;
    const settled = Math.abs(d1) + Math.abs(d2) < 1e-11 * (1 + Math.abs(u1) + Math.abs(u2));
    if (settled || iteration === 100) return { u1, u2, value, h11, h12, h22 };
    let step = 1;
    let reached = logJoint(joint, u1 + d1, u2 + d2);
    while (reached < value - 1e-12 * Math.abs(value) && step > 1e-6) {
      step /= 2;
      reached = logJoint(joint, u1 + step * d1, u2 + step * d2);
    }
    u1 += step * d1;
    u2 += step * d2;
    value = reached;
  }
}

/**
 * ln of the probability of one study's counts, the study effects integrated out by adaptive Gauss-Hermite quadrature
 * around the mode (Pinheiro & Bates, J Comput Graph Stat 1995;4:12). One point is the Laplace approximation.
 */
export function logMarginal(
  pair: BinomialPair,
  means: readonly [number, number],
  root: Root,
  { offsets, logWeights }: ScaledRule,
): number {
  const joint: Joint = { means, root, pair };
  const { u1, u2, value, h11, h12, h22 } = findMode(joint);
  const determinant = h11 * h22 - h12 * h12;
  // Root c of the inverse of h, so that u = mode + c * offset has the curvature of a standard normal.
  const c22 = Math.sqrt(h11 / determinant);
  const c11 = 1 / Math.sqrt(h11);
  const c12 = -h12 / (determinant * c22);
  let sum = 0;
  for (const [i, a] of offsets.entries()) {
    for (const [j, b] of offsets.entries()) {
      const logWeight = (logWeights[i] ?? 0) + (logWeights[j] ?? 0);
      sum += Math.exp(logJoint(joint, u1 + c11 * a + c12 * b, u2 + c22 * b) - value + logWeight);
    }
  }
  return pair.logConstant + value - 0.5 * Math.log(determinant) - Math.log(Math.PI) + Math.log(sum);
}
