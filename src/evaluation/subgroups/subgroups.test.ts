import { describe, expect, it } from 'vitest';
import { createRandom } from '../bootstrap/random.js';
import { callsAt } from '../confusion/table.js';
import { makeBoxSet } from '../detection/box-set.js';
import { parseHitRule } from '../detection/hits.js';
import { normalQuantile } from '../distributions.js';
import { subsetDelong, unpairedDelong } from '../roc/delong.js';
import { makeScoredSet, type ScoredSet } from '../roc/scored-set.js';
import { breakDown } from './breakdown.js';
import { compareModels } from './compare-models.js';
import { holm } from './holm.js';
import { mcnemar } from './mcnemar.js';
import { aucSwapTest, rateShuffleTest, signFlipTest } from './permutation.js';

describe('holm', () => {
  it('gives the corrected p values of R, p.adjust(method = "holm")', () => {
    const adjusted = holm([0.01, 0.02, 0.03, 0.04, 0.05]);
    [0.05, 0.08, 0.09, 0.09, 0.09].forEach((value, index) => {
      expect(adjusted[index]).toBeCloseTo(value, 12);
    });
    expect(holm([0.5, 0.001, null])).toEqual([0.5, 0.002, null]);
    expect(holm([0.9, 0.8])).toEqual([1, 1]);
  });
});

describe('mcnemar', () => {
  it('is the exact binomial test of the items on which the two differ', () => {
    // 8 against 2: 2 * P(X <= 2 | 10, 1/2) = 2 * 56 / 1024.
    const first = Uint8Array.from([...new Array<number>(8).fill(1), 0, 0, 1, 1, 0]);
    const second = Uint8Array.from([...new Array<number>(8).fill(0), 1, 1, 1, 1, 0]);
    expect(mcnemar(first, second)).toMatchObject({ onlyFirst: 8, onlySecond: 2 });
    expect(mcnemar(first, second).p).toBeCloseTo(112 / 1024, 12);
    expect(mcnemar(first, first).p).toBe(1);
    expect(() => mcnemar(first, new Uint8Array(2))).toThrow(/13 calls are set against 2/);
  });
});

describe('permutation tests', () => {
  it('sign flips: near the exact p value of all arrangements', () => {
    // All 2^8 signs of eight ones: |sum| >= 6 in 2 * (1 + 8) of 256.
    const differences = [1, 1, 1, 1, 1, 1, 1, -1];
    expect(signFlipTest(differences, { permutations: 20_000 })).toBeCloseTo(18 / 256, 2);
    expect(signFlipTest([0, 0, 0])).toBe(1);
  });

  it('shuffled rates: near the exact p value of Fisher', () => {
    const units = (successes: number, trials: number, first: boolean) =>
      Array.from({ length: trials }, (_, item) => ({
        successes: item < successes ? 1 : 0,
        trials: 1,
        first,
      }));
    // Fisher's exact two-sided p of 8/10 against 3/10 is 0.0697749.
    expect(
      rateShuffleTest([...units(8, 10, true), ...units(3, 10, false)], { permutations: 20_000 }),
    ).toBeCloseTo(0.0698, 2);
    expect(rateShuffleTest(units(3, 5, true))).toBe(1);
  });
});

interface Plan {
  seed: number;
  images: number;
  /** How much more the first model sees. */
  gain: number;
}

/** Two models that share most of their noise; pairs of images form groups. */
function twoModels({ seed, images, gain }: Plan): [ScoredSet, ScoredSet] {
  const random = createRandom(seed);
  const labels = Array.from({ length: images }, (_, image) => (image % 4 < 2 ? 1 : 0));
  const shared = labels.map(() => normalQuantile(random.uniform()));
  const score = (extra: number) =>
    labels.map(
      (label, image) => (1 + extra) * label + (shared[image] ?? 0) + 0.7 * normalQuantile(random.uniform()),
    );
  const groups = labels.map((_, image) => Math.floor(image / 2));
  return [
    makeScoredSet(score(gain), labels, groups),
    makeScoredSet(
      score(0).map((value) => 3 * value - 100),
      labels,
      groups,
    ),
  ];
}

describe('comparison of two models', () => {
  it('finds a real difference with every test, on whatever scale the scores are', () => {
    const [a, b] = twoModels({ seed: 1, images: 400, gain: 0.8 });
    const points = [{ name: 'middle', first: callsAt(a.scores, 0.6), second: callsAt(b.scores, -98.2) }];
    const { differences, items, groups } = compareModels(a, b, {
      firstName: 'new',
      secondName: 'old',
      points,
      replicates: 300,
      permutations: 999,
    });
    expect([items, groups]).toEqual([400, 200]);
    const area = differences.find(({ measure }) => measure === 'auc');
    expect(area?.difference.value).toBeCloseTo((area?.firstValue ?? 0) - (area?.secondValue ?? 0), 12);
    expect(area?.tests.map(({ test }) => test)).toEqual([
      'DeLong, paired, by group',
      'DeLong, paired',
      'permutation by group',
    ]);
    for (const test of area?.tests ?? []) {
      expect(test.p).toBeLessThan(0.05);
      expect(test.adjustedP).toBeGreaterThanOrEqual(test.p ?? 1);
    }
    expect(differences.map(({ measure }) => measure)).toEqual([
      'auc',
      'averagePrecision',
      'sensitivity',
      'specificity',
      'accuracy',
    ]);
  });

  it('of a model with itself finds nothing, and says why where a test cannot be made', () => {
    const [a] = twoModels({ seed: 2, images: 100, gain: 0 });
    const { differences } = compareModels(a, a, {
      firstName: 'a',
      secondName: 'a',
      replicates: 100,
      permutations: 199,
    });
    expect(differences[0]?.difference.value).toBe(0);
    expect(differences[0]?.tests[0]).toMatchObject({ p: null });
    expect(differences[0]?.tests[0]?.reason).toMatch(/variance of the difference is zero/);
    expect(differences[0]?.tests[2]?.p).toBe(1);
  });

  it('keeps the error of the permutation test at 5 in 100 when there is no difference', () => {
    let rejected = 0;
    const runs = 300;
    for (let run = 0; run < runs; run++) {
      const [a, b] = twoModels({ seed: 20_000 + run, images: 80, gain: 0 });
      if (aucSwapTest(a, b, { permutations: 199, seed: run }) <= 0.05) rejected++;
    }
    expect(rejected / runs).toBeGreaterThan(0.02);
    expect(rejected / runs).toBeLessThan(0.08);
  });
});

