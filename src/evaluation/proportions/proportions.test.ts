import { describe, expect, it } from 'vitest';
import { createRandom } from '../bootstrap/random.js';
import { clopperPearsonInterval } from './clopper-pearson.js';
import { proportion } from './proportion.js';
import { wilsonInterval } from './wilson.js';

/** Reference values computed in R. */
const reference = [
  { k: 81, n: 263, wilson: [0.255289, 0.36621], exact: [0.252737, 0.367622] },
  { k: 0, n: 10, wilson: [0, 0.277533], exact: [0, 0.308497] },
  { k: 56, n: 70, wilson: [0.691834, 0.876953], exact: [0.687264, 0.88612] },
] as const;

describe('intervals of proportions', () => {
  it.each(reference)('gives the reference intervals of $k of $n', ({ k, n, wilson, exact }) => {
    wilsonInterval(k, n).forEach((bound, index) => {
      expect(Math.abs(bound - (wilson[index] ?? Number.NaN))).toBeLessThan(1e-6);
    });
    clopperPearsonInterval(k, n).forEach((bound, index) => {
      expect(Math.abs(bound - (exact[index] ?? Number.NaN))).toBeLessThan(1e-6);
    });
  });

  it('mirrors when successes and failures are swapped, and never leaves 0..1', () => {
    for (const [k, n] of [
      [0, 1],
      [1, 1],
      [3, 7],
      [499, 500],
      [100000, 100000],
    ] as const) {
      for (const interval of [wilsonInterval, clopperPearsonInterval]) {
        const [lower, upper] = interval(k, n);
        const [mirroredLower, mirroredUpper] = interval(n - k, n);
        expect(lower).toBeCloseTo(1 - mirroredUpper, 10);
        expect(upper).toBeCloseTo(1 - mirroredLower, 10);
        expect(lower).toBeGreaterThanOrEqual(0);
        expect(upper).toBeLessThanOrEqual(1);
        expect(lower).toBeLessThanOrEqual(k / n);
        expect(upper).toBeGreaterThanOrEqual(k / n);
      }
    }
  });

  it('refuses counts that are no proportion', () => {
    expect(() => wilsonInterval(3, 2)).toThrow(/3 of 2 is not a proportion/);
    expect(() => clopperPearsonInterval(1, 0)).toThrow(/not a proportion/);
    expect(() => wilsonInterval(1.5, 3)).toThrow(/not a proportion/);
    expect(() => wilsonInterval(1, 3, 95)).toThrow(/confidence level is 95/);
  });

  it('gives no value, and the reason, where there are no trials', () => {
    expect(proportion(0, 0, 'there are no positives')).toMatchObject({
      value: null,
      reason: 'there are no positives',
      intervals: [],
    });
  });

  it('covers the truth about 95 times in 100', () => {
    const random = createRandom(11);
    const runs = 4000;
    const n = 400;
    let wilson = 0;
    let exact = 0;
    for (let run = 0; run < runs; run++) {
      const truth = 0.2 + 0.6 * random.uniform();
      let k = 0;
      for (let trial = 0; trial < n; trial++) if (random.uniform() < truth) k++;
      const [wilsonLower, wilsonUpper] = wilsonInterval(k, n);
      const [exactLower, exactUpper] = clopperPearsonInterval(k, n);
      if (wilsonLower <= truth && truth <= wilsonUpper) wilson++;
      if (exactLower <= truth && truth <= exactUpper) exact++;
    }
    expect(wilson / runs).toBeGreaterThan(0.93);
    expect(wilson / runs).toBeLessThan(0.97);
    expect(exact / runs).toBeGreaterThan(0.93);
    expect(exact / runs).toBeLessThan(0.97);
  });
});
