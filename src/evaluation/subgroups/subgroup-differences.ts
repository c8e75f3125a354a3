import { bootstrapGroups } from '../bootstrap/bootstrap.js';
import { fromBootstrap, withBootstrap } from '../bootstrap/bootstrapped-figure.js';
import { differenceOf, type WeightedStatistic } from '../bootstrap/weighted-statistic.js';
import { normalQuantile } from '../distributions.js';
import { makeFigure, makeInterval } from '../figure.js';
import { subsetDelong } from '../roc/delong.js';
import { rankStatistic } from '../roc/rank-statistic.js';
import { type ScoredSet, selectItems } from '../roc/scored-set.js';
import { add } from '../typed-array.js';
import type { BreakdownOptions } from './breakdown-options.js';
import type { Difference } from './differences.schema.js';
import { type RateUnit, rateShuffleTest } from './permutation.js';
import { classShortage } from './subgroup-figures.js';

/** Units to shuffle: groups of items; where groups have items on both sides, the part of a group on each side. */
function rateUnits(
  set: ScoredSet,
  inside: Uint8Array,
  right: (item: number) => number,
  label: 0 | 1,
): RateUnit[] {
  const units = new Map<string, { successes: number; trials: number; first: boolean }>();
  set.labels.forEach((value, item) => {
    if (value !== label) return;
    const first = inside[item] === 1;
    const key = `${set.groups[item]} ${first}`;
    const unit = units.get(key) ?? { successes: 0, trials: 0, first };
    units.set(key, { successes: unit.successes + right(item), trials: unit.trials + 1, first });
  });
  return [...units.values()];
}

/** The rate of right calls inside less that outside, among the items of one class, under group weights. */
function rateDifference(
  set: ScoredSet,
  inside: Uint8Array,
  calls: Uint8Array,
  label: 0 | 1,
): WeightedStatistic {
  // Of each group: right calls and items, outside and inside.
  const counts = new Int32Array(4 * set.groupCount);
  set.labels.forEach((value, item) => {
    if (value !== label) return;
    const at = 4 * (set.groups[item] ?? 0) + 2 * (inside[item] ?? 0);
    add(counts, at, calls[item] === label ? 1 : 0);
    add(counts, at + 1, 1);
  });
  return {
    size: 1,
    cost: 4 * set.groupCount,
    compute(weights, out, offset) {
      const sums = [0, 0, 0, 0];
      for (let group = 0; group < weights.length; group++) {
        const weight = weights[group] ?? 0;
        if (weight === 0) continue;
        for (let at = 0; at < 4; at++) sums[at] = (sums[at] ?? 0) + weight * (counts[4 * group + at] ?? 0);
      }
      const [rightOutside = 0, outside = 0, rightInside = 0, insideCount = 0] = sums;
      out[offset] = rightInside / insideCount - rightOutside / outside;
    },
  };
}

/** A subgroup against the rest: AUC by DeLong, sensitivity and specificity by permutation. */
export function subgroupDifferences(
  value: string,
  set: ScoredSet,
  inside: Uint8Array,
  options: BreakdownOptions,
): Difference[] {
  const minimum = options.minimum ?? 20;
  const part = (side: number): ScoredSet => keepItems(set, (item) => inside[item] === side);
  const [own, rest] = [part(1), part(0)];
  const names = { first: value, second: 'all others' };
  const differences: Difference[] = [];
  if (classShortage(own, minimum) === null && classShortage(rest, minimum) === null) {
    const test = subsetDelong(own, rest);
    const difference = differenceOf(rankStatistic(own), rankStatistic(rest), set.groupCount);
    const [bootstrapped] = bootstrapGroups([difference], set.groupCount, options);
    const half = normalQuantile(1 - (1 - (options.level ?? 0.95)) / 2) * (test.standardError ?? Number.NaN);
    const interval = makeInterval(
      'delong-clustered',
      test.difference - half,
      test.difference + half,
      'the variance is zero',
    );
    differences.push({
      ...names,
      measure: 'auc',
      operatingPoint: null,
      firstValue: test.first,
      secondValue: test.second,
      difference: withBootstrap(makeFigure(test.difference, [interval]), bootstrapped),
      tests: [{ test: 'DeLong, unpaired, by group', statistic: test.z, p: test.p, adjustedP: null }],
    });
  }
  for (const { name, calls } of options.points) {
    for (const [measure, label] of [
      ['sensitivity', 1],
      ['specificity', 0],
    ] as const) {
      const units = rateUnits(set, inside, (item) => (calls[item] === label ? 1 : 0), label);
      const rate = (first: boolean) => {
        const side = units.filter((unit) => unit.first === first);
        const trials = side.reduce((sum, unit) => sum + unit.trials, 0);
        return { trials, share: side.reduce((sum, unit) => sum + unit.successes, 0) / trials };
      };
      const [a, b] = [rate(true), rate(false)];
      if (Math.min(a.trials, b.trials) < minimum) continue;
      differences.push({
        ...names,
        measure,
        operatingPoint: name,
        firstValue: a.share,
        secondValue: b.share,
        difference: fromBootstrap(
          bootstrapGroups([rateDifference(set, inside, calls, label)], set.groupCount, options)[0],
          'a side has no items of this class',
        ),
        tests: [
          {
            test: 'permutation by group',
            statistic: null,
            p: rateShuffleTest(units, options),
            adjustedP: null,
          },
        ],
      });
    }
  }
  return differences;
}

/** The items that pass, with the group numbers of the whole set, so that two parts may share groups. */
function keepItems(set: ScoredSet, keep: (item: number) => boolean): ScoredSet {
  const items = [...set.labels.keys()].filter(keep);
  const selected = selectItems(set, items);
  return {
    ...selected,
    groups: Int32Array.from(items, (item) => set.groups[item] ?? 0),
    groupCount: set.groupCount,
  };
}