describe('subsetDelong', () => {
  const [set] = twoModels({ seed: 5, images: 400, gain: 0 });
  const part = (keep: (item: number) => boolean): ScoredSet => {
    const items = [...set.labels.keys()].filter(keep);
    const picked = makeScoredSet(
      items.map((item) => set.scores[item] ?? 0),
      items.map((item) => set.labels[item] ?? 0),
    );
    return {
      ...picked,
      groups: Int32Array.from(items, (item) => set.groups[item] ?? 0),
      groupCount: set.groupCount,
    };
  };

  it('is the unpaired test when no group is on both sides', () => {
    const [low, high] = [part((item) => item < 200), part((item) => item >= 200)];
    expect(subsetDelong(low, high).z).toBeCloseTo(unpairedDelong(low, high, true).z ?? 0, 10);
  });

  it('takes off what groups on both sides have in common', () => {
    const [odd, even] = [part((item) => item % 2 === 1), part((item) => item % 2 === 0)];
    const shared = subsetDelong(odd, even).standardError ?? 0;
    expect(Math.abs(shared - (unpairedDelong(odd, even, true).standardError ?? 0))).toBeGreaterThan(1e-6);
  });
});

describe('breakdown by a column', () => {
  const [set] = twoModels({ seed: 7, images: 300, gain: 0.5 });
  const region = [...set.labels.keys()].map((item) =>
    item < 140 ? 'hand' : item < 280 ? 'leg' : item < 296 ? 'hip' : '',
  );
  const calls = callsAt(set.scores, 0.7);
  const point = { name: 'fixed', threshold: 0.7, rule: 'fixed beforehand', chosenOn: 'test', calls };
  const options = { points: [point], replicates: 200, permutations: 199 };
  const truth = [...set.labels.keys()]
    .filter((item) => set.labels[item] === 1)
    .map((image) => ({ image, box: [0, 0, 10, 10] }));
  const found = truth.filter(({ image }) => image % 3 !== 0).map((box) => ({ ...box, score: 0.5 }));
  const boxes = { set: makeBoxSet(300, truth, found), hitRule: parseHitRule('iou>=0.5') };
  const result = breakDown('region', region, set, boxes, options);
  const subgroup = (value: string) => result.subgroups.find((each) => each.value === value);

  it('counts every value, the unknown one included', () => {
    expect(result.subgroups.map(({ value, items }) => [value, items])).toEqual([
      ['(not stated)', 4],
      ['hand', 140],
      ['hip', 16],
      ['leg', 140],
    ]);
    expect(result.subgroups.reduce((sum, { positives }) => sum + positives, 0)).toBe(set.positives);
  });

  it('says "too few to say" instead of giving a number', () => {
    expect(subgroup('hip')?.auc).toMatchObject({
      value: null,
      reason: 'too few to say: 8 positives, fewer than 20',
    });
    expect(subgroup('hip')?.operatingPoints[0]?.specificity.reason).toMatch(/8 negatives, fewer than 20/);
    expect(subgroup('hip')?.lesions?.ap50.reason).toMatch(/8 lesions, fewer than 20/);
    expect(subgroup('hand')?.auc.value).toBeGreaterThan(0.5);
    expect(subgroup('hand')?.lesions?.sensitivityAtHalf.value).toBeCloseTo(2 / 3, 1);
  });

  it('compares the subgroups that are large enough with all others, corrected together', () => {
    expect(new Set(result.differences.map(({ first }) => first))).toEqual(new Set(['hand', 'leg']));
    const areas = result.differences.filter(({ measure }) => measure === 'auc');
    expect(areas).toHaveLength(2);
    for (const { tests, difference } of result.differences) {
      expect(difference.intervals[0]?.lower).toBeLessThan(difference.intervals[0]?.upper ?? -9);
      for (const test of tests) expect(test.adjustedP).toBeGreaterThanOrEqual(test.p ?? 2);
    }
  });

  it('compares two values once, not twice', () => {
    const halves = [...set.labels.keys()].map((item) => (item < 150 ? '0' : '1'));
    const byHalf = breakDown('hardware', halves, set, null, options);
    expect(byHalf.differences.map(({ first, measure }) => [first, measure])).toEqual([
      ['1', 'auc'],
      ['1', 'sensitivity'],
      ['1', 'specificity'],
    ]);
    expect(byHalf.subgroups[0]?.lesions).toBeNull();
  });
});
