import { type Ranking, rank } from './ranking.js';
import { requireBothClasses, type ScoredSet } from './scored-set.js';

/**
 * Placement of every item: for a positive the fraction of negatives that it beats, for a negative the fraction of
 * positives that beat it, ties counting one half. The mean over either class is the AUC (Mann-Whitney).
 */
export interface Placements {
  readonly auc: number;
  /** One per item of the set, in its order. */
  readonly values: Float64Array;
}

function placementsOf(set: ScoredSet, { order, labels, runs }: Ranking): Placements {
  const values = new Float64Array(order.length);
  let positivesAbove = 0;
  let negativesAbove = 0;
  let wins = 0;
  for (let run = 0; run + 1 < runs.length; run++) {
    const start = runs[run] ?? 0;
    const end = runs[run + 1] ?? 0;
    let positivesHere = 0;
    for (let at = start; at < end; at++) positivesHere += labels[at] ?? 0;
    const negativesHere = end - start - positivesHere;
    const beaten = set.negatives - negativesAbove - negativesHere / 2;
    const beating = positivesAbove + positivesHere / 2;
    for (let at = start; at < end; at++) {
      values[order[at] ?? 0] = labels[at] === 1 ? beaten / set.negatives : beating / set.positives;
    }
    wins += positivesHere * beaten;
    positivesAbove += positivesHere;
    negativesAbove += negativesHere;
  }
  return { auc: wins / (set.positives * set.negatives), values };
}

/** @throws LUC_EVALUATION_ONE_CLASS */
export function placements(set: ScoredSet): Placements {
  requireBothClasses(set, 'the AUC');
  return placementsOf(set, rank(set));
}

/**
 * Area under the empirical ROC curve: the chance that a random positive scores above a random negative, ties counting
 * one half.
 *
 * @throws LUC_EVALUATION_ONE_CLASS
 */
export function auc(set: ScoredSet): number {
  return placements(set).auc;
}
