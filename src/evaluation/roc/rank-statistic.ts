import type { WeightedStatistic } from '../bootstrap/weighted-statistic.js';
import { add } from '../typed-array.js';
import { standardisePartialArea } from './partial-auc.js';
import { placements } from './placements.js';
import { type Ranking, rank } from './ranking.js';
import type { ScoredSet } from './scored-set.js';

/** Figures of `rankStatistic`, in its order. */
export const rankFigures = ['auc', 'averagePrecision'] as const;

/** Pairs (positive, negative) inside each group that the positive wins, ties one half. */
function winsWithinGroups(groupCount: number, { labels, groups, runs }: Ranking): Float64Array {
  const wins = new Float64Array(groupCount);
  const above = new Int32Array(groupCount);
  const tied = new Int32Array(groupCount);
  for (let run = 0; run + 1 < runs.length; run++) {
    const start = runs[run] ?? 0;
    const end = runs[run + 1] ?? 0;
    for (let at = start; at < end; at++) add(tied, groups[at] ?? 0, labels[at] ?? 0);
    for (let at = start; at < end; at++) {
      const group = groups[at] ?? 0;
      if (labels[at] === 0) add(wins, group, (above[group] ?? 0) + (tied[group] ?? 0) / 2);
    }
    for (let at = start; at < end; at++) {
      if (labels[at] !== 1) continue;
      add(above, groups[at] ?? 0, 1);
      tied[groups[at] ?? 0] = 0;
    }
  }
  return wins;
}

/** AUC without each group, exactly: the pairs that the group takes part in are taken off. */
function aucWithoutGroups(set: ScoredSet, ranking: Ranking): Float64Array {
  const { auc, values } = placements(set);
  const lost = winsWithinGroups(set.groupCount, ranking).map((within) => -within);
  const positives = new Int32Array(set.groupCount);
  const negatives = new Int32Array(set.groupCount);
  set.labels.forEach((label, item) => {
    const group = set.groups[item] ?? 0;
    add(lost, group, (values[item] ?? 0) * (label === 1 ? set.negatives : set.positives));
    add(label === 1 ? positives : negatives, group, 1);
  });
  const wins = auc * set.positives * set.negatives;
  return lost.map((pairs, group) => {
    const left = (set.positives - (positives[group] ?? 0)) * (set.negatives - (negatives[group] ?? 0));
    return left > 0 ? (wins - pairs) / left : Number.NaN;
  });
}

/**
 * Average precision without each group, to first order (the derivative by the weight of each item, summed per group):
 * exact values would take one pass over all items per group.
 */
function averagePrecisionWithoutGroups(set: ScoredSet, { labels, groups, runs }: Ranking): Float64Array {
  const runCount = runs.length - 1;
  const precision = new Float64Array(runCount);
  const byPositive = new Float64Array(runCount + 1);
  const byNegative = new Float64Array(runCount + 1);
  const gains = new Float64Array(runCount);
  let above = 0;
  let total = 0;
  for (let run = 0; run < runCount; run++) {
    const end = runs[run + 1] ?? 0;
    for (let at = runs[run] ?? 0; at < end; at++) add(gains, run, labels[at] ?? 0);
    above += gains[run] ?? 0;
    precision[run] = above / end;
    total += (gains[run] ?? 0) * (above / end);
  }
  // From the last run upwards: what one more positive or negative at this run changes in the precision from here on.
  let truePositives = above;
  for (let run = runCount - 1; run >= 0; run--) {
    const end = runs[run + 1] ?? 0;
    const gain = gains[run] ?? 0;
    byPositive[run] = (byPositive[run + 1] ?? 0) + (gain * (end - truePositives)) / (end * end);
    byNegative[run] = (byNegative[run + 1] ?? 0) - (gain * truePositives) / (end * end);
    truePositives -= gain;
  }
  const average = total / set.positives;
  const values = new Float64Array(set.groupCount).fill(average);
  for (let run = 0; run < runCount; run++) {
    const positiveEffect = (precision[run] ?? 0) + (byPositive[run] ?? 0) - average;
    for (let at = runs[run] ?? 0; at < (runs[run + 1] ?? 0); at++) {
      const effect = labels[at] === 1 ? positiveEffect : (byNegative[run] ?? 0);
      add(values, groups[at] ?? 0, -effect / set.positives);
    }
  }
  return values;
}

/** AUC and average precision of a set under group weights: one pass over the presorted items. */
export function rankStatistic(set: ScoredSet): WeightedStatistic {
  const ranking = rank(set);
  const { labels, groups, runs } = ranking;
  return {
    size: rankFigures.length,
    cost: labels.length,
    compute(weights, out, offset) {
      let positives = 0;
      let negatives = 0;
      let wins = 0;
      let gained = 0;
      let at = 0;
      for (let run = 1; run < runs.length; run++) {
        const end = runs[run] ?? 0;
        let positivesHere = 0;
        let negativesHere = 0;
        for (; at < end; at++) {
          const weight = weights[groups[at] ?? 0] ?? 0;
          if (labels[at] === 1) positivesHere += weight;
          else negativesHere += weight;
        }
        wins += negativesHere * (positives + positivesHere / 2);
        positives += positivesHere;
        negatives += negativesHere;
        if (positivesHere > 0) gained += (positivesHere * positives) / (positives + negatives);
      }
      const defined = positives > 0 && negatives > 0;
      out[offset] = defined ? wins / (positives * negatives) : Number.NaN;
      out[offset + 1] = defined ? gained / positives : Number.NaN;
    },
    leaveOneGroupOut(out) {
      if (set.positives === 0 || set.negatives === 0) {
        out.fill(Number.NaN);
        return;
      }
      const aucs = aucWithoutGroups(set, ranking);
      const averages = averagePrecisionWithoutGroups(set, ranking);
      for (let group = 0; group < set.groupCount; group++) {
        out[2 * group] = aucs[group] ?? Number.NaN;
        out[2 * group + 1] = averages[group] ?? Number.NaN;
      }
    },
  };
}

/** Partial AUC, plain and standardised, over the false positive rates 0..`to`, under group weights. */
export function partialAucStatistic(set: ScoredSet, to: number): WeightedStatistic {
  const { labels, groups, runs } = rank(set);
  return {
    size: 2,
    cost: 2 * labels.length,
    compute(weights, out, offset) {
      let positives = 0;
      let negatives = 0;
      labels.forEach((label, at) => {
        const weight = weights[groups[at] ?? 0] ?? 0;
        if (label === 1) positives += weight;
        else negatives += weight;
      });
      const limit = to * negatives;
      let truePositives = 0;
      let falsePositives = 0;
      let area = 0;
      let at = 0;
      for (let run = 1; run < runs.length && falsePositives < limit; run++) {
        const end = runs[run] ?? 0;
        let positivesHere = 0;
        let negativesHere = 0;
        for (; at < end; at++) {
          const weight = weights[groups[at] ?? 0] ?? 0;
          if (labels[at] === 1) positivesHere += weight;
          else negativesHere += weight;
        }
        const used = Math.min(negativesHere, limit - falsePositives);
        if (used > 0) area += used * (truePositives + (positivesHere * used) / negativesHere / 2);
        truePositives += positivesHere;
        falsePositives += negativesHere;
      }
      const plain = area / (positives * negatives);
      out[offset] = plain;
      out[offset + 1] = standardisePartialArea(plain, 0, to);
    },
  };
}
