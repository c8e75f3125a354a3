import type { WeightedStatistic } from '../bootstrap/weighted-statistic.js';
import { scoredEvents } from './froc.js';
import type { HitTable } from './hits.js';

/** What showing every detection that scores at least `threshold` gives. */
export interface LesionPrecisionPoint {
  readonly threshold: number;
  /** Share of lesions found. */
  readonly recall: number;
  /** Share of marks that find a lesion; further marks on a lesion that is found count neither way. */
  readonly precision: number;
}

/** Precision and recall of located lesions at each distinct score, highest first; empty without lesions. */
export function lesionPrecisionCurve(table: HitTable): LesionPrecisionPoint[] {
  const { scores, found } = scoredEvents(table);
  const lesions = table.lesionImage.length;
  if (lesions === 0) return [];
  const points: LesionPrecisionPoint[] = [];
  let right = 0;
  scores.forEach((score, at) => {
    right += found[at] ?? 0;
    if (scores[at + 1] === score) return;
    points.push({ threshold: score, recall: right / lesions, precision: right / (at + 1) });
  });
  return points;
}

/**
 * Area under the precision-recall curve of located lesions, without interpolation, under group weights. It differs from
 * COCO's average precision, which counts a second mark on a lesion as false and interpolates.
 *
 * @param groupOfImage group of every image, 0..groupCount - 1
 */
export function lesionPrecisionStatistic(table: HitTable, groupOfImage: Int32Array): WeightedStatistic {
  const { scores, images, found } = scoredEvents(table);
  const groups = images.map((image) => groupOfImage[image] ?? 0);
  const lesionGroups = table.lesionImage.map((image) => groupOfImage[image] ?? 0);
  return {
    size: 1,
    cost: groups.length + lesionGroups.length,
    compute(weights, out, offset) {
      let lesions = 0;
      for (const group of lesionGroups) lesions += weights[group] ?? 0;
      let right = 0;
      let marks = 0;
      let sum = 0;
      for (let at = 0; at < scores.length; ) {
        const score = scores[at];
        const before = right;
        for (; at < scores.length && scores[at] === score; at++) {
          const weight = weights[groups[at] ?? 0] ?? 0;
          marks += weight;
          if (found[at] === 1) right += weight;
        }
        if (right > before) sum += ((right - before) * right) / marks;
      }
      out[offset] = lesions > 0 ? sum / lesions : Number.NaN;
    },
  };
}
