import { describe, expect, it } from 'vitest';
import { bootstrapGroups } from '../bootstrap/bootstrap.js';
import { createRandom } from '../bootstrap/random.js';
import { makeScoredSet } from '../roc/scored-set.js';
import { covers } from './confusion.fixture.js';
import { tableMeasures } from './measures.js';
import { callsAt, tableOf } from './table.js';
import { tableFigures } from './table-figures.js';
import { tableStatistic } from './table-statistic.js';

describe('coverage of the intervals by simulation', { timeout: 400_000 }, () => {
  it('ratios, predictive values at a stated prevalence, balanced accuracy', () => {
    const [truthSensitivity, truthSpecificity, prevalence] = [0.8, 0.9, 0.15];
    const truth = {
      positiveLikelihoodRatio: truthSensitivity / (1 - truthSpecificity),
      negativeLikelihoodRatio: (1 - truthSensitivity) / truthSpecificity,
      diagnosticOddsRatio:
        (truthSensitivity * truthSpecificity) / ((1 - truthSensitivity) * (1 - truthSpecificity)),
      positivePredictiveValueAtPrevalence: 0.12 / (0.12 + 0.085),
      negativePredictiveValueAtPrevalence: 0.765 / (0.765 + 0.03),
      balancedAccuracy: 0.85,
    };
    const methods = {
      positiveLikelihoodRatio: 'log',
      negativeLikelihoodRatio: 'log',
      diagnosticOddsRatio: 'log',
      positivePredictiveValueAtPrevalence: 'logit',
      negativePredictiveValueAtPrevalence: 'logit',
      balancedAccuracy: 'wald',
    } as const;
    const names = Object.keys(methods) as (keyof typeof methods)[];
    const covered = new Map<string, number>();
    const count = (name: string, hit: boolean) => covered.set(name, (covered.get(name) ?? 0) + (hit ? 1 : 0));
    const runs = 3000;
    for (let run = 0; run < runs; run++) {
      const random = createRandom(700_000 + run);
      const labels = Array.from({ length: 400 }, (_, item) => item % 2);
      const scores = labels.map((label) =>
        random.uniform() < (label === 1 ? truthSensitivity : 1 - truthSpecificity) ? 1 : 0,
      );
      const set = makeScoredSet(scores, labels);
      const figures = tableFigures(tableOf(set, callsAt(set.scores, 0.5)), { prevalence });
      for (const name of names) count(name, covers(figures[name], methods[name], truth[name]));
    }
    for (const [name, hits] of covered) {
      expect(hits / runs, name).toBeGreaterThan(0.93);
      expect(hits / runs, name).toBeLessThan(0.97);
    }
  });

  it('sensitivity and F1 by bootstrap', () => {
    const [truthSensitivity, truthF1] = [0.8, 1.6 / 1.9];
    let sensitivityCovered = 0;
    let f1Covered = 0;
    const runs = 600;
    for (let run = 0; run < runs; run++) {
      const random = createRandom(800_000 + run);
      const labels = Array.from({ length: 240 }, (_, item) => item % 2);
      const scores = labels.map((label) => (random.uniform() < (label === 1 ? 0.8 : 0.1) ? 1 : 0));
      const set = makeScoredSet(scores, labels);
      const figures = bootstrapGroups([tableStatistic(set, callsAt(set.scores, 0.5))], set.groupCount, {
        replicates: 300,
        seed: run,
      });
      const covered = (measure: (typeof tableMeasures)[number], truth: number) => {
        const { lower, upper } = figures[tableMeasures.indexOf(measure)]?.bca ?? { lower: null, upper: null };
        return lower !== null && upper !== null && lower <= truth && truth <= upper ? 1 : 0;
      };
      sensitivityCovered += covered('sensitivity', truthSensitivity);
      f1Covered += covered('f1', truthF1);
    }
    for (const hits of [sensitivityCovered, f1Covered]) {
      expect(hits / runs).toBeGreaterThan(0.93);
      expect(hits / runs).toBeLessThan(0.97);
    }
  });
});
