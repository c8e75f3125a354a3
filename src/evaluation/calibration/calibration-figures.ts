import { type BootstrapOptions, bootstrapGroups } from '../bootstrap/bootstrap.js';
import { fromBootstrap, withBootstrap } from '../bootstrap/bootstrapped-figure.js';
import { normalQuantile } from '../distributions.js';
import { makeFigure, makeInterval, notComputable } from '../figure.js';
import type { Figure } from '../figure.schema.js';
import { proportion } from '../proportions/proportion.js';
import type { ScoredSet } from '../roc/scored-set.js';
import { type Binning, equalMassBins, equalWidthBins, monotoneSweepBins, sumBins } from './bins.js';
import { brierPartNames, brierPartsStatistic, brierStatistic } from './brier.js';
import type { CalibrationErrorFigures, CalibrationFigures, DecisionPoint } from './calibration.schema.js';
import { calibrationErrorByChance, calibrationErrorStatistic } from './calibration-error.js';
import { decisionCurveStatistic, decisionThresholds } from './decision-curve.js';
import { logOdds, recalibrate, recalibrationStatistic } from './recalibration.js';

export interface CalibrationOptions extends BootstrapOptions {
  /** Bins of the equal-width and equal-mass errors. @default 15 */
  readonly bins?: number;
}

/** Why the scores of a set cannot be judged as probabilities; null when they can. */
export function calibrationObstacle(set: ScoredSet): string | null {
  const outside = set.scores.reduce((count, score) => count + (score < 0 || score > 1 ? 1 : 0), 0);
  if (outside > 0)
    return `${outside} of ${set.scores.length} scores lie outside 0..1: they are no probabilities`;
  if (set.scores.length === 0) return 'there are no items';
  return null;
}

function binError(set: ScoredSet, binning: Binning, options: CalibrationOptions): CalibrationErrorFigures {
  const [error] = bootstrapGroups([calibrationErrorStatistic(set, binning)], set.groupCount, options);
  return {
    bins: binning.count,
    error: fromBootstrap(error, 'there are no items'),
    byChance: calibrationErrorByChance(set, binning, options.seed ?? 1),
  };
}

function reliabilityDiagram(
  set: ScoredSet,
  binning: Binning,
  level: number | undefined,
): CalibrationFigures['reliability'] {
  const { weight, positives, scores } = sumBins(set, binning);
  return [...weight.keys()].flatMap((bin) => {
    const items = weight[bin] ?? 0;
    if (items === 0) return [];
    const observed = proportion(positives[bin] ?? 0, items, 'the bin is empty', level);
    return [{ items, meanScore: (scores[bin] ?? 0) / items, observed }];
  });
}

function recalibrationFigures(
  set: ScoredSet,
  options: CalibrationOptions,
): Record<'slope' | 'intercept' | 'inTheLarge', Figure> {
  const fit = recalibrate(set);
  if (fit === null) {
    const none = notComputable(
      'the logistic regression did not converge: one class only, or scores that separate the classes',
    );
    return { slope: none, intercept: none, inTheLarge: none };
  }
  const [slope, intercept, inTheLarge] = bootstrapGroups(
    [recalibrationStatistic(set, fit)],
    set.groupCount,
    options,
  );
  const z = normalQuantile(1 - (1 - (options.level ?? 0.95)) / 2);
  const robust = (value: number, error: number) =>
    makeFigure(value, [makeInterval('sandwich', value - z * error, value + z * error)]);
  return {
    slope: withBootstrap(robust(fit.joint.slope, fit.standardErrors.slope), slope),
    intercept: withBootstrap(robust(fit.joint.intercept, fit.standardErrors.intercept), intercept),
    inTheLarge: withBootstrap(robust(fit.inTheLarge, fit.standardErrors.inTheLarge), inTheLarge),
  };
}

function brierPartFigures(
  set: ScoredSet,
  binning: Binning,
  options: CalibrationOptions,
): CalibrationFigures['brierParts'] {
  const bootstrapped = bootstrapGroups([brierPartsStatistic(set, binning)], set.groupCount, options);
  const figure = (name: (typeof brierPartNames)[number]) =>
    fromBootstrap(bootstrapped[brierPartNames.indexOf(name)], 'there are no items');
  return {
    reliability: figure('reliability'),
    resolution: figure('resolution'),
    uncertainty: figure('uncertainty'),
    withinBinVariance: figure('withinBinVariance'),
    withinBinCovariance: figure('withinBinCovariance'),
  };
}

/**
 * Everything that is reported of calibration. `calibrationObstacle` must be null for the set. Bootstrap intervals
 * resample groups and keep the bins of the whole set.
 */
export function calibrationFigures(set: ScoredSet, options: CalibrationOptions = {}): CalibrationFigures {
  const bins = options.bins ?? 15;
  const equalMass = equalMassBins(set, bins);
  const [brier] = bootstrapGroups([brierStatistic(set)], set.groupCount, options);
  return {
    items: set.scores.length,
    clipped: logOdds(set.scores).clipped,
    equalWidth: binError(set, equalWidthBins(set, bins), options),
    equalMass: binError(set, equalMass, options),
    adaptive: binError(set, monotoneSweepBins(set), options),
    brier: fromBootstrap(brier, 'there are no items'),
    brierParts: brierPartFigures(set, equalMass, options),
    ...recalibrationFigures(set, options),
    reliability: reliabilityDiagram(set, equalMass, options.level),
    decisionCurve: set.positives > 0 && set.negatives > 0 ? decisionCurve(set, options) : null,
  };
}

/** The decision curve with pointwise bands. The scores must be probabilities. */
export function decisionCurve(set: ScoredSet, options: BootstrapOptions = {}): DecisionPoint[] {
  const figures = bootstrapGroups([decisionCurveStatistic(set)], set.groupCount, options);
  return decisionThresholds.map((threshold, index) => {
    const model = figures[index];
    return {
      threshold,
      netBenefit: model?.value ?? 0,
      lower: model?.percentile.lower ?? null,
      upper: model?.percentile.upper ?? null,
      treatAll: figures[decisionThresholds.length + index]?.value ?? 0,
    };
  });
}
