import { rank } from './ranking.js';
import { requireBothClasses, type ScoredSet } from './scored-set.js';

/** What calling positive everything that scores at least `threshold` gives. */
export interface CutPoint {
  /** Infinity for the first point, where nothing is called positive; else a score that occurs. */
  readonly threshold: number;
  readonly truePositives: number;
  readonly falsePositives: number;
}

/** Every distinct cut of a set, from "nothing is positive" to "everything is positive". */
export function cutPoints(set: ScoredSet): CutPoint[] {
  const { order, labels, runs } = rank(set);
  const points: CutPoint[] = [{ threshold: Number.POSITIVE_INFINITY, truePositives: 0, falsePositives: 0 }];
  let truePositives = 0;
  for (let run = 0; run + 1 < runs.length; run++) {
    const end = runs[run + 1] ?? 0;
    for (let at = runs[run] ?? 0; at < end; at++) truePositives += labels[at] ?? 0;
    const threshold = set.scores[order[end - 1] ?? 0] ?? 0;
    points.push({ threshold, truePositives, falsePositives: end - truePositives });
  }
  return points;
}

export interface RocPoint {
  readonly threshold: number;
  readonly falsePositiveRate: number;
  readonly sensitivity: number;
}

/**
 * The empirical ROC curve, from (0, 0) to (1, 1), one point per distinct score.
 *
 * @throws LUC_EVALUATION_ONE_CLASS
 */
export function rocCurve(set: ScoredSet): RocPoint[] {
  requireBothClasses(set, 'the ROC curve');
  return cutPoints(set).map(({ threshold, truePositives, falsePositives }) => ({
    threshold,
    falsePositiveRate: falsePositives / set.negatives,
    sensitivity: truePositives / set.positives,
  }));
}

export interface PrecisionRecallPoint {
  readonly threshold: number;
  readonly recall: number;
  readonly precision: number;
}

/**
 * Precision and recall at each distinct score, highest first.
 *
 * @throws LUC_EVALUATION_ONE_CLASS
 */
export function precisionRecallCurve(set: ScoredSet): PrecisionRecallPoint[] {
  requireBothClasses(set, 'the precision-recall curve');
  return cutPoints(set)
    .slice(1)
    .map(({ threshold, truePositives, falsePositives }) => ({
      threshold,
      recall: truePositives / set.positives,
      precision: truePositives / (truePositives + falsePositives),
    }));
}

/**
 * Average precision: the sum over distinct scores of (recall gained) x (precision there), without interpolation,
 * which would flatter.
 *
 * Source: Davis J, Goadrich M. ICML 2006:233-240; as scikit-learn's `average_precision_score`.
 * @throws LUC_EVALUATION_ONE_CLASS
 */
export function averagePrecision(set: ScoredSet): number {
  let previousRecall = 0;
  let sum = 0;
  for (const { recall, precision } of precisionRecallCurve(set)) {
    sum += (recall - previousRecall) * precision;
    previousRecall = recall;
  }
  return sum;
}
