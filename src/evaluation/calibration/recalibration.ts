import type { WeightedStatistic } from '../bootstrap/weighted-statistic.js';
import type { ScoredSet } from '../roc/scored-set.js';
import { add } from '../typed-array.js';

/** Scores of exactly 0 or 1 have no log odds: they are moved this far inside. */
const clip = 1e-9;
const maximumSteps = 40;
const tolerance = 1e-10;

/** Log odds of the scores, and how many were moved off 0 or 1. */
export function logOdds(scores: Float64Array): { values: Float64Array; clipped: number } {
  let clipped = 0;
  const values = scores.map((score) => {
    const inside = Math.min(Math.max(score, clip), 1 - clip);
    if (inside !== score) clipped++;
    return Math.log(inside / (1 - inside));
  });
  return { values, clipped };
}

/** A fitted recalibration `logit P(positive) = intercept + slope * logit(score)`. */
export interface Recalibration {
  readonly intercept: number;
  readonly slope: number;
}

interface Problem {
  readonly x: Float64Array;
  readonly labels: Uint8Array;
  readonly groups: Int32Array;
}

interface Step {
  logLikelihood: number;
  /** Gradient and negative Hessian of the log likelihood, by intercept and slope. */
  gradient: [number, number];
  curvature: [number, number, number];
}

function derivatives({ x, labels, groups }: Problem, weights: Int32Array | null, at: Recalibration): Step {
  let [logLikelihood, g0, g1, h00, h01, h11] = [0, 0, 0, 0, 0, 0];
  for (let item = 0; item < x.length; item++) {
    const weight = weights === null ? 1 : (weights[groups[item] ?? 0] ?? 0);
    if (weight === 0) continue;
    const value = x[item] ?? 0;
    const logOdds = at.intercept + at.slope * value;
    const p = 1 / (1 + Math.exp(-logOdds));
    const residual = weight * ((labels[item] ?? 0) - p);
    const against = labels[item] === 1 ? -logOdds : logOdds;
    logLikelihood -= weight * (Math.max(0, against) + Math.log1p(Math.exp(-Math.abs(against))));
    const variance = weight * p * (1 - p);
    g0 += residual;
    g1 += residual * value;
    h00 += variance;
    h01 += variance * value;
    h11 += variance * value * value;
  }
  return { logLikelihood, gradient: [g0, g1], curvature: [h00, h01, h11] };
}

/** Newton's step: the log likelihood is concave, so that it points upwards. */
function newtonStep({ gradient, curvature }: Step, fixedSlope: boolean): [number, number] {
  const [h00, h01, h11] = curvature;
  if (fixedSlope) return [gradient[0] / h00, 0];
  const determinant = h00 * h11 - h01 * h01;
  return [
    (h11 * gradient[0] - h01 * gradient[1]) / determinant,
    (h00 * gradient[1] - h01 * gradient[0]) / determinant,
  ];
}

/**
 * Newton's method from `start`, with steps halved until the likelihood does not fall; with `fixedSlope` only the
 * intercept moves. Null when it does not settle, as when the scores separate the classes.
 */
function fit(
  problem: Problem,
  weights: Int32Array | null,
  start: Recalibration,
  fixedSlope: boolean,
): Recalibration | null {
  let at = start;
  let here = derivatives(problem, weights, at);
  for (let step = 0; step < maximumSteps; step++) {
    const [dIntercept, dSlope] = newtonStep(here, fixedSlope);
    if (!Number.isFinite(dIntercept) || !Number.isFinite(dSlope)) return null;
    const size = 1 + Math.abs(at.intercept) + Math.abs(at.slope);
    if (Math.abs(dIntercept) + Math.abs(dSlope) < tolerance * size) return at;
    let share = 1;
    let next = at;
    let there = here;
    do {
      next = { intercept: at.intercept + share * dIntercept, slope: at.slope + share * dSlope };
      there = derivatives(problem, weights, next);
      share /= 2;
    } while (there.logLikelihood < here.logLikelihood - 1e-9 * Math.abs(here.logLikelihood) && share > 1e-6);
    at = next;
    here = there;
  }
  return null;
}

