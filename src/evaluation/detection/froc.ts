import type { WeightedStatistic } from '../bootstrap/weighted-statistic.js';
import { orderDescending } from '../order.js';
import { falsePositive, type HitTable } from './hits.js';

/** False positives per image at which sensitivity is read, by convention (LUNA16, and .125 to 8 since). */
export const frocRates = [0.125, 0.25, 0.5, 1, 2, 4, 8] as const;
/** Those of the RibFrac challenge, per scan. */
export const ribFracRates = [0.5, 1, 2, 4, 8] as const;

/**
 * How sensitivity is read between two operating points of the curve: `step` takes the last point that stays within the
 * rate (what the detector can really do), `linear` the straight line between the points (as the RibFrac challenge).
 */
export type FrocReading = 'step' | 'linear';

/** What counts for curves, by falling score: false positives, and the best detection of each lesion found. */
export interface ScoredEvents {
  readonly scores: Float64Array;
  readonly images: Int32Array;
  /** 1 for the best detection of a lesion, 0 for a false positive. */
  readonly found: Uint8Array;
}

export function scoredEvents(table: HitTable): ScoredEvents {
  const seen = new Uint8Array(table.lesionImage.length);
  const events = orderDescending(table.scores).filter((detection) => {
    const lesion = table.outcome[detection] ?? 0;
    if (lesion < 0) return lesion === falsePositive;
    const first = seen[lesion] !== 1;
    seen[lesion] = 1;
    return first;
  });
  return {
    scores: Float64Array.from(events, (detection) => table.scores[detection] ?? 0),
    images: Int32Array.from(events, (detection) => table.detectionImage[detection] ?? 0),
    found: Uint8Array.from(events, (detection) => ((table.outcome[detection] ?? 0) >= 0 ? 1 : 0)),
  };
}

export interface FrocPoint {
  /** Detections that score at least this much are shown; Infinity for the first point, where none is. */
  readonly threshold: number;
  /** Mean over ALL images, normal ones included. */
  readonly falsePositivesPerImage: number;
  /** Share of lesions found. */
  readonly sensitivity: number;
}

/** The FROC curve, one point per distinct score, from (0, 0). Without lesions the sensitivity is NaN. */
export function frocCurve(table: HitTable): FrocPoint[] {
  const { scores, found } = scoredEvents(table);
  const points: FrocPoint[] = [
    { threshold: Number.POSITIVE_INFINITY, falsePositivesPerImage: 0, sensitivity: 0 },
  ];
  let lesions = 0;
  let falsePositives = 0;
  scores.forEach((score, at) => {
    if (found[at] === 1) lesions++;
    else falsePositives++;
    if (scores[at + 1] === score) return;
    points.push({
      threshold: score,
      falsePositivesPerImage: falsePositives / table.imageCount,
      sensitivity: lesions / table.lesionImage.length,
    });
  });
  return points;
}

/**
 * Sensitivity at each rate of false positives per image, under group weights, then their mean. A rate beyond the end of
 * the curve is given the sensitivity at its end.
 *
 * @param groupOfImage group of every image, 0..groupCount - 1
 */
export function frocStatistic(
  table: HitTable,
  groupOfImage: Int32Array,
  rates: readonly number[],
  reading: FrocReading,
): WeightedStatistic {
  const { scores, images, found } = scoredEvents(table);
  const groups = images.map((image) => groupOfImage[image] ?? 0);
  const lesionGroups = table.lesionImage.map((image) => groupOfImage[image] ?? 0);
  const weightOf = (members: Int32Array, weights: Int32Array) => {
    let sum = 0;
    for (let at = 0; at < members.length; at++) sum += weights[members[at] ?? 0] ?? 0;
    return sum;
  };
  return {
    size: rates.length + 1,
    cost: groups.length + lesionGroups.length + groupOfImage.length,
    compute(weights, out, offset) {
      const imageCount = weightOf(groupOfImage, weights);
      const lesionCount = weightOf(lesionGroups, weights);
      let lesions = 0;
      let falsePositives = 0;
      let reached = 0;
      let total = 0;
      const settle = (sensitivity: number) => {
        out[offset + reached] = sensitivity / lesionCount;
        total += sensitivity / lesionCount;
        reached++;
      };
      for (let at = 0; at < groups.length && reached < rates.length; ) {
        const lesionsBefore = lesions;
        const falseBefore = falsePositives;
        const score = scores[at];
        for (; at < groups.length && scores[at] === score; at++) {
          const weight = weights[groups[at] ?? 0] ?? 0;
          if (found[at] === 1) lesions += weight;
          else falsePositives += weight;
        }
        while (reached < rates.length && falsePositives > (rates[reached] ?? 0) * imageCount) {
          const share = ((rates[reached] ?? 0) * imageCount - falseBefore) / (falsePositives - falseBefore);
          settle(reading === 'step' ? lesionsBefore : lesionsBefore + share * (lesions - lesionsBefore));
        }
      }
      while (reached < rates.length) settle(lesions);
      out[offset + rates.length] = total / rates.length;
    },
  };
}
