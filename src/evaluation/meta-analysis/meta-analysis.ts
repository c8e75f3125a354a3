import { LucencyError } from '../../core/errors.js';
import { largest, smallest } from '../../core/extremes.js';
import { normalQuantile } from '../distributions.js';
import { type Estimate, mapEstimate, symmetricEstimate } from '../estimate.js';
import { at } from '../matrix.js';
import { clopperPearsonInterval } from '../proportions/clopper-pearson.js';
import { fitBinomialGlmm } from './binomial-glmm.js';
import { type BivariateFit, type BivariateMethod, betweenCorrelation, type Design } from './bivariate-fit.js';
import {
  type CorrectedCells,
  type Correction,
  correctCells,
  defaultCorrection,
  describeCorrection,
} from './continuity-correction.js';
import { deeksTest } from './deeks-funnel.js';
import { mantelHaenszel, poolLogOddsRatios } from './diagnostic-odds-ratio.js';
import { hsrocParameters, hsrocSensitivity } from './hsroc.js';
import { leaveOneOut } from './leave-one-out.js';
import { logitAccuracy } from './logit-accuracy.js';
import type { FitResult, MetaAnalysis } from './meta-analysis.schema.js';
import { metaRegression } from './meta-regression.js';
import { derSimonianLaird, type RandomEffects } from './random-effects.js';
import { confidenceRegion, predictionRegion } from './region.js';
import { fitReitsma } from './reitsma.js';
import { srocArea, srocAreaByGrid } from './sroc-area.js';
import type { StudyCounts, StudyTable } from './study-table.js';
import { logitPoint, summaryPoint } from './summary-point.js';
import { zhouDendukuriI2 } from './zhou-dendukuri.js';

export interface MetaAnalysisOptions {
  /** Model of the summary, curve, regression and leave-one-out; default `reml`. */
  readonly method?: BivariateMethod;
  /** Default: 0.5 to every cell of every study when any cell is zero. */
  readonly correction?: Correction;
  /** Gauss-Hermite points per dimension of `glmm-quadrature`; default 9. */
  readonly quadraturePoints?: number;
  /** Column of the table to regress on. */
  readonly covariate?: string;
  /** Confidence level; default .95. */
  readonly level?: number;
}

export const defaultQuadraturePoints = 9;
const methods: readonly BivariateMethod[] = ['reml', 'ml', 'glmm-laplace', 'glmm-quadrature'];

interface Settings {
  readonly method: BivariateMethod;
  readonly correction: Correction;
  readonly points: number;
  readonly level: number;
}

function likelihoodName(method: BivariateMethod, points: number): string {
  switch (method) {
    case 'reml':
      return 'bivariate normal, restricted maximum likelihood';
    case 'ml':
      return 'bivariate normal, maximum likelihood';
    case 'glmm-laplace':
      return 'exact binomial, Laplace approximation';
    case 'glmm-quadrature':
      return `exact binomial, adaptive Gauss-Hermite quadrature with ${points} x ${points} points`;
  }
}

function fitModel(
  studies: readonly StudyCounts[],
  method: BivariateMethod,
  settings: Settings,
  design?: Design,
) {
  if (method === 'glmm-laplace') return fitBinomialGlmm(studies, 1, design);
  if (method === 'glmm-quadrature') return fitBinomialGlmm(studies, settings.points, design);
  return fitReitsma(correctCells(studies, settings.correction).map(logitAccuracy), method, design);
}

function describeFit(fit: BivariateFit, { points, level }: Settings): FitResult {
  const quantile = normalQuantile((1 + level) / 2);
  const coefficient = (index: number) => {
    const standardError = Math.sqrt(at(fit.covariance, index, index));
    return { ...symmetricEstimate(fit.coefficients[index] ?? 0, standardError, quantile), standardError };
  };
  return {
    method: fit.method,
    likelihood: likelihoodName(fit.method, points),
    logitSensitivity: coefficient(0),
    logitFpr: coefficient(1),
    covariance: at(fit.covariance, 0, 1),
    between: {
      ...fit.between,
      sdSensitivity: Math.sqrt(fit.between.varianceSensitivity),
      sdFpr: Math.sqrt(fit.between.varianceFpr),
      correlation: betweenCorrelation(fit.between),
    },
    logLikelihood: fit.logLikelihood,
    parameters: fit.parameters,
    summary: summaryPoint(logitPoint(fit), level),
    warnings: [...fit.warnings],
  };
}

/** Runs `work`; a catalogued failure becomes its message, anything else is a fault of ours and passes. */
function attempt<T>(work: () => T): { value: T } | { reason: string } {
  try {
    return { value: work() };
  } catch (error) {
    if (error instanceof LucencyError) return { reason: error.message };
    throw error;
  }
}

function exactProportion(events: number, total: number, level: number): Estimate {
  return { value: events / total, interval: clopperPearsonInterval(events, total, level) };
}

