import { describe, expect, it } from 'vitest';
import { averagePrecision } from '../roc/curve.js';
import { partialAuc } from '../roc/partial-auc.js';
import { auc } from '../roc/placements.js';
import { partialAucStatistic, rankStatistic } from '../roc/rank-statistic.js';
import { makeScoredSet, type ScoredSet } from '../roc/scored-set.js';
import { bcaInterval } from './bca.js';
import { meanStatistic, simulate } from './bootstrap.fixture.js';
import { bootstrapGroups } from './bootstrap.js';
import { computeOnce, differenceOf } from './weighted-statistic.js';

function without(set: ScoredSet, group: number): ScoredSet {
  const kept = [...set.groups.keys()].filter((item) => set.groups[item] !== group);
  return makeScoredSet(
    kept.map((item) => set.scores[item] ?? 0),
    kept.map((item) => set.labels[item] ?? 0),
  );
}

describe('weighted statistics', () => {
  const set = simulate({ seed: 1, patients: 40, images: 3, separation: 1, rounded: true });

  it('give the plain figures when every group counts once', () => {
    const [area, precision] = computeOnce(rankStatistic(set), set.groupCount);
    expect(area).toBeCloseTo(auc(set), 14);
    expect(precision).toBeCloseTo(averagePrecision(set), 14);
    const [partial, standardised] = computeOnce(partialAucStatistic(set, 0.2), set.groupCount);
    expect(partial).toBeCloseTo(partialAuc(set, 0, 0.2).area, 14);
    expect(standardised).toBeCloseTo(partialAuc(set, 0, 0.2).standardised, 14);
  });

  it('count a group twice as if its items were there twice', () => {
    const weights = new Int32Array(set.groupCount).fill(1);
    weights[0] = 2;
    weights[4] = 0;
    const items = [...set.groups.keys()].flatMap((item) =>
      new Array<number>(weights[set.groups[item] ?? 0] ?? 0).fill(item),
    );
    const resampled = makeScoredSet(
      items.map((item) => set.scores[item] ?? 0),
      items.map((item) => set.labels[item] ?? 0),
    );
    const out = new Float64Array(4);
    rankStatistic(set).compute(weights, out, 0);
    partialAucStatistic(set, 0.1).compute(weights, out, 2);
    expect(out[0]).toBeCloseTo(auc(resampled), 14);
    expect(out[1]).toBeCloseTo(averagePrecision(resampled), 14);
    expect(out[2]).toBeCloseTo(partialAuc(resampled, 0, 0.1).area, 14);
  });

  it('leave groups out: AUC exactly, average precision to first order', () => {
    const out = new Float64Array(2 * set.groupCount);
    const statistic = rankStatistic(set);
    statistic.leaveOneGroupOut?.(out);
    for (let group = 0; group < set.groupCount; group++) {
      expect(out[2 * group]).toBeCloseTo(auc(without(set, group)), 12);
      // The slope at which the figure falls as the group's weight falls, here by one in a million.
      const weights = new Int32Array(set.groupCount).fill(1_000_000);
      weights[group] = 999_999;
      const lighter = new Float64Array(2);
      statistic.compute(weights, lighter, 0);
      const slope = ((lighter[1] ?? 0) - averagePrecision(set)) * 1_000_000;
      expect(out[2 * group + 1]).toBeCloseTo(averagePrecision(set) + slope, 5);
    }
  });
});

