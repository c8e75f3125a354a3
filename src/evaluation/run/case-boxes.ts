import { LucencyError } from '../../core/errors.js';
import { type DetectedBox, makeBoxSet, type TruthBox } from '../detection/box-set.js';
import type { Detection, Prediction, Predictions } from '../read/predictions.js';
import type { Truth, TruthImage, TruthLesion } from '../read/truth.js';
import type { CaseBoxes } from './cases.js';
import type { ColumnTable } from './image-filter.js';

/** One image that takes part, with its prediction (null: nothing detected). */
export interface Pair {
  readonly number: number;
  readonly image: TruthImage;
  readonly prediction: Prediction | null;
}

/** Spacing in mm by axis: of the image table where it states one, else of the reading. */
function spacingOf(
  { number, prediction }: Pair,
  columns: ColumnTable,
  dimensions: 2 | 3,
): readonly number[] | null {
  const cell = (name: string) => {
    const value = Number(columns.get(name)?.[number] || Number.NaN);
    return value > 0 ? value : null;
  };
  const [row, column] = [cell('row_spacing_mm'), cell('column_spacing_mm')];
  const inPlane = row !== null && column !== null ? ([row, column] as const) : (prediction?.spacing ?? null);
  if (inPlane === null) return null;
  const axes = [inPlane[1], inPlane[0]];
  if (dimensions === 2) return axes;
  const slice = cell('slice_spacing_mm');
  return slice === null ? null : [...axes, slice];
}

function categoryOf(
  detection: Detection,
  categories: Truth['categories'],
  merged: boolean,
  path: string,
): number {
  if (merged || detection.category === null) return 0;
  const index = categories.findIndex(({ id }) => id === detection.category);
  if (index >= 0 || categories.length === 0) return Math.max(0, index);
  throw new LucencyError('LUC_EVALUATION_CATEGORY', { path, category: detection.category });
}

/**
 * The boxes of the images that take part. Categories are merged into one when the predictions name none.
 *
 * @throws LUC_EVALUATION_CATEGORY, LUC_EVALUATION_BOX
 */
export function caseBoxes(
  pairs: readonly Pair[],
  truth: Truth,
  predictions: Predictions,
  columns: ColumnTable,
): CaseBoxes {
  const anyUnnamed = predictions.items.some(({ detections }) =>
    detections.some(({ category }) => category === null),
  );
  const merged = truth.categories.length > 1 && anyUnnamed;
  const lesions: { image: number; lesion: TruthLesion }[] = [];
  const detections: { image: number; detection: Detection }[] = [];
  pairs.forEach(({ image, prediction }, number) => {
    for (const lesion of image.lesions) lesions.push({ image: number, lesion });
    for (const detection of prediction?.detections ?? []) detections.push({ image: number, detection });
  });
  const truthBoxes = lesions.map(({ image, lesion }): TruthBox => {
    const { box, area, crowd, category } = lesion;
    return { image, box, area, crowd, category: merged ? 0 : category };
  });
  const detected = detections.map(({ image, detection }): DetectedBox => {
    const category = categoryOf(detection, truth.categories, merged, predictions.file.path);
    return { image, box: detection.box, score: detection.score, category };
  });
  const volumes =
    lesions[0] === undefined ? (detections[0]?.detection.box.length ?? 4) === 6 : truth.dimensions === 3;
  const dimensions = volumes ? 3 : 2;
  return {
    set: makeBoxSet(pairs.length, truthBoxes, detected, dimensions),
    certainty: detections.map(({ detection }) => detection.certainty),
    detectionTypes: detections.map(({ detection }) => detection.type),
    lesionTypes: lesions.map(({ lesion }) => lesion.type),
    spacing: pairs.map((pair) => spacingOf(pair, columns, dimensions)),
    categoriesMerged: merged,
  };
}