function summaryCurve(
  studies: readonly StudyCounts[],
  fit: BivariateFit,
  level: number,
): MetaAnalysis['sroc'] {
  const point = logitPoint(fit);
  const rates = studies.map(({ fp, tn }) => fp / (fp + tn));
  const observedFpr: [number, number] = [smallest(rates), largest(rates)];
  const hsroc = hsrocParameters(point, fit.between);
  const curve = hsroc === null ? null : (fpr: number) => hsrocSensitivity(hsroc, fpr);
  const [low, high] = observedFpr;
  const grid = Array.from({ length: 101 }, (_, i) => low + ((high - low) * i) / 100);
  return {
    hsroc,
    curve: curve === null ? [] : grid.map((fpr) => ({ falsePositiveRate: fpr, sensitivity: curve(fpr) })),
    observedFpr,
    area: curve === null ? null : srocArea(curve, observedFpr),
    areaByMada: curve === null ? null : srocAreaByGrid(curve, observedFpr),
    confidenceRegion: confidenceRegion(point, level),
    predictionRegion: predictionRegion(point, fit.between, level),
  };
}

/** The parts of a random-effects analysis that describe heterogeneity, without its pooled mean. */
function spreadOf({ tau2, heterogeneity, qRandomWeights }: RandomEffects) {
  return { tau2, heterogeneity, qRandomWeights };
}

function marginalHeterogeneity(cells: readonly CorrectedCells[], level: number) {
  const logits = cells.map(logitAccuracy);
  const sensitivity = logits.map((study) => ({
    value: study.logitSensitivity,
    variance: study.varianceSensitivity,
  }));
  const specificity = logits.map((study) => ({ value: -study.logitFpr, variance: study.varianceFpr }));
  return {
    sensitivity: spreadOf(derSimonianLaird(sensitivity, level)),
    specificity: spreadOf(derSimonianLaird(specificity, level)),
  };
}

function pooledOddsRatio(cells: readonly CorrectedCells[], level: number) {
  const random = poolLogOddsRatios(cells, level);
  return { oddsRatio: mapEstimate(random.pooled, Math.exp), ...spreadOf(random) };
}

/**
 * Meta-analysis of diagnostic accuracy: the chosen bivariate model with all that follows from it, the other three
 * beside it, and the univariate odds ratio.
 *
 * @throws LUC_META_NOT_CONVERGED, LUC_META_ZERO_CELL when the chosen model has no estimate; LUC_META_COVARIATE_INVALID
 */
export function metaAnalysis(table: StudyTable, options: MetaAnalysisOptions = {}): MetaAnalysis {
  const { studies } = table;
  const settings: Settings = {
    method: options.method ?? 'reml',
    correction: options.correction ?? defaultCorrection,
    points: options.quadraturePoints ?? defaultQuadraturePoints,
    level: options.level ?? 0.95,
  };
  const { method, correction, level } = settings;
  const fit = fitModel(studies, method, settings);
  const fits = methods.map((other) => {
    const tried = attempt(() => (other === method ? fit : fitModel(studies, other, settings)));
    if ('value' in tried) return describeFit(tried.value, settings);
    return { method: other, likelihood: likelihoodName(other, settings.points), reason: tried.reason };
  });
  const corrected = attempt(() => correctCells(studies, correction));
  const cells = 'value' in corrected ? corrected.value : null;
  const warnings = [...table.warnings, ...fit.warnings];
  if ('reason' in corrected) warnings.push(`Univariate results are left out: ${corrected.reason}`);
  if (studies.length < 4) warnings.push('Leave-one-out is left out: it needs at least four studies.');
  const mh = mantelHaenszel(studies, cells ?? [], level);
  if (mh === null) warnings.push('The Mantel-Haenszel odds ratio is left out: it is zero or infinite.');
  const deeks = cells === null ? null : deeksTest(studies, cells, level);
  if (cells !== null && deeks === null) {
    warnings.push("Deeks' test is left out: all studies have the same effective size.");
  }
  const { covariate } = options;
  return {
    schema: 'lucency.meta-analysis/1',
    input: table.path,
    level,
    correction: { ...correction, description: describeCorrection(studies, correction) },
    studies: studies.map(({ study, tp, fn, fp, tn }) => ({
      study,
      tp,
      fn,
      fp,
      tn,
      sensitivity: exactProportion(tp, tp + fn, level),
      specificity: exactProportion(tn, fp + tn, level),
    })),
    method,
    fit: describeFit(fit, settings),
    fits,
    sroc: summaryCurve(studies, fit, level),
    heterogeneity: {
      ...(cells === null ? { sensitivity: null, specificity: null } : marginalHeterogeneity(cells, level)),
      i2: zhouDendukuriI2(studies, logitPoint(fit), fit.between),
    },
    oddsRatio: {
      derSimonianLaird: cells === null ? null : pooledOddsRatio(cells, level),
      mantelHaenszel: mh,
    },
    deeks,
    leaveOneOut:
      studies.length < 4 ? null : leaveOneOut(studies, (rest) => fitModel(rest, method, settings), level),
    metaRegression:
      covariate === undefined
        ? null
        : metaRegression(
            studies,
            covariate,
            (design) => fitModel(studies, method, settings, design),
            fit,
            level,
          ),
    warnings,
  };
}
