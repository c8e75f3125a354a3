import { describe, expect, it } from 'vitest';
import { createRandom } from '../bootstrap/random.js';
import { computeOnce } from '../bootstrap/weighted-statistic.js';
import { intervalOf } from '../figure.js';
import { makeScoredSet } from '../roc/scored-set.js';
import { tableMeasures } from './measures.js';
import { callsAt, tableOf } from './table.js';
import { tableFigures } from './table-figures.js';
import { tableStatistic } from './table-statistic.js';

/** OsteoDetect (FDA DEN180005), cells that reproduce every rate it published. */
const osteoDetect = { truePositives: 291, falseNegatives: 25, falsePositives: 67, trueNegatives: 617 };

describe('figures of a two-by-two table', () => {
  it('give the published rates of OsteoDetect with its Wilson intervals', () => {
    const figures = tableFigures(osteoDetect);
    expect(figures.sensitivity.value).toBeCloseTo(0.921, 3);
    expect(intervalOf(figures.sensitivity, 'wilson')?.lower).toBeCloseTo(0.886, 3);
    expect(intervalOf(figures.sensitivity, 'wilson')?.upper).toBeCloseTo(0.946, 3);
    expect(figures.specificity.value).toBeCloseTo(0.902, 3);
    expect(intervalOf(figures.specificity, 'wilson')?.lower).toBeCloseTo(0.877, 3);
    expect(intervalOf(figures.specificity, 'wilson')?.upper).toBeCloseTo(0.922, 3);
    expect(figures.sensitivity).toMatchObject({ numerator: 291, denominator: 316 });
  });

  it('agree with formulas written out by hand', () => {
    const figures = tableFigures(osteoDetect, { prevalence: 0.1 });
    expect(figures.positivePredictiveValue.value).toBeCloseTo(0.8128491620111732, 12);
    expect(figures.f1.value).toBeCloseTo(0.8635014836795252, 12);
    expect(figures.matthewsCorrelation.value).toBeCloseTo(0.7980442426302209, 12);
    expect(figures.positiveLikelihoodRatio.value).toBeCloseTo(9.401284715662195, 12);
    expect(intervalOf(figures.positiveLikelihoodRatio, 'log')?.lower).toBeCloseTo(7.471856329681397, 10);
    expect(intervalOf(figures.positiveLikelihoodRatio, 'log')?.upper).toBeCloseTo(11.828941886080448, 10);
    expect(figures.diagnosticOddsRatio.value).toBeCloseTo(107.19223880597015, 10);
    expect(figures.positivePredictiveValueAtPrevalence.value).toBeCloseTo(0.5109037146553317, 12);
    expect(figures.negativePredictiveValueAtPrevalence.value).toBeCloseTo(0.9903490592872526, 12);
  });

  it('give predictive values at the prevalence of the set itself equal to those of the table', () => {
    const figures = tableFigures(osteoDetect, { prevalence: 0.316 });
    expect(figures.positivePredictiveValueAtPrevalence.value).toBeCloseTo(
      figures.positivePredictiveValue.value ?? 0,
      12,
    );
    expect(figures.negativePredictiveValueAtPrevalence.value).toBeCloseTo(
      figures.negativePredictiveValue.value ?? 0,
      12,
    );
  });

  it('give null and the reason, never NaN, for empty rows, columns and tables', () => {
    const tables = [
      { truePositives: 5, falsePositives: 0, falseNegatives: 0, trueNegatives: 5 },
      { truePositives: 5, falsePositives: 0, falseNegatives: 0, trueNegatives: 0 },
      { truePositives: 0, falsePositives: 0, falseNegatives: 0, trueNegatives: 5 },
      { truePositives: 0, falsePositives: 0, falseNegatives: 4, trueNegatives: 5 },
      { truePositives: 0, falsePositives: 0, falseNegatives: 0, trueNegatives: 0 },
    ];
    for (const table of tables) {
      for (const figure of Object.values(tableFigures(table, { prevalence: 0.2 }))) {
        expect(
          figure.value === null ? typeof figure.reason === 'string' : Number.isFinite(figure.value),
        ).toBe(true);
      }
    }
    expect(tableFigures(tables[0] ?? osteoDetect).positiveLikelihoodRatio).toMatchObject({
      value: null,
      reason: 'there are no false positives: the ratio is infinite',
    });
    expect(tableFigures(osteoDetect).positivePredictiveValueAtPrevalence.reason).toBe(
      'no prevalence was stated',
    );
  });

  it('refuse cells that are no counts and prevalences that are no shares', () => {
    expect(() => tableFigures({ ...osteoDetect, truePositives: -1 })).toThrow(/are no counts/);
    expect(() => tableFigures(osteoDetect, { prevalence: 1 })).toThrow(/prevalence is 1/);
  });
});

describe('tableStatistic', () => {
  const random = createRandom(1);
  const labels = Array.from({ length: 120 }, (_, item) => item % 3 === 0);
  const scores = labels.map((label) => random.uniform() + (label ? 0.4 : 0));
  const groups = labels.map((_, item) => Math.floor(item / 4));
  const set = makeScoredSet(scores, labels, groups);

  it('computes what the table itself gives, and leaves groups out exactly', () => {
    const figures = tableFigures(tableOf(set, callsAt(set.scores, 0.7)), { prevalence: 0.3 });
    const statistic = tableStatistic(set, callsAt(set.scores, 0.7), 0.3);
    const once = computeOnce(statistic, set.groupCount);
    const expectedOnce = tableMeasures.map((measure) => figures[measure].value ?? Number.NaN);
    expectedOnce.forEach((value, index) => {
      expect(once[index]).toBeCloseTo(value, 12);
    });
    const left = new Float64Array(set.groupCount * statistic.size);
    statistic.leaveOneGroupOut?.(left);
    const weights = new Int32Array(set.groupCount).fill(1);
    weights[7] = 0;
    const expected = new Float64Array(statistic.size);
    statistic.compute(weights, expected, 0);
    expect(left.slice(7 * statistic.size, 8 * statistic.size)).toEqual(expected);
  });
});
