import type { WeightedStatistic } from '../bootstrap/weighted-statistic.js';
import type { BoxSet } from './box-set.js';
import type { BoxHits } from './hits.js';
import { overlap } from './overlap.js';

/** How far the best detection of one lesion lies from it. */
export interface LocalisationError {
  readonly image: number;
  /** Distance of the centres, in pixels (voxels). */
  readonly pixels: number;
  /** In millimetres; NaN where the image states no spacing. */
  readonly millimetres: number;
  readonly overlap: number;
}

/**
 * Distance of the centres for every lesion found, from its highest scored detection among those shown.
 *
 * @param spacing of every image, mm per pixel by axis (x, y[, z]); null where it is not known
 */
export function localisationErrors(
  set: BoxSet,
  hits: BoxHits,
  shown: Uint8Array,
  spacing: readonly (readonly number[] | null)[],
): LocalisationError[] {
  const best = new Int32Array(hits.lesionImage.length).fill(-1);
  hits.outcome.forEach((lesion, detection) => {
    if (lesion < 0 || shown[detection] === 0) return;
    const current = best[lesion] ?? -1;
    if (current < 0 || (hits.scores[detection] ?? 0) > (hits.scores[current] ?? 0)) best[lesion] = detection;
  });
  const { dimensions } = set;
  const centre = (boxes: Float64Array, item: number, axis: number) =>
    (boxes[item * 2 * dimensions + axis] ?? 0) + (boxes[item * 2 * dimensions + dimensions + axis] ?? 0) / 2;
  return [...best].flatMap((detection, lesion) => {
    if (detection < 0) return [];
    const image = hits.lesionImage[lesion] ?? 0;
    const item = hits.truthItem[lesion] ?? 0;
    const perAxis = Array.from({ length: dimensions }, (_, axis) => {
      return centre(set.detections.boxes, detection, axis) - centre(set.truth.boxes, item, axis);
    });
    const millimetres = spacing[image];
    return [
      {
        image,
        pixels: Math.hypot(...perAxis),
        millimetres: millimetres
          ? Math.hypot(...perAxis.map((d, axis) => d * (millimetres[axis] ?? Number.NaN)))
          : Number.NaN,
        overlap: overlap(set, detection, item),
      },
    ];
  });
}

/** Figures of `localisationStatistic`, in its order. */
export const localisationFigures = [
  'meanPixels',
  'medianPixels',
  'meanMillimetres',
  'medianMillimetres',
  'meanOverlap',
] as const;

interface Measured {
  readonly groups: Int32Array;
  /** Ascending. */
  readonly values: Float64Array;
}

function measured(
  errors: readonly LocalisationError[],
  groupOfImage: Int32Array,
  value: (error: LocalisationError) => number,
): Measured {
  const known = errors.filter((error) => Number.isFinite(value(error))).sort((a, b) => value(a) - value(b));
  return {
    groups: Int32Array.from(known, ({ image }) => groupOfImage[image] ?? 0),
    values: Float64Array.from(known, value),
  };
}

function weightedMean({ groups, values }: Measured, weights: Int32Array): number {
  let total = 0;
  let sum = 0;
  for (let at = 0; at < values.length; at++) {
    const weight = weights[groups[at] ?? 0] ?? 0;
    total += weight;
    sum += weight * (values[at] ?? 0);
  }
  return sum / total;
}

/** Middle value; the mean of the two middle ones when the total weight is even. */
function weightedMedian({ groups, values }: Measured, weights: Int32Array): number {
  let total = 0;
  for (const group of groups) total += weights[group] ?? 0;
  if (total === 0) return Number.NaN;
  let passed = 0;
  let lower = Number.NaN;
  for (let at = 0; at < values.length; at++) {
    passed += weights[groups[at] ?? 0] ?? 0;
    if (Number.isNaN(lower) && 2 * passed >= total) lower = values[at] ?? 0;
    if (2 * passed > total) return (lower + (values[at] ?? 0)) / 2;
  }
  return lower;
}

/** Mean and median distance of the centres and mean overlap, under group weights; NaN without lesions found. */
export function localisationStatistic(
  errors: readonly LocalisationError[],
  groupOfImage: Int32Array,
): WeightedStatistic {
  const pixels = measured(errors, groupOfImage, (error) => error.pixels);
  const millimetres = measured(errors, groupOfImage, (error) => error.millimetres);
  const overlaps = measured(errors, groupOfImage, (error) => error.overlap);
  return {
    size: localisationFigures.length,
    cost: 7 * errors.length,
    compute(weights, out, offset) {
      out[offset] = weightedMean(pixels, weights);
      out[offset + 1] = weightedMedian(pixels, weights);
      out[offset + 2] = weightedMean(millimetres, weights);
      out[offset + 3] = weightedMedian(millimetres, weights);
      out[offset + 4] = weightedMean(overlaps, weights);
    },
  };
}