describe('bootstrapGroups', () => {
  it('gives the same intervals for the same seed, and others for another', () => {
    const set = simulate({ seed: 2, patients: 60, images: 2, separation: 1 });
    const run = (seed: number) =>
      bootstrapGroups([rankStatistic(set)], set.groupCount, { replicates: 300, seed });
    expect(run(5)).toEqual(run(5));
    expect(run(5)).not.toEqual(run(6));
  });

  it('is unchanged when every image is given k times inside its group', () => {
    const set = simulate({ seed: 3, patients: 50, images: 2, separation: 1, rounded: true });
    const repeat = (k: number) => {
      const times = <T>(values: Iterable<T>) => new Array<T[]>(k).fill([...values]).flat();
      return makeScoredSet(times(set.scores), times(set.labels), times(set.groups));
    };
    const run = (k: number) => {
      const repeated = repeat(k);
      const statistics = [rankStatistic(repeated), partialAucStatistic(repeated, 0.2)];
      return bootstrapGroups(statistics, repeated.groupCount, { replicates: 400 });
    };
    const once = run(1);
    for (const k of [2, 5]) {
      run(k).forEach((figure, index) => {
        expect(figure.value).toBeCloseTo(once[index]?.value ?? 0, 12);
        expect(figure.bca.lower).toBeCloseTo(once[index]?.bca.lower ?? 0, 12);
        expect(figure.bca.upper).toBeCloseTo(once[index]?.bca.upper ?? 0, 12);
      });
    }
  });

  it('mirrors the AUC interval when the labels are swapped', () => {
    const set = simulate({ seed: 4, patients: 60, images: 2, separation: 1 });
    const swapped = makeScoredSet(
      set.scores,
      set.labels.map((label) => 1 - label),
      set.groups,
    );
    const [a] = bootstrapGroups([rankStatistic(set)], set.groupCount, { replicates: 500 });
    const [b] = bootstrapGroups([rankStatistic(swapped)], set.groupCount, { replicates: 500 });
    expect(b?.bca.lower).toBeCloseTo(1 - (a?.bca.upper ?? 0), 9);
    expect(b?.bca.upper).toBeCloseTo(1 - (a?.bca.lower ?? 0), 9);
  });

  it('withholds intervals, with the reason, where resamples cannot give one', () => {
    const perfect = makeScoredSet([1, 2, 3, 4, 5, 6, 7, 8], [0, 0, 0, 0, 1, 1, 1, 1]);
    const [area] = bootstrapGroups([rankStatistic(perfect)], 8, { replicates: 200 });
    expect(area?.value).toBe(1);
    expect(area?.bca).toMatchObject({
      lower: null,
      upper: null,
      reason: 'every resample gives the same value',
    });
    const rare = makeScoredSet([1, 2, 3, 4, 5, 6, 7, 8], [0, 0, 0, 0, 0, 0, 0, 1]);
    const [unstable] = bootstrapGroups([rankStatistic(rare)], 8, { replicates: 200 });
    expect(unstable?.bca.reason).toMatch(/not defined in \d+ of 200 resamples/);
  });

  it('subtracts two statistics replicate by replicate', () => {
    const a = simulate({ seed: 5, patients: 50, images: 2, separation: 1.5 });
    const [same] = bootstrapGroups(
      [differenceOf(rankStatistic(a), rankStatistic(a), a.groupCount)],
      a.groupCount,
    );
    expect(same?.value).toBe(0);
    expect(same?.bca.reason).toBe('every resample gives the same value');
  });

  it('refuses too few replicates', () => {
    expect(() => bootstrapGroups([meanStatistic([1, 2])], 2, { replicates: 10 })).toThrow(/at least 100/);
  });

  it('gives the bounds of a published worked formula: no bias and no acceleration is the percentile interval', () => {
    const sorted = Float64Array.from({ length: 2001 }, (_, index) => index / 2000);
    const [lower, upper] = bcaInterval(0.5, sorted, 0, 0.95);
    expect(lower).toBeCloseTo(0.025, 6);
    expect(upper).toBeCloseTo(0.975, 6);
    // By hand: z0 = 0, a = 0.1, z = -1.95996 gives Phi(-1.95996 / 1.195996) = Phi(-1.63877) = 0.05063.
    expect(bcaInterval(0.5, sorted, 0.1, 0.95)[0]).toBeCloseTo(0.05063, 4);
  });
});
