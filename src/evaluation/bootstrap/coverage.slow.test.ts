import { describe, expect, it } from 'vitest';
import { averagePrecision } from '../roc/curve.js';
import { rankStatistic } from '../roc/rank-statistic.js';
import { meanStatistic, simulate } from './bootstrap.fixture.js';
import { bootstrapGroups } from './bootstrap.js';
import { createRandom } from './random.js';

describe('coverage of the bootstrap interval by simulation', { timeout: 400_000 }, () => {
  function coverage(runs: number, covers: (run: number) => boolean): number {
    let covered = 0;
    for (let run = 0; run < runs; run++) if (covers(run)) covered++;
    return covered / runs;
  }

  it('mean of a skewed distribution', () => {
    const share = coverage(700, (run) => {
      const random = createRandom(200_000 + run);
      const values = Array.from({ length: 120 }, () => -Math.log(1 - random.uniform()));
      const [mean] = bootstrapGroups([meanStatistic(values)], values.length, { replicates: 500, seed: run });
      return (mean?.bca.lower ?? 2) <= 1 && 1 <= (mean?.bca.upper ?? 0);
    });
    expect(share).toBeGreaterThan(0.93);
    expect(share).toBeLessThan(0.97);
  });

  it('AUC, patients with several images that resemble each other', () => {
    const truth = 0.7602499389065233;
    const share = coverage(700, (run) => {
      const set = simulate({ seed: 300_000 + run, patients: 150, images: 2, separation: 1 });
      const [area] = bootstrapGroups([rankStatistic(set)], set.groupCount, { replicates: 500, seed: run });
      return (area?.bca.lower ?? 2) <= truth && truth <= (area?.bca.upper ?? 0);
    });
    expect(share).toBeGreaterThan(0.93);
    expect(share).toBeLessThan(0.97);
  });

  it('average precision', () => {
    // The truth is the average precision of a very large sample of the same kind.
    const truth = averagePrecision(simulate({ seed: 9, patients: 600_000, images: 1, separation: 1 }));
    const share = coverage(700, (run) => {
      const set = simulate({ seed: 400_000 + run, patients: 300, images: 1, separation: 1 });
      const [, precision] = bootstrapGroups([rankStatistic(set)], set.groupCount, {
        replicates: 500,
        seed: run,
      });
      return (precision?.bca.lower ?? 2) <= truth && truth <= (precision?.bca.upper ?? 0);
    });
    expect(share).toBeGreaterThan(0.93);
    expect(share).toBeLessThan(0.97);
  });
});
