import { LucencyError } from '../../core/errors.js';
import { normalQuantile } from '../distributions.js';
import { makeFigure, makeInterval, noInterval, notComputable } from '../figure.js';
import type { Figure, Interval } from '../figure.schema.js';
import { proportion } from '../proportions/proportion.js';
import { type TableMeasure, tableMeasures, writeMeasures } from './measures.js';
import { type ConfusionTable, checkTable } from './table.js';

export interface TableOptions {
  /** Share of diseased in the population that predictive values shall be given for, between 0 and 1. */
  readonly prevalence?: number | undefined;
  /** @default 0.95 */
  readonly level?: number;
}

function valuesOf(table: ConfusionTable, prevalence: number): Record<TableMeasure, number> {
  const { truePositives: tp, falsePositives: fp, falseNegatives: fn, trueNegatives: tn } = table;
  const out = new Float64Array(tableMeasures.length);
  writeMeasures(tp, fp, fn, tn, prevalence, out, 0);
  const entries = tableMeasures.map((measure, index): [TableMeasure, number] => [
    measure,
    out[index] ?? Number.NaN,
  ]);
  return Object.fromEntries(entries) as Record<TableMeasure, number>;
}

const zeroVariance = 'the variance is zero: every item of a class was called the same';

/** Interval that is symmetric for the logarithm: ratios. */
function logInterval(value: number, variance: number, z: number): Interval {
  if (!(value > 0) || !Number.isFinite(variance)) return noInterval('log', 'a cell of the table is zero');
  if (!(variance > 0)) return noInterval('log', zeroVariance);
  const factor = Math.exp(z * Math.sqrt(variance));
  return makeInterval('log', value / factor, value * factor);
}

/** Interval that is symmetric for the log odds: predictive values at a stated prevalence. */
function logitInterval(value: number, variance: number, z: number): Interval {
  if (!(value > 0 && value < 1) || !Number.isFinite(variance))
    return noInterval('logit', 'a cell of the table is zero');
  if (!(variance > 0)) return noInterval('logit', zeroVariance);
  const logit = Math.log(value / (1 - value));
  const at = (x: number) => 1 / (1 + Math.exp(-x));
  const half = z * Math.sqrt(variance);
  return makeInterval('logit', at(logit - half), at(logit + half));
}

/** Normal interval of a mean of proportions, cut to 0..1. */
function waldInterval(value: number, variance: number, z: number): Interval {
  if (!(variance > 0)) return noInterval('wald', zeroVariance);
  const half = z * Math.sqrt(variance);
  return makeInterval('wald', Math.max(0, value - half), Math.min(1, value + half));
}

/**
 * Every figure of a two-by-two table with its closed-form intervals: Wilson and Clopper-Pearson for proportions; log
 * scale for likelihood ratios (Simel 1991) and the diagnostic odds ratio (Woolf 1955); logit scale for predictive
 * values at a stated prevalence (Mercaldo 2007); normal for balanced accuracy. F1 and Matthews' correlation have none:
 * the bootstrap gives theirs. A figure that a zero cell makes infinite is null, with the reason.
 *
 * Sources: Simel DL, Samsa GP, Matchar DB. J Clin Epidemiol 1991;44:763-770. Mercaldo ND, Lau KF, Zhou XH. Stat Med
 * 2007;26:2170-2183.
 * @throws LUC_EVALUATION_ARGUMENT for cells that are no counts or a prevalence outside 0..1
 */
export function tableFigures(
  table: ConfusionTable,
  { prevalence, level = 0.95 }: TableOptions = {},
): Record<TableMeasure, Figure> {
  checkTable(table);
  if (prevalence !== undefined && !(prevalence > 0 && prevalence < 1)) {
    throw new LucencyError('LUC_EVALUATION_ARGUMENT', {
      reason: `the prevalence is ${prevalence}, not between 0 and 1`,
    });
  }
  const { truePositives: tp, falsePositives: fp, falseNegatives: fn, trueNegatives: tn } = table;
  const values = valuesOf(table, prevalence ?? Number.NaN);
  const z = normalQuantile(1 - (1 - level) / 2);
  const ill = tp + fn;
  const healthy = fp + tn;
  const noIll = 'there are no positives';
  const noHealthy = 'there are no negatives';
  const missing = ill === 0 ? noIll : healthy === 0 ? noHealthy : null;
  const { sensitivity: se, specificity: sp } = values;
  const positiveRatioVariance = 1 / tp - 1 / ill + 1 / fp - 1 / healthy;
  const negativeRatioVariance = 1 / fn - 1 / ill + 1 / tn - 1 / healthy;
  const both = (value: number, interval: Interval, reason: string) =>
    makeFigure(value, [interval], missing ?? reason);
  const atPrevalence = (value: number, interval: Interval, reason: string) =>
    prevalence === undefined ? notComputable('no prevalence was stated') : both(value, interval, reason);
  return {
    sensitivity: proportion(tp, ill, noIll, level),
    specificity: proportion(tn, healthy, noHealthy, level),
    positivePredictiveValue: proportion(tp, tp + fp, 'nothing was called positive', level),
    negativePredictiveValue: proportion(tn, tn + fn, 'nothing was called negative', level),
    accuracy: proportion(tp + tn, ill + healthy, 'there are no items', level),
    balancedAccuracy: both(
      values.balancedAccuracy,
      waldInterval(values.balancedAccuracy, ((se * (1 - se)) / ill + (sp * (1 - sp)) / healthy) / 4, z),
      noIll,
    ),
    f1: makeFigure(values.f1, [], 'there are no positives and nothing was called positive'),
    matthewsCorrelation: makeFigure(
      values.matthewsCorrelation,
      [],
      missing ?? 'everything was called the same',
    ),
    positiveLikelihoodRatio: both(
      values.positiveLikelihoodRatio,
      logInterval(values.positiveLikelihoodRatio, positiveRatioVariance, z),
      'there are no false positives: the ratio is infinite',
    ),
    negativeLikelihoodRatio: both(
      values.negativeLikelihoodRatio,
      logInterval(values.negativeLikelihoodRatio, negativeRatioVariance, z),
      'there are no true negatives: the ratio is infinite',
    ),
    diagnosticOddsRatio: both(
      values.diagnosticOddsRatio,
      logInterval(values.diagnosticOddsRatio, 1 / tp + 1 / fp + 1 / fn + 1 / tn, z),
      'there are no false positives or no false negatives: the ratio is infinite',
    ),
    positivePredictiveValueAtPrevalence: atPrevalence(
      values.positivePredictiveValueAtPrevalence,
      logitInterval(values.positivePredictiveValueAtPrevalence, positiveRatioVariance, z),
      'nothing was called positive',
    ),
    negativePredictiveValueAtPrevalence: atPrevalence(
      values.negativePredictiveValueAtPrevalence,
      logitInterval(values.negativePredictiveValueAtPrevalence, negativeRatioVariance, z),
      'nothing was called negative',
    ),
  };
}
