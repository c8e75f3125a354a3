import { describe, expect, it } from 'vitest';
import { bootstrapGroups } from '../bootstrap/bootstrap.js';
import type { Random } from '../bootstrap/random.js';
import { differenceOf } from '../bootstrap/weighted-statistic.js';
import { tableMeasures } from '../confusion/measures.js';
import { callsAt } from '../confusion/table.js';
import { tableStatistic } from '../confusion/table-statistic.js';
import { coverage, holds, normal } from '../coverage.fixture.js';
import { normalCdf, normalQuantile } from '../distributions.js';
import { pairedDelong, subsetDelong } from '../roc/delong.js';
import { partialAucStatistic, rankStatistic } from '../roc/rank-statistic.js';
import { makeScoredSet, type ScoredSet } from '../roc/scored-set.js';

const groupCount = 200;
const gap = [1.4, 1] as const;

/** Two models on the same images; two images of each patient resemble each other. */
function twoModels(random: Random): [ScoredSet, ScoredSet] {
  const labels: number[] = [];
  const groups: number[] = [];
  const scores: [number[], number[]] = [[], []];
  for (let patient = 0; patient < groupCount; patient++) {
    const shared = Math.sqrt(0.4) * normal(random);
    const label = random.uniform() < 0.5 ? 1 : 0;
    for (let image = 0; image < 2; image++) {
      const ofImage = Math.sqrt(0.3) * normal(random);
      labels.push(label);
      groups.push(patient);
      for (const model of [0, 1] as const)
        scores[model].push(gap[model] * label + shared + ofImage + Math.sqrt(0.3) * normal(random));
    }
  }
  return [makeScoredSet(scores[0], labels, groups), makeScoredSet(scores[1], labels, groups)];
}

/** The part of a set that passes, with the group numbers of the whole. */
function part(set: ScoredSet, keep: (item: number) => boolean): ScoredSet {
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
}

function around({ difference, standardError }: { difference: number; standardError: number | null }) {
  const half = 1.959963984540054 * (standardError ?? Number.NaN);
  return [difference - half, difference + half] as const;
}

describe('coverage of the intervals of differences by simulation', { timeout: 400_000 }, () => {
  it('two models and two subgroups: DeLong by group, bootstrap; table figures and partial area by bootstrap', () => {
    const area = (model: 0 | 1) => normalCdf(gap[model] / Math.SQRT2);
    const threshold = 0.7;
    const sensitivity = (model: 0 | 1) => normalCdf(gap[model] - threshold);
    const specificity = normalCdf(threshold);
    const phi =
      (sensitivity(0) + specificity - 1) /
      Math.sqrt((sensitivity(0) + 1 - specificity) * (2 - sensitivity(0) - (1 - specificity)));
    const shares = coverage(700, 5_000_000, (random, run) => {
      const [a, b] = twoModels(random);
      const options = { replicates: 400, seed: run };
      const [areas] = bootstrapGroups(
        [differenceOf(rankStatistic(a), rankStatistic(b), groupCount)],
        groupCount,
        options,
      );
      const statistic = (set: ScoredSet) => tableStatistic(set, callsAt(set.scores, threshold));
      const rates = bootstrapGroups(
        [differenceOf(statistic(a), statistic(b), groupCount)],
        groupCount,
        options,
      );
      const own = bootstrapGroups([statistic(a)], groupCount, options);
      const bca = (figures: typeof own, measure: (typeof tableMeasures)[number]) => {
        const figure = figures[tableMeasures.indexOf(measure)];
        return [figure?.bca.lower, figure?.bca.upper] as const;
      };
      // Films of one patient lie on both sides.
      const [odd, even] = [part(a, (item) => item % 2 === 1), part(a, (item) => item % 2 === 0)];
      const [sides] = bootstrapGroups(
        [differenceOf(rankStatistic(odd), rankStatistic(even), groupCount)],
        groupCount,
        options,
      );
      return {
        'AUC of two models, DeLong by group': holds(around(pairedDelong(a, b, true)), area(0) - area(1)),
        'AUC of two models, bootstrap': holds([areas?.bca.lower, areas?.bca.upper], area(0) - area(1)),
        'sensitivity of two models': holds(bca(rates, 'sensitivity'), sensitivity(0) - sensitivity(1)),
        'AUC of two subgroups, DeLong': holds(around(subsetDelong(odd, even)), 0),
        'AUC of two subgroups, bootstrap': holds([sides?.bca.lower, sides?.bca.upper], 0),
        'positive predictive value': holds(
          bca(own, 'positivePredictiveValue'),
          sensitivity(0) / (sensitivity(0) + 1 - specificity),
        ),
        'Matthews correlation': holds(bca(own, 'matthewsCorrelation'), phi),
        'positive likelihood ratio': holds(
          bca(own, 'positiveLikelihoodRatio'),
          sensitivity(0) / (1 - specificity),
        ),
        'diagnostic odds ratio': holds(
          bca(own, 'diagnosticOddsRatio'),
          (sensitivity(0) * specificity) / ((1 - sensitivity(0)) * (1 - specificity)),
        ),
      };
    });
    for (const [name, share] of Object.entries(shares)) {
      expect(share, name).toBeGreaterThanOrEqual(0.93);
      expect(share, name).toBeLessThanOrEqual(0.97);
    }
  });

  it('partial area by bootstrap', () => {
    // The binormal curve over the false positive rates 0 to 0.3, by the midpoint rule.
    const steps = 20_000;
    const width = 0.3 / steps;
    const truth = Array.from({ length: steps }, (_, step) =>
      normalCdf(gap[0] + normalQuantile((step + 0.5) * width)),
    ).reduce((sum, height) => sum + width * height, 0);
    const shares = coverage(700, 6_000_000, (random, run) => {
      const [a] = twoModels(random);
      const [area] = bootstrapGroups([partialAucStatistic(a, 0.3)], groupCount, {
        replicates: 400,
        seed: run,
      });
      return { 'partial area': holds([area?.bca.lower, area?.bca.upper], truth) };
    });
    expect(shares['partial area']).toBeGreaterThanOrEqual(0.93);
    expect(shares['partial area']).toBeLessThanOrEqual(0.97);
  });
});
