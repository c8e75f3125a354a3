import { describe, expect, it } from 'vitest';
import { bootstrapGroups } from '../bootstrap/bootstrap.js';
import { computeOnce, type WeightedStatistic } from '../bootstrap/weighted-statistic.js';
import { afrocStatistic, freeResponseRatings } from './afroc.js';
import { rankCategories } from './coco-ap.js';
import { cocoStatistic } from './coco-statistic.js';
import { frocStatistic } from './froc.js';
import { findHits } from './hits.js';
import { iou50, simulate } from './lesions.fixture.js';

describe('coverage of the bootstrap intervals of lesion figures by simulation', () => {
  it('average precision, FROC sensitivity at 0.25 false positives per image, wAFROC', {
    timeout: 400_000,
  }, () => {
    const large = simulate({ seed: 1, images: 60_000, imagesPerGroup: 1, detect: 0.8 });
    const values = (plan: ReturnType<typeof simulate>): [WeightedStatistic, number][] => {
      const table = findHits(plan.set, iou50);
      return [
        [cocoStatistic(rankCategories(plan.set), plan.groups), 1],
        [frocStatistic(table, plan.groups, [0.25], 'step'), 0],
        [afrocStatistic(freeResponseRatings(table), plan.groups, 'afroc', true), 0],
      ];
    };
    const everyImage = (statistic: WeightedStatistic) => computeOnce(statistic, large.groupCount);
    const truths = values(large).map(([statistic, at]) => everyImage(statistic)[at] ?? 0);
    const covered = [0, 0, 0];
    const runs = 300;
    for (let run = 0; run < runs; run++) {
      const plan = simulate({ seed: 5000 + run, images: 240, imagesPerGroup: 1, detect: 0.8 });
      values(plan).forEach(([statistic, at], index) => {
        const figure = bootstrapGroups([statistic], plan.groupCount, { replicates: 200, seed: run })[at];
        const { lower, upper } = figure?.bca ?? { lower: null, upper: null };
        const truth = truths[index] ?? 0;
        if (lower !== null && upper !== null && lower <= truth && truth <= upper)
          covered[index] = (covered[index] ?? 0) + 1;
      });
    }
    for (const hits of covered) {
      expect(hits / runs).toBeGreaterThan(0.93);
      expect(hits / runs).toBeLessThan(0.97);
    }
  });
});
