import type { LesionLevel } from '../detection/detection.schema.js';
import type { EvaluationData } from '../evaluation.schema.js';
import type { ScoredSet } from '../roc/scored-set.js';
import type { CalledPoint } from '../subgroups/breakdown-options.js';

/** What the notes are made from. */
export interface NoteFacts {
  readonly data: EvaluationData;
  readonly set: ScoredSet | null;
  readonly points: readonly CalledPoint[];
  readonly lesions: LesionLevel | null;
  readonly typesOfUnknownClass: number;
  readonly calibrationObstacle: string | null;
  readonly hitRule: string;
}

function dataNotes({ data }: NoteFacts): string[] {
  const { refused, withoutPrediction, withoutTruth, matched, filteredOut, repeated } = data;
  const handling = {
    exclude: 'left out, which can flatter the reader',
    positive: 'counted as positive',
    negative: 'counted as negative',
  };
  const ofPositives = refused.positives === null ? '' : `, ${refused.positives} of them positive`;
  const byName = matched.byFileName + matched.byNameWithoutExtension;
  return [
    data.simulated
      ? 'The truth or a model rests on simulated images only: nothing here holds for patients.'
      : null,
    refused.count > 0
      ? `${refused.count} image(s) were refused by the reader${ofPositives}; they are ${handling[refused.handling]}.`
      : null,
    withoutPrediction.count > 0
      ? `${withoutPrediction.count} image(s) without a prediction are left out.`
      : null,
    withoutTruth.count > 0
      ? `${withoutTruth.count} prediction(s) name no image of the truth and are left out.`
      : null,
    byName > 0
      ? `${byName} prediction(s) were brought to their image by file name, not by the full id.`
      : null,
    filteredOut > 0 ? `${filteredOut} image(s) do not meet the conditions of --where.` : null,
    repeated > 0 ? `${repeated} repeated image(s) are counted once.` : null,
  ].filter((note) => note !== null);
}

function classificationNotes({ set, points, calibrationObstacle }: NoteFacts): string[] {
  if (set === null) return ['There are no labels or no scores of images: only types or boxes are measured.'];
  const oneClass = set.positives === 0 ? 'negative' : set.negatives === 0 ? 'positive' : null;
  return [
    oneClass === null
      ? null
      : `All ${set.labels.length} images are ${oneClass}: AUC and all that needs both classes are not given.`,
    points.length > 0
      ? null
      : 'No operating point: sensitivity, specificity and all that needs a threshold are not given. Fix one with --thresholds, or choose it on other images with --threshold-rule.',
    calibrationObstacle === null ? null : `Calibration is not given: ${calibrationObstacle}.`,
  ].filter((note) => note !== null);
}

function lesionNotes({ lesions, hitRule, typesOfUnknownClass }: NoteFacts): string[] {
  const unknown =
    typesOfUnknownClass > 0
      ? `${typesOfUnknownClass} lesion(s) or image(s) are of a type that the model does not know; they are left out of the types.`
      : null;
  if (lesions === null) return unknown === null ? [] : [unknown];
  const ends = lesions.froc.points.some(({ reached }) => !reached);
  return [
    `A detection finds a lesion when ${hitRule}; false positives are counted over all ${lesions.images} images, ${lesions.normalImages} normal ones included.`,
    ends
      ? `The FROC curve ends at ${lesions.froc.end.toFixed(3)} false positives per image; beyond, the sensitivity at its end is given.`
      : null,
    lesions.categoriesMerged
      ? 'The predictions name no categories: all categories of the truth were taken for one.'
      : null,
    unknown,
  ].filter((note) => note !== null);
}

/** What a reader of the numbers must know. */
export function evaluationNotes(facts: NoteFacts): string[] {
  return [...dataNotes(facts), ...classificationNotes(facts), ...lesionNotes(facts)];
}
