import { LucencyError } from '../../core/errors.js';
import { largest, smallest } from '../../core/extremes.js';
import { chiSquareUpperTail, normalQuantile, normalTwoSidedP } from '../distributions.js';
import { symmetricEstimate } from '../estimate.js';
import { at, dot, invertPositiveDefinite, multiply, multiplyVector, type Rows, zeros } from '../matrix.js';
import type { BivariateFit, Design } from './bivariate-fit.js';
import type { ChiSquareTest, MetaRegression } from './meta-analysis.schema.js';
import type { StudyCounts } from './study-table.js';
import { logitPoint, summaryPoint } from './summary-point.js';

/** Fits the chosen bivariate model with a design. */
export type DesignFitter = (design: Design) => BivariateFit;

interface Coding {
  readonly kind: 'number' | 'group';
  readonly terms: readonly string[];
  /** Design in the units of the covariate, for coefficients and predictions. */
  readonly design: Rows;
  /** Multiplies the rows of `design` into well-scaled ones: design * scaling. */
  readonly scaling: Rows;
  readonly shown: readonly {
    readonly at: string;
    readonly studies: number | null;
    readonly x: readonly number[];
  }[];
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)] ?? 0;
  const lower = sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
  return (lower + upper) / 2;
}

function numberCoding(column: string, values: readonly number[]): Coding {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
  const points: [string, number][] = [
    ['lowest', smallest(values)],
    ['median', median(values)],
    ['highest', largest(values)],
  ];
  return {
    kind: 'number',
    terms: ['intercept', `per unit of ${column}`],
    design: values.map((value) => [1, value]),
    scaling: [
      [1, -mean / deviation],
      [0, 1 / deviation],
    ],
    shown: points.map(([label, value]) => ({ at: `${label}: ${value}`, studies: null, x: [1, value] })),
  };
}

function groupCoding(column: string, values: readonly string[]): Coding {
  const groups = [...new Set(values)].sort();
  const row = (group: string) => groups.map((other, index) => (index === 0 || other === group ? 1 : 0));
  const reference = groups[0] ?? '';
  return {
    kind: 'group',
    terms: groups.map((group, i) => (i === 0 ? 'intercept' : `${column}: ${group} (against ${reference})`)),
    design: values.map(row),
    scaling: groups.map((_, i) => groups.map((__, j) => (i === j ? 1 : 0))),
    shown: groups.map((group) => ({
      at: group,
      studies: values.filter((value) => value === group).length,
      x: row(group),
    })),
  };
}

/** @throws LUC_META_COVARIATE_INVALID */
function codeCovariate(studies: readonly StudyCounts[], column: string): Coding {
  const refuse = (reason: string) => new LucencyError('LUC_META_COVARIATE_INVALID', { column, reason });
  const texts = studies.map(({ covariates }) => covariates[column]);
  const values = texts.filter((text) => text !== undefined);
  if (values.length === 0) {
    const known = Object.keys(studies[0]?.covariates ?? {});
    throw refuse(
      `there is no such column; the table has ${known.length > 0 ? known.join(', ') : 'no covariates'}`,
    );
  }
  const empty = studies.filter((_, index) => (texts[index] ?? '') === '').map(({ study }) => study);
  if (empty.length > 0) throw refuse(`it is empty for ${empty.join(', ')}`);
  const different = new Set(values).size;
  if (different < 2) throw refuse('it has the same value in every study');
  const numbers = values.map(Number);
  if (numbers.every(Number.isFinite)) {
    if (studies.length < 4) throw refuse('a regression needs at least four studies');
    return numberCoding(column, numbers);
  }
  if (different + 2 > studies.length)
    throw refuse(`${different} groups are too many for ${studies.length} studies`);
  return groupCoding(column, values);
}

/** Block diagonal of `scaling` twice, once per outcome. */
function forBothOutcomes(scaling: Rows): Rows {
  const q = scaling.length;
  return zeros(2 * q, 2 * q).map((row, i) =>
    row.map((_, j) => (Math.floor(i / q) === Math.floor(j / q) ? at(scaling, i % q, j % q) : 0)),
  );
}

/** The fit in the units of the covariate: coefficients and covariance of X when X * scaling was fitted. */
function inUnits(fit: BivariateFit, scaling: Rows): BivariateFit {
  const transform = forBothOutcomes(scaling);
  const transposed = transform.map((_, i) => transform.map((row) => row[i] ?? 0));
  return {
    ...fit,
    coefficients: multiplyVector(transform, fit.coefficients),
    covariance: multiply(multiply(transform, fit.covariance), transposed),
  };
}

function waldTest(fit: BivariateFit, indices: readonly number[]): ChiSquareTest {
  const values = indices.map((i) => fit.coefficients[i] ?? 0);
  const block = indices.map((i) => indices.map((j) => at(fit.covariance, i, j)));
  const solved = invertPositiveDefinite(block);
  const chiSquare = solved === null ? Number.NaN : dot(values, multiplyVector(solved.inverse, values));
  return { chiSquare, degrees: indices.length, p: chiSquareUpperTail(chiSquare, indices.length) };
}

/**
 * Bivariate meta-regression with one covariate, which may be a number or a group name: both mean logits depend on it,
 * the between-study covariance does not.
 *
 * @param fitWith fits the bivariate model with a design
 * @param withoutCovariate the same model without covariate
 * @throws LUC_META_COVARIATE_INVALID, LUC_META_NOT_CONVERGED
 */
export function metaRegression(
  studies: readonly StudyCounts[],
  column: string,
  fitWith: DesignFitter,
  withoutCovariate: BivariateFit,
  level: number,
): MetaRegression {
  const coding = codeCovariate(studies, column);
  const scaled = fitWith(multiply(coding.design, coding.scaling));
  const fit = inUnits(scaled, coding.scaling);
  const q = coding.terms.length;
  const quantile = normalQuantile((1 + level) / 2);
  const coefficients = fit.coefficients.map((value, i): MetaRegression['coefficients'][number] => {
    const standardError = Math.sqrt(at(fit.covariance, i, i));
    return {
      outcome: i < q ? 'logit sensitivity' : 'logit false positive rate',
      term: coding.terms[i % q] ?? '',
      estimate: symmetricEstimate(value, standardError, quantile),
      standardError,
      z: value / standardError,
      p: normalTwoSidedP(value / standardError),
    };
  });
  const slopes = Array.from({ length: q - 1 }, (_, i) => i + 1);
  const fprSlopes = slopes.map((i) => q + i);
  const gain = 2 * (fit.logLikelihood - withoutCovariate.logLikelihood);
  const degrees = 2 * (q - 1);
  return {
    covariate: column,
    method: fit.method,
    kind: coding.kind,
    coefficients,
    // On the scaled fit, whose covariance is better conditioned; the tests do not depend on the units.
    tests: {
      sensitivity: waldTest(scaled, slopes),
      falsePositiveRate: waldTest(scaled, fprSlopes),
      either: waldTest(scaled, [...slopes, ...fprSlopes]),
    },
    likelihoodRatio:
      fit.method === 'reml'
        ? null
        : { chiSquare: Math.max(0, gain), degrees, p: chiSquareUpperTail(gain, degrees) },
    between: fit.between,
    predictions: coding.shown.map(({ at: label, studies: count, x }) => ({
      at: label,
      studies: count,
      point: summaryPoint(logitPoint(fit, x), level),
    })),
    warnings: [...fit.warnings],
  };
}
