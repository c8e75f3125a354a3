import type { WeightedStatistic } from '../bootstrap/weighted-statistic.js';
import { orderDescending } from '../order.js';
import { add } from '../typed-array.js';
import { falsePositive, type HitTable } from './hits.js';

/**
 * Ratings of a free-response study: the score of the best mark on each lesion, and of the highest false mark on each
 * image; -Infinity where there is no mark.
 */
export interface FreeResponseRatings {
  readonly imageCount: number;
  readonly lesionImage: Int32Array;
  readonly lesionRatings: Float64Array;
  /** Highest false positive of every image. */
  readonly falseRatings: Float64Array;
  readonly lesionsPerImage: Int32Array;
  /** 1 for images without lesion and without crowd. */
  readonly normal: Uint8Array;
}

export function freeResponseRatings(table: HitTable): FreeResponseRatings {
  const lesionRatings = new Float64Array(table.lesionImage.length).fill(Number.NEGATIVE_INFINITY);
  const falseRatings = new Float64Array(table.imageCount).fill(Number.NEGATIVE_INFINITY);
  table.outcome.forEach((lesion, detection) => {
    const score = table.scores[detection] ?? 0;
    const ratings = lesion >= 0 ? lesionRatings : falseRatings;
    const at = lesion >= 0 ? lesion : (table.detectionImage[detection] ?? 0);
    if (lesion >= 0 || lesion === falsePositive) ratings[at] = Math.max(ratings[at] ?? 0, score);
  });
  const lesionsPerImage = new Int32Array(table.imageCount);
  for (const image of table.lesionImage) add(lesionsPerImage, image, 1);
  const { imageCount, lesionImage, normal } = table;
  return { imageCount, lesionImage, lesionRatings, falseRatings, lesionsPerImage, normal };
}

/** Which images give the false positives: the normal ones only (AFROC), or all of them (AFROC1). */
export type AfrocKind = 'afroc' | 'afroc1';

interface Entries {
  readonly scores: Float64Array;
  readonly groups: Int32Array;
  /** Weight as a lesion; 0 for an image. */
  readonly asLesion: Float64Array;
  /** Weight as an image that false positives are counted on; 0 for a lesion. */
  readonly asImage: Float64Array;
}

/** Lesions and images by falling rating. */
function entries(
  ratings: FreeResponseRatings,
  groupOfImage: Int32Array,
  kind: AfrocKind,
  weighted: boolean,
): Entries {
  const { lesionImage, lesionRatings, falseRatings, lesionsPerImage, normal } = ratings;
  const images = Int32Array.from(falseRatings.keys()).filter(
    (image) => kind === 'afroc1' || normal[image] === 1,
  );
  const scores = new Float64Array(lesionRatings.length + images.length);
  scores.set(lesionRatings);
  images.forEach((image, at) => {
    scores[lesionRatings.length + at] = falseRatings[image] ?? 0;
  });
  const order = orderDescending(scores);
  const imageAt = (entry: number) =>
    (entry < lesionRatings.length ? lesionImage[entry] : images[entry - lesionRatings.length]) ?? 0;
  return {
    scores: Float64Array.from(order, (entry) => scores[entry] ?? 0),
    groups: Int32Array.from(order, (entry) => groupOfImage[imageAt(entry)] ?? 0),
    asLesion: Float64Array.from(order, (entry) => {
      if (entry >= lesionRatings.length) return 0;
      return weighted ? 1 / (lesionsPerImage[imageAt(entry)] ?? 1) : 1;
    }),
    asImage: Float64Array.from(order, (entry) => (entry < lesionRatings.length ? 0 : 1)),
  };
}

/**
 * Area under the AFROC curve (lesions found against images with a false positive) under group weights: the chance that
 * a lesion is rated above the highest false positive of an image, ties one half, an unmarked lesion tying with an
 * unmarked image. `weighted` (wAFROC) lets every diseased image count alike, however many lesions it has.
 *
 * Source: Chakraborty DP, Zhai X. Med Phys 2016;43:2548-2557; Chakraborty DP, Observer Performance Methods for
 * Diagnostic Imaging, 2017, ch. 13-14.
 * @param groupOfImage group of every image, 0..groupCount - 1
 */
export function afrocStatistic(
  ratings: FreeResponseRatings,
  groupOfImage: Int32Array,
  kind: AfrocKind,
  weighted: boolean,
): WeightedStatistic {
  const { scores, groups, asLesion, asImage } = entries(ratings, groupOfImage, kind, weighted);
  return {
    size: 1,
    cost: scores.length,
    compute(weights, out, offset) {
      let lesions = 0;
      let images = 0;
      let wins = 0;
      for (let at = 0; at < scores.length; ) {
        const score = scores[at];
        let lesionsHere = 0;
        let imagesHere = 0;
        for (; at < scores.length && scores[at] === score; at++) {
          const weight = weights[groups[at] ?? 0] ?? 0;
          lesionsHere += weight * (asLesion[at] ?? 0);
          imagesHere += weight * (asImage[at] ?? 0);
        }
        wins += imagesHere * (lesions + lesionsHere / 2);
        lesions += lesionsHere;
        images += imagesHere;
      }
      out[offset] = lesions > 0 && images > 0 ? wins / (lesions * images) : Number.NaN;
    },
  };
}

export interface AfrocPoint {
  /** Marks rated at least this count; Infinity for the first point, -Infinity where unmarked ones are counted too. */
  readonly threshold: number;
  /** Share of images with a false mark. */
  readonly falsePositiveFraction: number;
  /** Share of lesions found; `weighted`, the mean over diseased images of the share of their lesions found. */
  readonly lesionFraction: number;
}

/**
 * The AFROC (or, `weighted`, the wAFROC) curve from (0, 0) to (1, 1). The last segment belongs to lesions and images
 * without any mark. Empty without lesions or without images to count on.
 */
export function afrocCurve(ratings: FreeResponseRatings, kind: AfrocKind, weighted: boolean): AfrocPoint[] {
  const { scores, asLesion, asImage } = entries(ratings, new Int32Array(ratings.imageCount), kind, weighted);
  const total = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0);
  const [lesions, images] = [total(asLesion), total(asImage)];
  if (lesions === 0 || images === 0) return [];
  const points: AfrocPoint[] = [
    { threshold: Number.POSITIVE_INFINITY, falsePositiveFraction: 0, lesionFraction: 0 },
  ];
  let [found, marked] = [0, 0];
  scores.forEach((score, at) => {
    found += asLesion[at] ?? 0;
    marked += asImage[at] ?? 0;
    if (scores[at + 1] === score) return;
    points.push({
      threshold: score,
      falsePositiveFraction: marked / images,
      lesionFraction: found / lesions,
    });
  });
  return points;
}

/** Area under the AFROC (or, `weighted`, the wAFROC) curve; NaN without lesions or without images to count on. */
export function afrocArea(ratings: FreeResponseRatings, kind: AfrocKind, weighted: boolean): number {
  const everyImage = new Int32Array(ratings.imageCount);
  const out = new Float64Array(1);
  afrocStatistic(ratings, everyImage, kind, weighted).compute(new Int32Array(1).fill(1), out, 0);
  return out[0] ?? Number.NaN;
}
