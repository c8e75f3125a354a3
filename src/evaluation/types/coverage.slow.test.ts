import { describe, expect, it } from 'vitest';
import { bootstrapGroups } from '../bootstrap/bootstrap.js';
import type { Random } from '../bootstrap/random.js';
import { coverage, holds } from '../coverage.fixture.js';
import { conformalStatistic, typeMeasures, typeStatistic } from './type-statistic.js';
import { makeTypedSet, type TypedItem, type TypedSet } from './typed-set.js';

const classes = ['a', 'b', 'c'];

function pick(random: Random): string {
  const u = random.uniform();
  return u < 0.3 ? 'a' : u < 0.6 ? 'b' : 'c';
}

/** Predictions repeat the truth with chance 0.6, else are drawn anew; sets hold the truth with chance 0.9. */
function draw(random: Random, items: number): TypedSet {
  return makeTypedSet(
    classes,
    Array.from({ length: items }, (_, index): TypedItem => {
      const truth = pick(random);
      const predicted = random.uniform() < 0.6 ? truth : pick(random);
      const set = classes.filter((label) => random.uniform() < (label === truth ? 0.9 : 0.3));
      return { truth, predicted, set, group: `${Math.floor(index / 2)}` };
    }),
  );
}

describe('coverage of the bootstrap intervals of types by simulation', { timeout: 400_000 }, () => {
  it('accuracy, F1, kappa, coverage and size of conformal sets', () => {
    const shares = [0.3, 0.3, 0.4];
    const f1 = shares.map((share) => 0.6 + 0.4 * share);
    const truth = {
      accuracy: shares.reduce((sum, share, index) => sum + share * (f1[index] ?? 0), 0),
      macroF1: f1.reduce((sum, value) => sum + value, 0) / 3,
      kappa: 0.6,
      weightedKappa: 0.6,
    };
    const found = coverage(700, 7_000_000, (random, run) => {
      const set = draw(random, 480);
      const options = { replicates: 500, seed: run };
      const figures = bootstrapGroups([typeStatistic(set, 'linear')], set.groupCount, options);
      const [covered, size] = bootstrapGroups(
        [conformalStatistic(set, set.sets ?? new Uint8Array(0))],
        set.groupCount,
        options,
      );
      const bca = (figure: (typeof figures)[number] | undefined) =>
        [figure?.bca.lower, figure?.bca.upper] as const;
      const held = (measure: keyof typeof truth) =>
        holds(bca(figures[typeMeasures.indexOf(measure)]), truth[measure]);
      return {
        accuracy: held('accuracy'),
        macroF1: held('macroF1'),
        kappa: held('kappa'),
        weightedKappa: held('weightedKappa'),
        coverage: holds(bca(covered), 0.9),
        setSize: holds(bca(size), 0.9 + 2 * 0.3),
      };
    });
    for (const [name, share] of Object.entries(found)) {
      expect(share, name).toBeGreaterThanOrEqual(0.93);
      expect(share, name).toBeLessThanOrEqual(0.97);
    }
  });
});