/** Calibration by logistic regression: what must be done to the scores to calibrate them. */
export interface RecalibrationFit {
  /** Perfect calibration: intercept 0 and slope 1; a slope below 1 means scores that are too extreme. */
  readonly joint: Recalibration;
  /** Calibration in the large: the intercept when the slope is held at 1; above 0 means scores that are too low. */
  readonly inTheLarge: number;
  /** Standard errors, robust to images of one group being alike. */
  readonly standardErrors: {
    readonly intercept: number;
    readonly slope: number;
    readonly inTheLarge: number;
  };
}

/** Sums of the score function by group, at a fit: what the robust variance is made of. */
function groupScores(set: ScoredSet, x: Float64Array, at: Recalibration): [Float64Array, Float64Array] {
  const byIntercept = new Float64Array(set.groupCount);
  const bySlope = new Float64Array(set.groupCount);
  set.labels.forEach((label, item) => {
    const value = x[item] ?? 0;
    const residual = label - 1 / (1 + Math.exp(-at.intercept - at.slope * value));
    add(byIntercept, set.groups[item] ?? 0, residual);
    add(bySlope, set.groups[item] ?? 0, residual * value);
  });
  return [byIntercept, bySlope];
}

function sumOfProducts(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0);
}

/**
 * Fits slope and intercept of calibration with group-robust (sandwich) standard errors.
 *
 * Sources: Cox DR. Biometrika 1958;45:562-565; robust variance: Liang KY, Zeger SL. Biometrika 1986;73:13-22.
 * @returns null when the fit does not converge: all of one class, or classes that the scores separate
 */
export function recalibrate(set: ScoredSet): RecalibrationFit | null {
  const x = logOdds(set.scores).values;
  const problem: Problem = { x, labels: set.labels, groups: set.groups };
  const joint = fit(problem, null, { intercept: 0, slope: 1 }, false);
  const large = fit(problem, null, { intercept: 0, slope: 1 }, true);
  if (joint === null || large === null) return null;
  const small = set.groupCount / (set.groupCount - 1);
  const [h00, h01, h11] = derivatives(problem, null, joint).curvature;
  const determinant = h00 * h11 - h01 * h01;
  const [s0, s1] = groupScores(set, x, joint);
  const [b00, b01, b11] = [sumOfProducts(s0, s0), sumOfProducts(s0, s1), sumOfProducts(s1, s1)];
  const interceptVariance = (h11 * h11 * b00 - 2 * h11 * h01 * b01 + h01 * h01 * b11) / determinant ** 2;
  const slopeVariance = (h01 * h01 * b00 - 2 * h01 * h00 * b01 + h00 * h00 * b11) / determinant ** 2;
  const [l0] = groupScores(set, x, large);
  const largeCurvature = derivatives(problem, null, large).curvature[0];
  return {
    joint,
    inTheLarge: large.intercept,
    standardErrors: {
      intercept: Math.sqrt(small * interceptVariance),
      slope: Math.sqrt(small * slopeVariance),
      inTheLarge: Math.sqrt(small * sumOfProducts(l0, l0)) / largeCurvature,
    },
  };
}

/** Slope, intercept and calibration in the large under group weights, started from the fit to all data. */
export function recalibrationStatistic(set: ScoredSet, start: RecalibrationFit): WeightedStatistic {
  const problem: Problem = { x: logOdds(set.scores).values, labels: set.labels, groups: set.groups };
  return {
    size: 3,
    cost: 60 * set.labels.length,
    compute(weights, out, offset) {
      const joint = fit(problem, weights, start.joint, false);
      const large = fit(problem, weights, { intercept: start.inTheLarge, slope: 1 }, true);
      out[offset] = joint?.slope ?? Number.NaN;
      out[offset + 1] = joint?.intercept ?? Number.NaN;
      out[offset + 2] = large?.intercept ?? Number.NaN;
    },
  };
}
