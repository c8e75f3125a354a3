import type { WeightedStatistic } from '../bootstrap/weighted-statistic.js';
import type { ScoredSet } from '../roc/scored-set.js';
import { add } from '../typed-array.js';
import { type Binning, sumBins } from './bins.js';

/**
 * Brier score: the mean squared gap between score and truth, 0 (perfect) to 1.
 *
 * Source: Brier GW. Mon Weather Rev 1950;78:1-3.
 */
export function brierScore(set: ScoredSet): number {
  const sum = set.scores.reduce((total, score, item) => total + (score - (set.labels[item] ?? 0)) ** 2, 0);
  return sum / set.scores.length;
}

/** The Brier score under group weights. */
export function brierStatistic(set: ScoredSet): WeightedStatistic {
  const sums = new Float64Array(set.groupCount);
  const members = new Int32Array(set.groupCount);
  set.scores.forEach((score, item) => {
    const group = set.groups[item] ?? 0;
    add(sums, group, (score - (set.labels[item] ?? 0)) ** 2);
    add(members, group, 1);
  });
  const all = sums.reduce((total, value) => total + value, 0);
  return {
    size: 1,
    cost: set.groupCount,
    compute(weights, out, offset) {
      let total = 0;
      let sum = 0;
      for (let group = 0; group < weights.length; group++) {
        const weight = weights[group] ?? 0;
        total += weight * (members[group] ?? 0);
        sum += weight * (sums[group] ?? 0);
      }
      out[offset] = sum / total;
    },
    leaveOneGroupOut(out) {
      for (let group = 0; group < set.groupCount; group++) {
        out[group] = (all - (sums[group] ?? 0)) / (set.scores.length - (members[group] ?? 0));
      }
    },
  };
}

/** `score = reliability - resolution + uncertainty + withinBinVariance - withinBinCovariance`. */
export interface BrierParts {
  /** Squared gaps between mean score and frequency of the bins: 0 is perfect calibration. */
  readonly reliability: number;
  /** Spread of the frequencies of the bins: high when the scores sort positives from negatives. */
  readonly resolution: number;
  /** Brier score of a forecast that always gives the prevalence. */
  readonly uncertainty: number;
  /** What binning hides, so that the parts add up exactly. */
  readonly withinBinVariance: number;
  readonly withinBinCovariance: number;
}

/**
 * Murphy's decomposition over bins, with the two terms that make it exact when the scores differ inside a bin.
 *
 * Sources: Murphy AH. J Appl Meteorol 1973;12:595-600; Stephenson DB, Coelho CAS, Jolliffe IT. Weather Forecast
 * 2008;23:752-757.
 */
export function brierDecomposition(set: ScoredSet, binning: Binning): BrierParts {
  const n = set.labels.length;
  const prevalence = set.positives / n;
  const { weight, positives, scores } = sumBins(set, binning);
  let reliability = 0;
  let resolution = 0;
  weight.forEach((items, bin) => {
    if (items === 0) return;
    const frequency = (positives[bin] ?? 0) / items;
    reliability += (items / n) * ((scores[bin] ?? 0) / items - frequency) ** 2;
    resolution += (items / n) * (frequency - prevalence) ** 2;
  });
  let withinBinVariance = 0;
  let withinBinCovariance = 0;
  set.scores.forEach((score, item) => {
    const bin = binning.binOf[item] ?? 0;
    const items = weight[bin] ?? 1;
    const scoreGap = score - (scores[bin] ?? 0) / items;
    withinBinVariance += scoreGap ** 2 / n;
    withinBinCovariance += (2 * scoreGap * ((set.labels[item] ?? 0) - (positives[bin] ?? 0) / items)) / n;
  });
  return {
    reliability,
    resolution,
    uncertainty: prevalence * (1 - prevalence),
    withinBinVariance,
    withinBinCovariance,
  };
}
