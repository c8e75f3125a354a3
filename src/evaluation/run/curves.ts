import { type DecisionPoint, decisionCurve } from '../calibration/calibration-figures.js';
import { type FrocPoint, frocCurve } from '../detection/froc.js';
import { findHits } from '../detection/hits.js';
import { type PrecisionRecallPoint, precisionRecallCurve, type RocPoint, rocCurve } from '../roc/curve.js';
import { makeScoredSet, type ScoredSet } from '../roc/scored-set.js';
import type { EvaluationCases } from './cases.js';
import type { Settled } from './evaluate-options.js';

/** ROC and precision-recall curve; null where a class is missing. */
export interface RankCurves {
  readonly roc: readonly RocPoint[] | null;
  readonly precisionRecall: readonly PrecisionRecallPoint[] | null;
}

/** The points of the curves that plots show; null where there is none. */
export interface EvaluationCurves extends RankCurves {
  readonly froc: readonly FrocPoint[] | null;
  readonly decision: readonly DecisionPoint[] | null;
}

function hasBothClasses(set: ScoredSet | null): set is ScoredSet {
  return set !== null && set.positives > 0 && set.negatives > 0;
}

function ofSet(set: ScoredSet | null): RankCurves {
  if (!hasBothClasses(set)) return { roc: null, precisionRecall: null };
  return { roc: rocCurve(set), precisionRecall: precisionRecallCurve(set) };
}

/** The curves that need nothing but scores. */
export function rankCurves({ labels, scores }: EvaluationCases): RankCurves {
  return ofSet(labels === null || scores === null ? null : makeScoredSet(scores, labels));
}

/** All curves of the cases; the decision curve only where the scores are probabilities. */
export function evaluationCurves(
  cases: EvaluationCases,
  set: ScoredSet | null,
  probabilities: boolean,
  options: Settled,
): EvaluationCurves {
  const lesions = cases.boxes?.set.truth.crowd.some((crowd) => crowd === 0) ?? false;
  return {
    ...ofSet(set),
    froc: cases.boxes !== null && lesions ? frocCurve(findHits(cases.boxes.set, options.hitRule)) : null,
    decision: hasBothClasses(set) && probabilities ? decisionCurve(set, options) : null,
  };
}
