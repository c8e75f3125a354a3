import { type AfrocPoint, afrocCurve, freeResponseRatings } from '../detection/afroc.js';
import { type FrocPoint, frocCurve } from '../detection/froc.js';
import { findHits, ribFracRule } from '../detection/hits.js';
import { type LesionPrecisionPoint, lesionPrecisionCurve } from '../detection/lesion-precision.js';
import { type PrecisionRecallPoint, precisionRecallCurve, type RocPoint, rocCurve } from '../roc/curve.js';
import { makeScoredSet, type ScoredSet } from '../roc/scored-set.js';
import type { EvaluationCases } from './cases.js';
import type { Settled } from './evaluate-options.js';

/** ROC and precision-recall curve; null where a class is missing. */
export interface RankCurves {
  readonly roc: readonly RocPoint[] | null;
  readonly precisionRecall: readonly PrecisionRecallPoint[] | null;
}

/** Curves of located lesions. */
export interface LesionCurves {
  readonly froc: readonly FrocPoint[];
  /** By the rules of the RibFrac challenge; null for images. */
  readonly ribFrac: readonly FrocPoint[] | null;
  readonly precisionRecall: readonly LesionPrecisionPoint[];
  /** Empty without normal images. */
  readonly wafroc: readonly AfrocPoint[];
}

/** The points of the curves that plots show; null where there is none. */
export interface EvaluationCurves extends RankCurves {
  readonly lesions: LesionCurves | null;
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

function lesionCurves({ boxes }: EvaluationCases, { hitRule }: Settled): LesionCurves | null {
  if (boxes === null || !boxes.set.truth.crowd.some((crowd) => crowd === 0)) return null;
  const hits = findHits(boxes.set, hitRule);
  const volumes = boxes.set.dimensions === 3;
  return {
    froc: frocCurve(hits),
    ribFrac: volumes ? frocCurve(findHits(boxes.set, ribFracRule)) : null,
    precisionRecall: lesionPrecisionCurve(hits),
    wafroc: afrocCurve(freeResponseRatings(hits), 'afroc', true),
  };
}

/** All curves of the cases. */
export function evaluationCurves(
  cases: EvaluationCases,
  set: ScoredSet | null,
  options: Settled,
): EvaluationCurves {
  return { ...ofSet(set), lesions: lesionCurves(cases, options) };
}
