import type { CalibrationFigures } from '../calibration/calibration.schema.js';
import { calibrationFigures, calibrationObstacle } from '../calibration/calibration-figures.js';
import type { LesionLevel } from '../detection/detection.schema.js';
import { describeHitRule } from '../detection/hits.js';
import { lesionLevel } from '../detection/lesion-level.js';
import type { Evaluation } from '../evaluation.schema.js';
import { makeScoredSet, numberGroups, type ScoredSet } from '../roc/scored-set.js';
import { breakDown } from '../subgroups/breakdown.js';
import type { CalledPoint } from '../subgroups/breakdown-options.js';
import type { Breakdown } from '../subgroups/subgroups.schema.js';
import { typeFigures } from '../types/type-figures.js';
import { makeTypedSet } from '../types/typed-set.js';
import type { TypeFigures } from '../types/types.schema.js';
import type { EvaluationCases } from './cases.js';
import { classificationLevel, groupItems } from './classification-level.js';
import { type EvaluationCurves, evaluationCurves } from './curves.js';
import { type EvaluateOptions, type Settled, settle } from './evaluate-options.js';
import { columnOf } from './image-filter.js';
import { lesionTypes } from './lesion-types.js';
import { evaluationNotes } from './notes.js';
import { calledPoints, shownDetections } from './operating-points.js';

/** The measured parts of an evaluation, and the curves behind its plots. */
export interface Measured {
  readonly parts: Pick<
    Evaluation,
    'imageLevel' | 'groupLevel' | 'lesionLevel' | 'types' | 'calibration' | 'breakdowns' | 'notes'
  >;
  readonly points: readonly CalledPoint[];
  readonly curves: EvaluationCurves;
}

function measureLesions(cases: EvaluationCases, options: Settled): LesionLevel | null {
  const { boxes } = cases;
  if (boxes === null) return null;
  const { groups, groupNames } = numberGroups(cases.groups);
  const oneScale = cases.data.predictions.kind === 'coco-results';
  const thresholds = options.boxThresholds ?? (oneScale ? options.thresholds : []);
  return lesionLevel(
    boxes.set,
    { groups, groupCount: groupNames.length },
    {
      ...options,
      points: shownDetections(cases, thresholds),
      spacing: boxes.spacing,
      categoriesMerged: boxes.categoriesMerged,
    },
  );
}

function measureTypes(
  cases: EvaluationCases,
  options: Settled,
): { types: TypeFigures | null; unknown: number } {
  const typed =
    cases.types ?? (cases.boxes === null ? null : lesionTypes(cases.boxes, cases.groups, options.hitRule));
  if (typed === null) return { types: null, unknown: 0 };
  return { types: typeFigures(makeTypedSet(typed.classes, typed.items), options), unknown: typed.unknown };
}

function measureCalibration(
  set: ScoredSet | null,
  options: Settled,
): { calibration: CalibrationFigures | null; obstacle: string | null } {
  if (set === null) return { calibration: null, obstacle: null };
  const obstacle = calibrationObstacle(set);
  if (obstacle !== null) return { calibration: null, obstacle };
  return { calibration: calibrationFigures(set, { ...options, bins: options.calibrationBins }), obstacle };
}

function breakDowns(
  cases: EvaluationCases,
  set: ScoredSet | null,
  points: readonly CalledPoint[],
  options: Settled,
): Breakdown[] {
  if (set === null) return [];
  const boxes = cases.boxes === null ? null : { set: cases.boxes.set, hitRule: options.hitRule };
  return options.by.map((column) => {
    options.onStage?.(`broken down by ${column}`);
    return breakDown(column, columnOf(cases.columns, column), set, boxes, { ...options, points });
  });
}

/**
 * Measures everything that the cases allow. What they do not allow is null, with a note.
 *
 * @throws LUC_EVALUATION_COLUMN_MISSING for a column of `by` that is not there; LUC_EVALUATION_ARGUMENT for options out
 *   of range
 */
export function evaluateCases(cases: EvaluationCases, given: EvaluateOptions = {}): Measured {
  const options = settle(given);
  for (const column of options.by) columnOf(cases.columns, column);
  const { labels, scores } = cases;
  const set = labels === null || scores === null ? null : makeScoredSet(scores, labels, cases.groups);
  const points = set === null ? [] : calledPoints(cases, options.thresholds, options.columnThresholds);
  options.onStage?.('images');
  const imageLevel = set === null ? null : classificationLevel('image', set, points, options);
  const grouped = set !== null && set.groupCount < set.labels.length ? groupItems(set, points) : null;
  options.onStage?.('groups');
  const groupLevel =
    grouped === null ? null : classificationLevel('group', grouped.set, grouped.points, options);
  options.onStage?.('lesions');
  const lesions = measureLesions(cases, options);
  options.onStage?.('types');
  const { types, unknown } = measureTypes(cases, options);
  options.onStage?.('calibration');
  const { calibration, obstacle } = measureCalibration(set, options);
  const breakdowns = breakDowns(cases, set, points, options);
  const notes = evaluationNotes({
    data: cases.data,
    set,
    points,
    lesions,
    typesOfUnknownClass: unknown,
    calibrationObstacle: obstacle,
    hitRule: describeHitRule(options.hitRule),
  });
  return {
    parts: { imageLevel, groupLevel, lesionLevel: lesions, types, calibration, breakdowns, notes },
    points,
    curves: evaluationCurves(cases, set, options),
  };
}
