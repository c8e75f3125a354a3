import { LucencyError } from '../../core/errors.js';
import { type Certainty, positiveVerdicts, type Verdict } from '../../core/reading.js';
import { callsAt } from '../confusion/table.js';
import type { ShownDetections } from '../detection/lesion-level.js';
import type { NamedThreshold } from '../operating-point.schema.js';
import { nameSome } from '../read/unique-ids.js';
import { makeScoredSet } from '../roc/scored-set.js';
import { chooseThreshold, parseThresholdRule } from '../roc/threshold-rules.js';
import type { CalledPoint } from '../subgroups/breakdown-options.js';
import type { EvaluationCases } from './cases.js';
import type { ColumnThreshold } from './evaluate-options.js';
import { columnOf } from './image-filter.js';

const byVerdict = {
  threshold: null,
  rule: 'verdict of the reading',
  chosenOn: 'see the cards of the models',
} as const;
const verdictPoints: readonly {
  name: string;
  verdicts: readonly Verdict[];
  certainties: readonly Certainty[];
}[] = [
  { name: 'definite', verdicts: positiveVerdicts, certainties: ['definite'] },
  { name: 'doubtful', verdicts: [...positiveVerdicts, 'doubt'], certainties: ['definite', 'doubtful'] },
];

/** Thresholds that were fixed before the evaluation. */
export function fixedThresholds(values: readonly number[]): NamedThreshold[] {
  return values.map((threshold) => ({
    name: `threshold ${threshold}`,
    threshold,
    rule: 'fixed beforehand',
    chosenOn: 'none: given',
  }));
}

/** Thresholds by value in words: "hand 0.1, leg 0.06, others 0.07". */
function byValueWords({ threshold, byValue }: ColumnThreshold): string {
  return [...byValue, ['others', threshold] as const].map(([value, at]) => `${value} ${at}`).join(', ');
}

function callByColumn(cases: EvaluationCases, scores: Float64Array, point: ColumnThreshold): CalledPoint {
  const { name, rule, chosenOn, threshold, column, byValue } = point;
  if (column === null) return { name, rule, chosenOn, threshold, calls: callsAt(scores, threshold) };
  const values = columnOf(cases.columns, column);
  const limit = (item: number) => byValue.get(values[item] ?? '') ?? threshold;
  return {
    name,
    rule: `${rule}; by ${column}: ${byValueWords(point)}`,
    chosenOn,
    threshold: null,
    calls: Uint8Array.from(scores, (score, item) => (score >= limit(item) ? 1 : 0)),
  };
}

/**
 * What every image is called at each operating point: by its verdict, by thresholds that differ by a column, then by
 * each threshold.
 *
 * @throws LUC_EVALUATION_COLUMN_MISSING
 */
export function calledPoints(
  cases: EvaluationCases,
  thresholds: readonly NamedThreshold[],
  columnThresholds: readonly ColumnThreshold[] = [],
): CalledPoint[] {
  const { verdicts, scores } = cases;
  const refusedCall = cases.data.refused.handling === 'positive' ? 1 : 0;
  const ofVerdicts =
    verdicts === null
      ? []
      : verdictPoints.map(({ name, verdicts: positive }) => ({
          ...byVerdict,
          name,
          calls: Uint8Array.from(verdicts, (verdict) =>
            verdict === 'refused' ? refusedCall : verdict !== null && positive.includes(verdict) ? 1 : 0,
          ),
        }));
  const ofThresholds =
    scores === null
      ? []
      : thresholds.map((point) => ({
          ...point,
          calls: callsAt(scores, point.threshold ?? Number.POSITIVE_INFINITY),
        }));
  const ofColumns =
    scores === null ? [] : columnThresholds.map((point) => callByColumn(cases, scores, point));
  return [...ofVerdicts, ...ofColumns, ...ofThresholds];
}

/** Which detections are shown at each operating point: by their certainty, then by each threshold on the box score. */
export function shownDetections(
  cases: EvaluationCases,
  thresholds: readonly NamedThreshold[],
): ShownDetections[] {
  const { boxes } = cases;
  if (boxes === null) return [];
  const known = boxes.certainty.some((certainty) => certainty !== null) || cases.verdicts !== null;
  const ofCertainty = known
    ? verdictPoints.map(({ name, certainties }) => ({
        ...byVerdict,
        name,
        shown: Uint8Array.from(boxes.certainty, (certainty) =>
          certainty !== null && certainties.includes(certainty) ? 1 : 0,
        ),
      }))
    : [];
  const ofThresholds = thresholds.map((point) => ({
    ...point,
    shown: callsAt(boxes.set.detections.scores, point.threshold ?? Number.POSITIVE_INFINITY),
  }));
  return [...ofCertainty, ...ofThresholds];
}

function requireApart(calibration: readonly string[], reported: readonly string[], kind: string): void {
  const known = new Set(reported);
  const shared = [...new Set(calibration)].filter((name) => known.has(name));
  if (shared.length === 0) return;
  throw new LucencyError('LUC_EVALUATION_THRESHOLD_SET_OVERLAP', {
    count: shared.length,
    kind,
    ids: nameSome(shared),
  });
}

/**
 * Chooses thresholds by named rules on a set that shares neither image nor group with the set reported.
 *
 * @param description of the set, for the report
 * @throws LUC_EVALUATION_THRESHOLD_SET_OVERLAP, LUC_EVALUATION_THRESHOLD_RULE, LUC_EVALUATION_THRESHOLD_UNREACHABLE,
 *   LUC_EVALUATION_ONE_CLASS
 */
export function chooseThresholds(
  rules: readonly string[],
  calibration: EvaluationCases,
  reported: EvaluationCases,
  description: string,
): NamedThreshold[] {
  requireApart(calibration.ids, reported.ids, 'image');
  requireApart(calibration.groups, reported.groups, 'group');
  const { scores, labels } = calibration;
  if (scores === null || labels === null) {
    throw new LucencyError('LUC_EVALUATION_NO_CASES', {
      reason: 'the set of the thresholds has no scores or no labels',
    });
  }
  const set = makeScoredSet(scores, labels);
  return rules.map((rule) => ({
    name: rule,
    threshold: chooseThreshold(set, parseThresholdRule(rule)),
    rule,
    chosenOn: `${description} (${set.labels.length} images, ${set.positives} positive)`,
  }));
}
