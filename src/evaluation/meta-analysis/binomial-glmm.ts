import { LucencyError } from '../../core/errors.js';
import { at, invertPositiveDefinite, pseudoInverseSymmetric, type Rows } from '../matrix.js';
import { minimise, minimiseFromAll } from '../minimise.js';
import {
  type BivariateFit,
  betweenFromRoot,
  boundaryWarnings,
  type Design,
  interceptOnly,
} from './bivariate-fit.js';
import { correctCells } from './continuity-correction.js';
import { gaussHermite, type QuadratureRule } from './gauss-hermite.js';
import { logitAccuracy } from './logit-accuracy.js';
import {
  type BinomialPair,
  binomialPair,
  logMarginal,
  type Root,
  type ScaledRule,
  scaledRule,
} from './marginal-likelihood.js';
import { startingValues } from './starting-values.js';
import type { StudyCounts } from './study-table.js';

/** A standard error beyond this on the logit scale means that an estimate runs to infinity. */
const runawayError = 20;

function requireBothOutcomes(studies: readonly StudyCounts[], model: string): void {
  const total = (pick: (study: StudyCounts) => number) =>
    studies.reduce((sum, study) => sum + pick(study), 0);
  const missing = [
    total((study) => study.tp) === 0 ? 'true positive' : null,
    total((study) => study.fn) === 0 ? 'false negative' : null,
    total((study) => study.fp) === 0 ? 'false positive' : null,
    total((study) => study.tn) === 0 ? 'true negative' : null,
  ].find((kind) => kind !== null);
  if (missing === undefined) return;
  throw new LucencyError('LUC_META_NOT_CONVERGED', {
    model,
    reason: `no study has a ${missing}, so the likelihood has no maximum`,
  });
}

/**
 * Covariance of the fixed effects when the variance components are estimated too: the inverse of their part of the
 * Hessian after the variance components are eliminated. Directions in which the variance components are not
 * determined (a variance of zero leaves the correlation free) are left out.
 */
function fixedEffectCovariance(hessian: Rows, fixed: number): Rows | null {
  const block = (rows: [number, number], columns: [number, number]) =>
    hessian.slice(...rows).map((row) => row.slice(...columns));
  const size = hessian.length;
  const effects = block([0, fixed], [0, fixed]);
  const mixed = block([0, fixed], [fixed, size]);
  const free = pseudoInverseSymmetric(block([fixed, size], [fixed, size]), 1e-6);
  const reduced = effects.map((row, i) =>
    row.map((value, j) => {
      let explained = 0;
      for (let k = 0; k < free.length; k++) {
        for (let l = 0; l < free.length; l++) explained += at(mixed, i, k) * at(free, k, l) * at(mixed, j, l);
      }
      return value - explained;
    }),
  );
  return invertPositiveDefinite(reduced)?.inverse ?? null;
}

function minusLogLikelihood(
  pairs: readonly BinomialPair[],
  design: Design,
  parameters: readonly number[],
  rule: ScaledRule,
): number {
  const columns = (parameters.length - 3) / 2;
  const [l11 = 0, l21 = 0, l22 = 0] = parameters.slice(2 * columns);
  const root: Root = { l11, l21, l22 };
  let loss = 0;
  for (const [index, pair] of pairs.entries()) {
    const x = design[index] ?? [];
    let sensitivity = 0;
    let fpr = 0;
    for (const [i, xi] of x.entries()) {
      sensitivity += xi * (parameters[i] ?? 0);
      fpr += xi * (parameters[columns + i] ?? 0);
    }
    loss -= logMarginal(pair, [sensitivity, fpr], root, rule);
  }
  return Number.isFinite(loss) ? loss : Number.POSITIVE_INFINITY;
}

/**
 * Exact binomial generalised linear mixed model: true and false positives are binomial given study effects that are
 * bivariate normal on the logit scale (Chu & Cole, J Clin Epidemiol 2006;59:1331). No continuity correction.
 *
 * @param points Gauss-Hermite points per dimension, adaptive; 1 is the Laplace approximation
 * @param design one row per study; intercept only when left out
 * @throws LUC_META_NOT_CONVERGED
 */
export function fitBinomialGlmm(
  studies: readonly StudyCounts[],
  points: number,
  design: Design = interceptOnly(studies.length),
): BivariateFit {
  const method = points === 1 ? 'glmm-laplace' : 'glmm-quadrature';
  const model =
    points === 1 ? 'binomial GLMM (Laplace)' : `binomial GLMM (adaptive quadrature, ${points} points)`;
  requireBothOutcomes(studies, model);
  const columns = design[0]?.length ?? 1;
  const pairs = studies.map(binomialPair);
  const lossWith = (quadrature: QuadratureRule) => {
    const rule = scaledRule(quadrature);
    return (parameters: readonly number[]): number => minusLogLikelihood(pairs, design, parameters, rule);
  };
  const everyCell = { rule: 'always', amount: 0.5 } as const;
  const starting = startingValues(correctCells(studies, everyCell).map(logitAccuracy));
  const slopes = new Array<number>(columns - 1).fill(0);
  const startAt = (correlation: number) => [
    starting.logitSensitivity,
    ...slopes,
    starting.logitFpr,
    ...slopes,
    ...starting.root(correlation),
  ];
  const laplaceLoss = lossWith(gaussHermite(1));
  const first = minimise(laplaceLoss, startAt(starting.correlation));
  const laplace =
    first.failure === null
      ? first
      : minimiseFromAll(laplaceLoss, [startAt(0.1), startAt(0.7), startAt(-0.7)]);
  // The Laplace maximum is so near that the dearer quadrature needs one search only.
  const { x, value, hessian, failure } =
    points === 1 || laplace.failure !== null ? laplace : minimise(lossWith(gaussHermite(points)), laplace.x);
  const covariance = failure === null ? fixedEffectCovariance(hessian, 2 * columns) : null;
  const runaway = covariance?.some((row, i) => Math.sqrt(row[i] ?? 0) > runawayError) ?? false;
  if (failure !== null || covariance === null || runaway) {
    const reason = failure ?? 'an estimate runs to infinity';
    throw new LucencyError('LUC_META_NOT_CONVERGED', { model, reason });
  }
  const between = betweenFromRoot(x.slice(2 * columns));
  return {
    method,
    coefficients: x.slice(0, 2 * columns),
    covariance,
    between,
    logLikelihood: -value,
    parameters: x.length,
    warnings: boundaryWarnings(between),
  };
}
