import { quantile } from '../bootstrap/bca.js';
import { createRandom } from '../bootstrap/random.js';
import type { WeightedStatistic } from '../bootstrap/weighted-statistic.js';
import type { ScoredSet } from '../roc/scored-set.js';
import { type Binning, type BinSums, sumBins } from './bins.js';

function errorOf({ weight, positives, scores }: BinSums): number {
  let total = 0;
  let sum = 0;
  weight.forEach((items, bin) => {
    total += items;
    sum += Math.abs((positives[bin] ?? 0) - (scores[bin] ?? 0));
  });
  return sum / total;
}

/**
 * Expected calibration error: the gap between observed frequency and mean score of each bin, averaged over the items.
 * It depends on the bins, and is above 0 by chance alone: compare it with `calibrationErrorByChance`.
 *
 * Source: Naeini MP, Cooper GF, Hauskrecht M. AAAI 2015:2901-2907.
 */
export function calibrationError(set: ScoredSet, binning: Binning): number {
  return errorOf(sumBins(set, binning));
}

/** The calibration error in fixed bins, under group weights. */
export function calibrationErrorStatistic(set: ScoredSet, binning: Binning): WeightedStatistic {
  return {
    size: 1,
    cost: set.labels.length,
    compute(weights, out, offset) {
      out[offset] = errorOf(sumBins(set, binning, weights));
    },
  };
}

export interface ErrorByChance {
  readonly mean: number;
  /** 95th percentile: an observed error below it is what a perfectly calibrated model shows. */
  readonly upper: number;
}

const simulations = 500;

/**
 * The calibration error that the same scores show when they are perfectly calibrated: truths are drawn from the scores
 * (consistency resampling).
 *
 * Source: Bröcker J, Smith LA. Weather Forecast 2007;22:651-661.
 */
export function calibrationErrorByChance(
  set: ScoredSet,
  { count, binOf }: Binning,
  seed: number,
): ErrorByChance {
  const random = createRandom(seed);
  const errors = new Float64Array(simulations);
  const excess = new Float64Array(count);
  for (let run = 0; run < simulations; run++) {
    excess.fill(0);
    for (let item = 0; item < binOf.length; item++) {
      const score = set.scores[item] ?? 0;
      const bin = binOf[item] ?? 0;
      excess[bin] = (excess[bin] ?? 0) + (random.uniform() < score ? 1 - score : -score);
    }
    errors[run] = excess.reduce((sum, value) => sum + Math.abs(value), 0) / binOf.length;
  }
  return {
    mean: errors.reduce((sum, value) => sum + value, 0) / simulations,
    upper: quantile(errors.sort(), 0.95),
  };
}
