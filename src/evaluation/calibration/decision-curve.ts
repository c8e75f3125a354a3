import type { WeightedStatistic } from '../bootstrap/weighted-statistic.js';
import type { ScoredSet } from '../roc/scored-set.js';
import { add } from '../typed-array.js';

/** Threshold probabilities of the curve: 0.01 to 0.99. */
export const decisionThresholds = Array.from({ length: 99 }, (_, index) => (index + 1) / 100);

/**
 * Net benefit of treating those whose score reaches a threshold probability: true positives per item, less false
 * positives weighed by the odds of the threshold. Treating nobody has net benefit 0.
 *
 * Source: Vickers AJ, Elkin EB. Med Decis Making 2006;26:565-574.
 */
export function netBenefit(
  truePositives: number,
  falsePositives: number,
  items: number,
  threshold: number,
): number {
  return truePositives / items - ((falsePositives / items) * threshold) / (1 - threshold);
}

/** Number of thresholds that a score reaches. */
function reached(score: number): number {
  let count = Math.min(decisionThresholds.length, Math.max(0, Math.floor(score * 100)));
  // 0.29 * 100 is 28.999...: the comparison itself decides at the edges.
  if (count < decisionThresholds.length && score >= (decisionThresholds[count] ?? 1)) count++;
  if (count > 0 && score < (decisionThresholds[count - 1] ?? 0)) count--;
  return count;
}

/**
 * Net benefit of the scores at each threshold, then of treating everybody at each threshold, under group weights.
 * The scores must be probabilities.
 */
export function decisionCurveStatistic(set: ScoredSet): WeightedStatistic {
  const levels = decisionThresholds.length;
  const levelOf = Int32Array.from(set.scores, reached);
  const positives = new Float64Array(levels + 1);
  const negatives = new Float64Array(levels + 1);
  return {
    size: 2 * levels,
    cost: set.labels.length + 4 * levels,
    compute(weights, out, offset) {
      positives.fill(0);
      negatives.fill(0);
      for (let item = 0; item < levelOf.length; item++) {
        const weight = weights[set.groups[item] ?? 0] ?? 0;
        if (weight > 0) add(set.labels[item] === 1 ? positives : negatives, levelOf[item] ?? 0, weight);
      }
      const allPositives = positives.reduce((sum, count) => sum + count, 0);
      const allNegatives = negatives.reduce((sum, count) => sum + count, 0);
      const items = allPositives + allNegatives;
      let truePositives = 0;
      let falsePositives = 0;
      for (let index = levels - 1; index >= 0; index--) {
        const threshold = decisionThresholds[index] ?? 0;
        truePositives += positives[index + 1] ?? 0;
        falsePositives += negatives[index + 1] ?? 0;
        out[offset + index] = netBenefit(truePositives, falsePositives, items, threshold);
        out[offset + levels + index] = netBenefit(allPositives, allNegatives, items, threshold);
      }
    },
  };
}
