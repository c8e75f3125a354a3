import type { WeightedStatistic } from '../bootstrap/weighted-statistic.js';
import { interpolatedPrecision, type RankedCategory } from './coco-ap.js';
import { type AreaRange, allThresholds, detectionsPerImage, iouThresholds } from './coco-match.js';

/** Figures of `cocoStatistic`, in its order. */
export const cocoBootstrapFigures = [
  'ap',
  'ap50',
  'ap75',
  'apSmall',
  'apMedium',
  'apLarge',
  'ar1',
  'ar10',
  'ar100',
  'arSmall',
  'arMedium',
  'arLarge',
] as const;

const recallLimits = [1, 10, detectionsPerImage] as const;

/** One category in one area range: its detections by falling score, up to the last that is right at any threshold. */
interface Listed {
  readonly groups: Int32Array;
  readonly matched: Uint16Array;
  readonly ignored: Uint16Array;
  /** Rank of each detection in its image. */
  readonly ranks: Uint8Array;
  readonly lesionGroups: Int32Array;
  readonly lesionCounts: Int32Array;
}

/** What lies below the last right detection cannot change a precision at a recall that is reached: it is dropped. */
function list(category: RankedCategory, range: AreaRange, groupOfImage: Int32Array): Listed {
  const { matched, ignored, lesionsPerImage } = category.ranges[range];
  const order = category.order;
  let end = order.length;
  while (end > 0 && (matched[order[end - 1] ?? 0] ?? 0) === 0) end--;
  const counted = order.subarray(0, end).filter((at) => (ignored[at] ?? 0) !== allThresholds);
  const images = Int32Array.from(lesionsPerImage.keys()).filter((image) => (lesionsPerImage[image] ?? 0) > 0);
  return {
    groups: Int32Array.from(counted, (at) => groupOfImage[category.imageOf[at] ?? 0] ?? 0),
    matched: Uint16Array.from(counted, (at) => matched[at] ?? 0),
    ignored: Uint16Array.from(counted, (at) => ignored[at] ?? 0),
    ranks: Uint8Array.from(counted, (at) => category.rankOf[at] ?? 0),
    lesionGroups: images.map((image) => groupOfImage[image] ?? 0),
    lesionCounts: images.map((image) => lesionsPerImage[image] ?? 0),
  };
}

/** Room for the right detections of one threshold. */
interface Curve {
  readonly truePositives: Float64Array;
  readonly precisions: Float64Array;
  points: number;
  right: number;
  passedOver: number;
}

function makeCurves(lists: readonly Listed[]): Curve[] {
  const longest = lists.reduce((most, { groups }) => Math.max(most, groups.length), 0);
  return iouThresholds.map(() => ({
    truePositives: new Float64Array(longest),
    precisions: new Float64Array(longest),
    points: 0,
    right: 0,
    passedOver: 0,
  }));
}

/** Fills the curves with the right detections of a list under group weights. */
function trace({ groups, matched, ignored }: Listed, weights: Int32Array, curves: readonly Curve[]): void {
  for (const curve of curves) {
    curve.points = 0;
    curve.right = 0;
    curve.passedOver = 0;
  }
  let counted = 0;
  for (let at = 0; at < groups.length; at++) {
    const weight = weights[groups[at] ?? 0] ?? 0;
    if (weight === 0) continue;
    counted += weight;
    const right = matched[at] ?? 0;
    const passed = ignored[at] ?? 0;
    if ((right | passed) === 0) continue;
    for (let bit = 0; bit < curves.length; bit++) {
      const curve = curves[bit];
      if (curve === undefined) continue;
      if (((passed >> bit) & 1) === 1) curve.passedOver += weight;
      else if (((right >> bit) & 1) === 1) {
        curve.right += weight;
        curve.truePositives[curve.points] = curve.right;
        curve.precisions[curve.points] = curve.right / (counted - curve.passedOver);
        curve.points++;
      }
    }
  }
}

function lesionWeight({ lesionGroups, lesionCounts }: Listed, weights: Int32Array): number {
  let lesions = 0;
  for (let at = 0; at < lesionGroups.length; at++) {
    lesions += (weights[lesionGroups[at] ?? 0] ?? 0) * (lesionCounts[at] ?? 0);
  }
  return lesions;
}

function bitCount(mask: number): number {
  let count = 0;
  for (let rest = mask; rest !== 0; rest &= rest - 1) count++;
  return count;
}

/** Recall of the `limit` best detections per image, mean over thresholds and over the categories with lesions. */
function meanRecall(ofRange: readonly Listed[], limit: number, weights: Int32Array): number {
  let sum = 0;
  let used = 0;
  for (const each of ofRange) {
    const lesions = lesionWeight(each, weights);
    if (lesions === 0) continue;
    used++;
    let found = 0;
    for (let at = 0; at < each.matched.length; at++) {
      const mask = each.matched[at] ?? 0;
      if (mask !== 0 && (each.ranks[at] ?? 0) < limit)
        found += (weights[each.groups[at] ?? 0] ?? 0) * bitCount(mask);
    }
    sum += found / iouThresholds.length / lesions;
  }
  return sum / used;
}

/**
 * COCO average precision (mean, .50, .75, small, medium, large) and recall (1, 10, 100 detections, small, medium,
 * large) under group weights. Boxes are matched once, image by
 * image: a resample only weighs the images anew. An image drawn twice counts as two images with the same boxes.
 *
 * @param groupOfImage group of every image, 0..groupCount - 1
 */
export function cocoStatistic(
  categories: readonly RankedCategory[],
  groupOfImage: Int32Array,
): WeightedStatistic {
  const ranges = ['all', 'small', 'medium', 'large'] as const;
  const lists = ranges.map((range) => categories.map((category) => list(category, range, groupOfImage)));
  const curves = makeCurves(lists.flat());
  const perThreshold = new Float64Array(iouThresholds.length);
  /** Average precision at each threshold, mean over the categories with lesions; NaN without lesions. */
  const averages = (ofRange: readonly Listed[], weights: Int32Array): Float64Array => {
    perThreshold.fill(0);
    let used = 0;
    for (const each of ofRange) {
      const lesions = lesionWeight(each, weights);
      if (lesions === 0) continue;
      used++;
      trace(each, weights, curves);
      curves.forEach((curve, at) => {
        const average = interpolatedPrecision(curve.truePositives, curve.precisions, curve.points, lesions);
        perThreshold[at] = (perThreshold[at] ?? 0) + average;
      });
    }
    return perThreshold.map((sum) => sum / used);
  };
  const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length;
  return {
    size: cocoBootstrapFigures.length,
    cost: lists.flat().reduce((sum, { groups }) => sum + 2 * groups.length + 1000, 0),
    compute(weights, out, offset) {
      lists.forEach((ofRange, index) => {
        const values = averages(ofRange, weights);
        if (index === 0) {
          out[offset] = mean(values);
          out[offset + 1] = values[0] ?? Number.NaN;
          out[offset + 2] = values[5] ?? Number.NaN;
        } else out[offset + 2 + index] = mean(values);
      });
      lists.forEach((ofRange, index) => {
        if (index === 0) {
          recallLimits.forEach((limit, at) => {
            out[offset + 6 + at] = meanRecall(ofRange, limit, weights);
          });
        } else out[offset + 8 + index] = meanRecall(ofRange, detectionsPerImage, weights);
      });
    },
  };
}
