import { LucencyError } from '../../core/errors.js';
import { orderDescending } from '../order.js';
import type { BoxSet } from './box-set.js';
import {
  type AreaRange,
  areaRangeNames,
  type CategoryMatches,
  detectionsPerImage,
  iouThresholds,
  matchCategory,
} from './coco-match.js';

/** The 101 recall levels at which precision is read, with numpy's rounding. */
export const recallLevels = Array.from({ length: 101 }, (_, index) => (index === 100 ? 1 : index * 0.01));

/** One category, its detections also in the order of falling score over all images. */
export interface RankedCategory extends CategoryMatches {
  readonly order: Uint32Array;
}

/** Matches every category of a set of images; ties in score stay in the order of the images. */
export function rankCategories(set: BoxSet): RankedCategory[] {
  if (set.dimensions !== 2) {
    throw new LucencyError('LUC_EVALUATION_ARGUMENT', {
      reason: 'COCO average precision is for images, not for volumes',
    });
  }
  return Array.from({ length: set.categoryCount }, (_, category) => {
    const matches = matchCategory(set, category);
    return { ...matches, order: orderDescending(matches.scores) };
  });
}

/** Lesions that count in a range of areas. */
function lesionCount(category: CategoryMatches, range: AreaRange): number {
  return category.ranges[range].lesionsPerImage.reduce((sum, count) => sum + count, 0);
}

/**
 * Mean over the recall levels of the best precision at that recall or beyond: `truePositives` and `precisions` are
 * those of each detection that is right, by falling score.
 */
export function interpolatedPrecision(
  truePositives: ArrayLike<number>,
  precisions: Float64Array,
  count: number,
  lesions: number,
): number {
  for (let at = count - 2; at >= 0; at--) {
    if ((precisions[at + 1] ?? 0) > (precisions[at] ?? 0)) precisions[at] = precisions[at + 1] ?? 0;
  }
  let sum = 0;
  let at = 0;
  for (const level of recallLevels) {
    while (at < count && (truePositives[at] ?? 0) / lesions < level) at++;
    if (at === count) break;
    sum += precisions[at] ?? 0;
  }
  return sum / recallLevels.length;
}

/** Average precision of one category at each of the ten thresholds; null without lesions that count. */
function averagePrecisions(category: RankedCategory, range: AreaRange): number[] | null {
  const lesions = lesionCount(category, range);
  if (lesions === 0) return null;
  const { matched, ignored } = category.ranges[range];
  return iouThresholds.map((_, threshold) => {
    const bit = 1 << threshold;
    const truePositives: number[] = [];
    const precisions: number[] = [];
    let right = 0;
    let counted = 0;
    for (const at of category.order) {
      if (((ignored[at] ?? 0) & bit) !== 0) continue;
      counted++;
      if (((matched[at] ?? 0) & bit) === 0) continue;
      right++;
      truePositives.push(right);
      // pycocotools adds the machine epsilon to the denominator; so do we, to agree to the last digit.
      precisions.push(right / (counted + Number.EPSILON));
    }
    return interpolatedPrecision(truePositives, Float64Array.from(precisions), right, lesions);
  });
}

/** Share of lesions found at each threshold by the `limit` highest scored detections of each image. */
function recalls(category: RankedCategory, range: AreaRange, limit: number): number[] | null {
  const lesions = lesionCount(category, range);
  if (lesions === 0) return null;
  const { matched } = category.ranges[range];
  const right = new Float64Array(iouThresholds.length);
  matched.forEach((mask, at) => {
    if (mask === 0 || (category.rankOf[at] ?? 0) >= limit) return;
    for (let threshold = 0; threshold < right.length; threshold++) {
      if ((mask & (1 << threshold)) !== 0) right[threshold] = (right[threshold] ?? 0) + 1;
    }
  });
  return [...right].map((count) => count / lesions);
}

/** Mean over categories (those with lesions) and over the given thresholds; null when no category has lesions. */
function meanOver(
  perCategory: readonly (readonly number[] | null)[],
  thresholds: readonly number[],
): number | null {
  const values = perCategory.flatMap((values) =>
    values === null ? [] : thresholds.map((at) => values[at] ?? 0),
  );
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The twelve figures of COCO's box evaluation; null where no lesion counts (pycocotools prints -1). */
export interface CocoSummary {
  /** Mean over IoU .50, .55, ... .95. */
  readonly ap: number | null;
  readonly ap50: number | null;
  readonly ap75: number | null;
  readonly apSmall: number | null;
  readonly apMedium: number | null;
  readonly apLarge: number | null;
  /** Mean recall with 1, 10 and 100 detections per image. */
  readonly ar1: number | null;
  readonly ar10: number | null;
  readonly ar100: number | null;
  readonly arSmall: number | null;
  readonly arMedium: number | null;
  readonly arLarge: number | null;
}

/** Summary of categories that were matched before. */
export function summariseCategories(categories: readonly RankedCategory[]): CocoSummary {
  const every = iouThresholds.map((_, index) => index);
  const precisions = new Map(
    areaRangeNames.map((range) => [range, categories.map((each) => averagePrecisions(each, range))]),
  );
  const ap = (range: AreaRange, thresholds: readonly number[] = every) =>
    meanOver(precisions.get(range) ?? [], thresholds);
  const ar = (range: AreaRange, limit: number) =>
    meanOver(
      categories.map((each) => recalls(each, range, limit)),
      every,
    );
  return {
    ap: ap('all'),
    ap50: ap('all', [0]),
    ap75: ap('all', [5]),
    apSmall: ap('small'),
    apMedium: ap('medium'),
    apLarge: ap('large'),
    ar1: ar('all', 1),
    ar10: ar('all', 10),
    ar100: ar('all', detectionsPerImage),
    arSmall: ar('small', detectionsPerImage),
    arMedium: ar('medium', detectionsPerImage),
    arLarge: ar('large', detectionsPerImage),
  };
}

/**
 * COCO's average precision and recall of boxes, digit by digit as pycocotools computes them: 101 recall levels, at most
 * 100 detections per image and category, IoU .50:.05:.95, crowds ignored, ties in the order of the images. The one
 * difference: a true box with the id 0 counts as any other, where pycocotools takes it for unmatched.
 *
 * Source: Lin TY et al. ECCV 2014; COCO detection evaluation.
 * @throws LUC_EVALUATION_ARGUMENT for volumes
 */
export function cocoSummary(set: BoxSet): CocoSummary {
  return summariseCategories(rankCategories(set));
}
