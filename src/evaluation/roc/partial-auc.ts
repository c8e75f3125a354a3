import { LucencyError } from '../../core/errors.js';
import { type RocPoint, rocCurve } from './curve.js';
import type { ScoredSet } from './scored-set.js';

/** Area under the straight lines between the points of a ROC curve, for false positive rates from `from` to `to`. */
export function areaBetween(
  points: readonly Pick<RocPoint, 'falsePositiveRate' | 'sensitivity'>[],
  from: number,
  to: number,
): number {
  let area = 0;
  for (let index = 1; index < points.length; index++) {
    const a = points[index - 1];
    const b = points[index];
    if (!a || !b || b.falsePositiveRate <= a.falsePositiveRate) continue;
    const left = Math.max(a.falsePositiveRate, from);
    const right = Math.min(b.falsePositiveRate, to);
    if (right <= left) continue;
    const slope = (b.sensitivity - a.sensitivity) / (b.falsePositiveRate - a.falsePositiveRate);
    const middle = a.sensitivity + slope * ((left + right) / 2 - a.falsePositiveRate);
    area += middle * (right - left);
  }
  return area;
}

export interface PartialAuc {
  /** The area itself: at most `to - from`. */
  readonly area: number;
  /** McClish's standardised area: 0.5 for chance, 1 for a perfect curve. */
  readonly standardised: number;
}

/** McClish's standardisation of a partial area over the false positive rates `from` to `to`. */
export function standardisePartialArea(area: number, from: number, to: number): number {
  const least = (to * to - from * from) / 2;
  return (1 + (area - least) / (to - from - least)) / 2;
}

/**
 * Partial AUC over the false positive rates `from`..`to` (specificity 1 - to .. 1 - from).
 *
 * Source: McClish DK. Med Decis Making 1989;9:190-195.
 * @throws LUC_EVALUATION_ONE_CLASS, LUC_EVALUATION_ARGUMENT unless 0 <= from < to <= 1
 */
export function partialAuc(set: ScoredSet, from: number, to: number): PartialAuc {
  if (!(from >= 0 && from < to && to <= 1)) {
    throw new LucencyError('LUC_EVALUATION_ARGUMENT', {
      reason: `${from} to ${to} is no range of false positive rates`,
    });
  }
  const area = areaBetween(rocCurve(set), from, to);
  return { area, standardised: standardisePartialArea(area, from, to) };
}

/**
 * Partial AUC over the sensitivities `from`..`to`: the same area seen from the other axis, which is the curve of the
 * swapped classes.
 *
 * @throws as `partialAuc`
 */
export function partialAucBySensitivity(set: ScoredSet, from: number, to: number): PartialAuc {
  const swapped: ScoredSet = {
    ...set,
    scores: set.scores.map((score) => -score),
    labels: set.labels.map((label) => 1 - label),
    positives: set.negatives,
    negatives: set.positives,
  };
  return partialAuc(swapped, 1 - to, 1 - from);
}
