import { LucencyError } from '../../core/errors.js';
import { addTo, at, invertPositiveDefinite, multiplyVector, type Rows, zeros } from '../matrix.js';
import { minimiseFromAll } from '../minimise.js';
import {
  type BetweenStudies,
  type BivariateFit,
  betweenFromRoot,
  boundaryWarnings,
  type Design,
  interceptOnly,
} from './bivariate-fit.js';
import type { LogitAccuracy } from './logit-accuracy.js';
import { startingValues } from './starting-values.js';

interface Profile {
  /** Minus the (restricted) log likelihood. */
  readonly loss: number;
  readonly coefficients: number[];
  readonly covariance: Rows;
}

/** Generalised least squares at given between-study variances, and the likelihood that they reach. */
function profile(
  data: readonly LogitAccuracy[],
  design: Design,
  between: BetweenStudies,
  restricted: boolean,
): Profile | null {
  const columns = design[0]?.length ?? 0;
  const information = zeros(2 * columns, 2 * columns);
  const score = new Array<number>(2 * columns).fill(0);
  let logDeterminants = 0;
  let squares = 0;
  data.forEach((study, index) => {
    const x = design[index] ?? [];
    const a = between.varianceSensitivity + study.varianceSensitivity;
    const b = between.varianceFpr + study.varianceFpr;
    const determinant = a * b - between.covariance * between.covariance;
    const weights = [
      [b / determinant, -between.covariance / determinant],
      [-between.covariance / determinant, a / determinant],
    ];
    const y = [study.logitSensitivity, study.logitFpr];
    logDeterminants += Math.log(determinant);
    for (let r = 0; r < 2; r++) {
      for (let c = 0; c < 2; c++) {
        const weight = at(weights, r, c);
        const yc = y[c] ?? 0;
        squares += (y[r] ?? 0) * weight * yc;
        for (const [i, xi] of x.entries()) {
          score[r * columns + i] = (score[r * columns + i] ?? 0) + xi * weight * yc;
          for (const [j, xj] of x.entries())
            addTo(information, r * columns + i, c * columns + j, xi * weight * xj);
        }
      }
    }
  });
  const solved = invertPositiveDefinite(information);
  if (solved === null) return null;
  const coefficients = multiplyVector(solved.inverse, score);
  const explained = coefficients.reduce((sum, value, i) => sum + value * (score[i] ?? 0), 0);
  const degrees = 2 * data.length - (restricted ? 2 * columns : 0);
  const restriction = restricted ? solved.logDeterminant : 0;
  const loss = 0.5 * (degrees * Math.log(2 * Math.PI) + logDeterminants + restriction + squares - explained);
  return { loss, coefficients, covariance: solved.inverse };
}

/**
 * Bivariate random-effects model of logit sensitivity and logit false positive rate with normal within-study errors
 * (Reitsma et al., J Clin Epidemiol 2005;58:982), by restricted or full maximum likelihood.
 *
 * @param data at least three studies, after the continuity correction
 * @param design one row per study; intercept only when left out
 * @throws LUC_META_NOT_CONVERGED
 */
export function fitReitsma(
  data: readonly LogitAccuracy[],
  method: 'reml' | 'ml',
  design: Design = interceptOnly(data.length),
): BivariateFit {
  const restricted = method === 'reml';
  const starting = startingValues(data);
  const starts = [starting.correlation, 0.1, 0.7, -0.7].map(starting.root);
  const lossAt = (root: readonly number[]) =>
    profile(data, design, betweenFromRoot(root), restricted)?.loss ?? Number.POSITIVE_INFINITY;
  const { x, failure } = minimiseFromAll(lossAt, starts);
  const between = betweenFromRoot(x);
  const best = profile(data, design, between, restricted);
  if (failure !== null || best === null) {
    const reason = failure ?? 'the fixed effects cannot be separated';
    throw new LucencyError('LUC_META_NOT_CONVERGED', {
      model: `bivariate normal (${method.toUpperCase()})`,
      reason,
    });
  }
  return {
    method,
    coefficients: best.coefficients,
    covariance: best.covariance,
    between,
    logLikelihood: -best.loss,
    parameters: 3 + best.coefficients.length,
    warnings: boundaryWarnings(between),
  };
}
