import { describe, expect, it } from 'vitest';
import { binomialPmf } from '../distributions.js';
import { chanceOfPrecision, powerToShow } from './binomial-power.js';
import { halfWidth, type ProportionMethod, proportionInterval } from './interval-methods.js';
import { sampleSize } from './sample-size.js';
import { sampleSizeSchema } from './sample-size.schema.js';

const sensitivity = (expected: number) => ({ measure: 'sensitivity', expected }) as const;

/** Last failure + 1 of an exhaustive search with scipy.stats over every n and every count. */
const reference: [ProportionMethod, number[], [number, number][]][] = [
  [
    'wilson',
    [184, 315, 44],
    [
      [165, 141],
      [381, 381],
      [599, 546],
    ],
  ],
  [
    'clopper-pearson',
    [185, 316, 48],
    [
      [179, 159],
      [402, 402],
      [630, 578],
    ],
  ],
  [
    'normal',
    [140, 261, 39],
    [
      [165, 140],
      [385, 385],
      [599, 546],
    ],
  ],
];

describe('sample size', () => {
  it.each(reference)('is that of an exhaustive search (%s)', (interval, show, precision) => {
    const shows = [
      [0.92, 0.85, 0.8],
      [0.95, 0.9, 0.9],
      [0.8, 0.6, 0.8],
    ] as const;
    for (const [index, [expected, atLeast, power]] of shows.entries()) {
      expect(sampleSize({ ...sensitivity(expected), atLeast, power, interval }).show?.cases).toBe(
        show[index],
      );
    }
    const widths = [
      [0.9, 0.05, 0.8],
      [0.5, 0.05, 0.8],
      [0.85, 0.03, 0.9],
    ] as const;
    for (const [index, [expected, within, power]] of widths.entries()) {
      const found = sampleSize({ ...sensitivity(expected), within, power, interval }).precision;
      expect([found?.cases, found?.casesAtExpected]).toEqual(precision[index]);
    }
  });

  it('sums binomial chances as a count of every outcome does', () => {
    for (const method of ['wilson', 'clopper-pearson'] as const) {
      let power = 0;
      let precise = 0;
      for (let k = 0; k <= 60; k++) {
        const chance = binomialPmf(k, 60, 0.9);
        if (proportionInterval(method, k, 60, 0.95)[0] > 0.78) power += chance;
        if (halfWidth(method, k, 60, 0.95) <= 0.08) precise += chance;
      }
      expect(powerToShow(method, 60, 0.9, 0.78, 0.95)).toBeCloseTo(power, 10);
      expect(chanceOfPrecision(method, 60, 0.9, 0.08, 0.95)).toBeCloseTo(precise, 10);
    }
  });

  it('needs no more cases for the complement', () => {
    const a = sampleSize({ ...sensitivity(0.9), within: 0.04 });
    const b = sampleSize({ ...sensitivity(0.1), within: 0.04 });
    expect(b.precision).toEqual(a.precision);
  });

  it('multiplies by the design effect, and divides by the prevalence', () => {
    const plain = sampleSize({ ...sensitivity(0.92), atLeast: 0.85, within: 0.05 });
    expect(plain.independentCases).toBe(Math.max(plain.show?.cases ?? 0, plain.precision?.cases ?? 0));
    const clustered = sampleSize({
      ...sensitivity(0.92),
      atLeast: 0.85,
      within: 0.05,
      clusterSize: 3,
      icc: 0.2,
      prevalence: 0.25,
    });
    expect(clustered.designEffect).toBeCloseTo(1.4, 12);
    expect(clustered.cases).toBe(Math.ceil(1.4 * plain.independentCases));
    expect(clustered.clusters.count).toBe(Math.ceil(clustered.cases / 3));
    expect(clustered.total?.expected).toBe(Math.ceil(clustered.cases / 0.25));
    expect(clustered.total?.assured).toBeGreaterThan(clustered.total?.expected ?? 0);
    const specificity = sampleSize({
      measure: 'specificity',
      expected: 0.92,
      within: 0.05,
      prevalence: 0.25,
    });
    expect(specificity.total?.expected).toBe(Math.ceil(specificity.cases / 0.75));
    expect(sampleSizeSchema.parse(JSON.parse(JSON.stringify(clustered)))).toEqual(clustered);
  });

  it('refuses what cannot be shown', () => {
    expect(() => sampleSize({ ...sensitivity(0.85), atLeast: 0.9 })).toThrow(/0.85 is not above 0.9/);
    expect(() => sampleSize({ ...sensitivity(0.9), within: 0.0001 })).toThrow(/too narrow/);
    expect(() => sampleSize(sensitivity(0.9))).toThrow(/--at-least, --within, or both/);
    expect(() => sampleSize({ ...sensitivity(1.2), within: 0.1 })).toThrow(/expected proportion is 1.2/);
    expect(() => sampleSize({ ...sensitivity(0.9), within: 0.1, icc: 2 })).toThrow(/correlation is 2/);
    expect(() => sampleSize({ ...sensitivity(0.9), within: 0.1, clusterSize: 0 })).toThrow(
      /per patient is 0/,
    );
  });
});
