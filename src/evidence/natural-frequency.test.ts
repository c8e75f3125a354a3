import { describe, expect, it } from 'vitest';
import { afterTest, afterTestWithBounds, peopleOf, prevalenceFromF1 } from './natural-frequency.js';

describe('what a result means for one person', () => {
  // The ankle and foot review: the predictive values that the research notes derive from its rates.
  it('gives the published example: 65 % and 99.2 % at 10 %, 88 % and 97 % at 30 %', () => {
    const few = afterTest(0.932, 0.945, 0.1);
    expect(few.positive).toBeCloseTo(0.65, 2);
    expect(few.clear).toBeCloseTo(0.992, 3);
    const more = afterTest(0.932, 0.945, 0.3);
    expect(more.positive).toBeCloseTo(0.88, 2);
    expect(more.clear).toBeCloseTo(0.97, 2);
  });

  // OsteoDetect: PPV .813 and NPV .961 stand in the FDA record beside the cells 291, 25, 67, 617.
  it('gives the predictive values that the FDA printed for OsteoDetect', () => {
    const { positive, clear } = afterTest(291 / 316, 617 / 684, 316 / 1000);
    expect(positive).toBeCloseTo(0.813, 3);
    expect(clear).toBeCloseTo(0.961, 3);
  });

  it('agrees with counting whole people', () => {
    const { ill, found, missed, falseAlarms, cleared } = peopleOf(0.9, 0.8, 0.2, 1000);
    expect([ill, found, missed, falseAlarms, cleared]).toEqual([200, 180, 20, 160, 640]);
    expect(afterTest(0.9, 0.8, 0.2).positive).toBeCloseTo(found / (found + falseAlarms), 12);
    expect(afterTest(0.9, 0.8, 0.2).clear).toBeCloseTo(cleared / (cleared + missed), 12);
  });

  it('keeps the value inside its bounds, which widen with the intervals', () => {
    const rate = (value: number, low: number, high: number) => ({ value, interval: [low, high] as const });
    const { positive, clear } = afterTestWithBounds(rate(0.932, 0.888, 0.959), rate(0.945, 0.901, 0.97), 0.1);
    for (const { value, interval } of [positive, clear]) {
      expect(interval?.[0]).toBeLessThan(value);
      expect(interval?.[1]).toBeGreaterThan(value);
    }
    expect(positive.interval?.[0]).toBeCloseTo((0.888 * 0.1) / (0.888 * 0.1 + 0.099 * 0.9), 12);
  });

  it('has no bounds where a rate has none', () => {
    const { positive } = afterTestWithBounds(
      { value: 0.9, interval: null },
      { value: 0.9, interval: [0.8, 0.95] },
      0.1,
    );
    expect(positive.interval).toBeNull();
  });

  it('is undefined when nobody can get the result', () => {
    expect(afterTest(0, 1, 0.1).positive).toBeNaN();
    expect(afterTest(1, 0, 0.1).clear).toBeNaN();
  });

  it('works the share of ill people back out of F1', () => {
    // The notes: an F1 of .94 with .932 and .945 means about half.
    expect(prevalenceFromF1(0.932, 0.945, 0.94)).toBeCloseTo(0.52, 2);
    const share = 0.3;
    const [tp, fn, fp] = [0.9 * share, 0.1 * share, 0.2 * (1 - share)];
    expect(prevalenceFromF1(0.9, 0.8, (2 * tp) / (2 * tp + fp + fn))).toBeCloseTo(share, 12);
  });
});
