import { type Ranking, rank } from '../roc/ranking.js';
import type { ScoredSet } from '../roc/scored-set.js';
import { add } from '../typed-array.js';

/** Bin of every item, 0..count - 1. Bins may stay empty. */
export interface Binning {
  readonly count: number;
  readonly binOf: Int32Array;
}

/** Bins of equal width over 0..1; a score on an edge goes to the upper bin, 1 to the last. */
export function equalWidthBins(set: ScoredSet, count: number): Binning {
  return {
    count,
    binOf: Int32Array.from(set.scores, (score) => Math.min(count - 1, Math.floor(score * count))),
  };
}

/**
 * Bins that hold about equally many items, by rank. Equal scores stay together, in the bin of their middle rank, so
 * that the bins do not hang on the order of the items.
 */
export function equalMassBins(set: ScoredSet, count: number): Binning {
  return binRanking(rank(set), count);
}

function binRanking({ order, runs }: Ranking, count: number): Binning {
  const n = order.length;
  const binOf = new Int32Array(n);
  for (let run = 0; run + 1 < runs.length; run++) {
    const start = runs[run] ?? 0;
    const end = runs[run + 1] ?? 0;
    // Ranks run from the highest score down, bins from the lowest up.
    const bin = Math.min(count - 1, Math.floor((count * (n - (start + end) / 2)) / n));
    for (let at = start; at < end; at++) binOf[order[at] ?? 0] = bin;
  }
  return { count, binOf };
}

export interface BinSums {
  readonly weight: Float64Array;
  readonly positives: Float64Array;
  readonly scores: Float64Array;
}

/** Weight, positives and scores summed in each bin; with `weights`, each item counts as its group does. */
export function sumBins(set: ScoredSet, { count, binOf }: Binning, weights?: Int32Array): BinSums {
  const sums: BinSums = {
    weight: new Float64Array(count),
    positives: new Float64Array(count),
    scores: new Float64Array(count),
  };
  for (let item = 0; item < binOf.length; item++) {
    const weight = weights === undefined ? 1 : (weights[set.groups[item] ?? 0] ?? 0);
    if (weight === 0) continue;
    const bin = binOf[item] ?? 0;
    add(sums.weight, bin, weight);
    add(sums.positives, bin, weight * (set.labels[item] ?? 0));
    add(sums.scores, bin, weight * (set.scores[item] ?? 0));
  }
  return sums;
}

/** Scores that sort the classes perfectly would be swept into as many bins as there are items. */
const mostBins = 100;

/**
 * Equal-mass bins, as many as can be had (at most 100) before the observed frequency stops rising from bin to bin: few
 * where the data are few, many where they bear it.
 *
 * Source: Roelofs R, Cain N, Shlens J, Mozer MC. AISTATS 2022 (equal-mass sweep).
 */
export function monotoneSweepBins(set: ScoredSet): Binning {
  const ranking = rank(set);
  let best = binRanking(ranking, 1);
  for (let count = 2; count <= Math.min(mostBins, set.labels.length); count++) {
    const binning = binRanking(ranking, count);
    const { weight, positives } = sumBins(set, binning);
    const rates = [...weight.keys()].flatMap((bin) => {
      const items = weight[bin] ?? 0;
      return items > 0 ? [(positives[bin] ?? 0) / items] : [];
    });
    if (rates.some((rate, bin) => rate < (rates[bin - 1] ?? 0))) return best;
    best = binning;
  }
  return best;
}
