import { computeOnce, type WeightedStatistic } from '../bootstrap/weighted-statistic.js';
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

/** The parts of the Brier score, in the order in which `brierPartsStatistic` writes them. */
export const brierPartNames = [
  'reliability',
  'resolution',
  'uncertainty',
  'withinBinVariance',
  'withinBinCovariance',
] as const;

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
 * Murphy's decomposition over fixed bins, with the two terms that make it exact when the scores differ inside a bin,
 * under group weights. With the sums of each bin, the two terms need no second pass over the items.
 *
 * Sources: Murphy AH. J Appl Meteorol 1973;12:595-600; Stephenson DB, Coelho CAS, Jolliffe IT. Weather Forecast
 * 2008;23:752-757.
 */
export function brierPartsStatistic(set: ScoredSet, binning: Binning): WeightedStatistic {
  const squares = new Float64Array(binning.count);
  const products = new Float64Array(binning.count);
  return {
    size: brierPartNames.length,
    cost: 2 * set.labels.length,
    compute(weights, out, offset) {
      const { weight, positives, scores } = sumBins(set, binning, weights);
      squares.fill(0);
      products.fill(0);
      for (let item = 0; item < binning.binOf.length; item++) {
        const times = weights[set.groups[item] ?? 0] ?? 0;
        const score = set.scores[item] ?? 0;
        add(squares, binning.binOf[item] ?? 0, times * score * score);
        add(products, binning.binOf[item] ?? 0, times * score * (set.labels[item] ?? 0));
      }
      const total = weight.reduce((sum, items) => sum + items, 0);
      const prevalence = positives.reduce((sum, count) => sum + count, 0) / total;
      const parts = [0, 0, prevalence * (1 - prevalence), 0, 0] as [number, number, number, number, number];
      weight.forEach((items, bin) => {
        if (items === 0) return;
        const frequency = (positives[bin] ?? 0) / items;
        const mean = (scores[bin] ?? 0) / items;
        parts[0] += (items / total) * (mean - frequency) ** 2;
        parts[1] += (items / total) * (frequency - prevalence) ** 2;
        parts[3] += ((squares[bin] ?? 0) - items * mean * mean) / total;
        parts[4] += (2 * ((products[bin] ?? 0) - items * mean * frequency)) / total;
      });
      out.set(parts, offset);
    },
  };
}

/** Murphy's decomposition over bins; see `brierPartsStatistic`. */
export function brierDecomposition(set: ScoredSet, binning: Binning): BrierParts {
  const parts = computeOnce(brierPartsStatistic(set, binning), set.groupCount);
  const [reliability = 0, resolution = 0, uncertainty = 0, withinBinVariance = 0, withinBinCovariance = 0] =
    parts;
  return { reliability, resolution, uncertainty, withinBinVariance, withinBinCovariance };
}
