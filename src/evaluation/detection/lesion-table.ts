import type { WeightedStatistic } from '../bootstrap/weighted-statistic.js';
import { add } from '../typed-array.js';
import { falsePositive, type HitTable } from './hits.js';

/** What is found, missed and falsely marked by the detections that are shown. */
export interface LesionTable {
  readonly found: number;
  readonly missed: number;
  readonly falsePositives: number;
}

interface GroupCounts {
  readonly images: Int32Array;
  readonly lesions: Int32Array;
  readonly found: Int32Array;
  readonly falsePositives: Int32Array;
}

function countByGroup(
  table: HitTable,
  shown: Uint8Array,
  groupOfImage: Int32Array,
  groupCount: number,
): GroupCounts {
  const counts: GroupCounts = {
    images: new Int32Array(groupCount),
    lesions: new Int32Array(groupCount),
    found: new Int32Array(groupCount),
    falsePositives: new Int32Array(groupCount),
  };
  const groupOf = (image: number | undefined) => groupOfImage[image ?? 0] ?? 0;
  for (const group of groupOfImage) add(counts.images, group, 1);
  for (const image of table.lesionImage) add(counts.lesions, groupOf(image), 1);
  const seen = new Uint8Array(table.lesionImage.length);
  table.outcome.forEach((lesion, detection) => {
    if (shown[detection] === 0) return;
    const group = groupOf(table.detectionImage[detection]);
    if (lesion === falsePositive) add(counts.falsePositives, group, 1);
    if (lesion < 0 || seen[lesion] === 1) return;
    seen[lesion] = 1;
    add(counts.found, group, 1);
  });
  return counts;
}

/** Counts when the detections with a 1 in `shown` are shown. */
export function lesionTableOf(table: HitTable, shown: Uint8Array): LesionTable {
  const counts = countByGroup(table, shown, new Int32Array(table.imageCount), 1);
  const found = counts.found[0] ?? 0;
  return { found, missed: (counts.lesions[0] ?? 0) - found, falsePositives: counts.falsePositives[0] ?? 0 };
}

/** Figures of `lesionTableStatistic`, in its order. */
export const lesionTableFigures = ['recall', 'precision', 'f1', 'falsePositivesPerImage'] as const;

/** Recall, precision, F1 and false positives per image of the detections shown, under group weights. */
export function lesionTableStatistic(
  table: HitTable,
  shown: Uint8Array,
  groupOfImage: Int32Array,
  groupCount: number,
): WeightedStatistic {
  const { images, lesions, found, falsePositives } = countByGroup(table, shown, groupOfImage, groupCount);
  return {
    size: lesionTableFigures.length,
    cost: 4 * groupCount,
    compute(weights, out, offset) {
      let imageSum = 0;
      let lesionSum = 0;
      let foundSum = 0;
      let falseSum = 0;
      for (let group = 0; group < weights.length; group++) {
        const weight = weights[group] ?? 0;
        imageSum += weight * (images[group] ?? 0);
        lesionSum += weight * (lesions[group] ?? 0);
        foundSum += weight * (found[group] ?? 0);
        falseSum += weight * (falsePositives[group] ?? 0);
      }
      out[offset] = foundSum / lesionSum;
      out[offset + 1] = foundSum / (foundSum + falseSum);
      out[offset + 2] = (2 * foundSum) / (foundSum + falseSum + lesionSum);
      out[offset + 3] = falseSum / imageSum;
    },
  };
}
