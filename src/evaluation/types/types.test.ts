import { describe, expect, it } from 'vitest';
import { createRandom } from '../bootstrap/random.js';
import { intervalOf } from '../figure.js';
import type { ClassTable } from './class-table.js';
import { kappaFigure } from './kappa.js';
import { typeFigures } from './type-figures.js';
import { makeTypedSet, type TypedItem } from './typed-set.js';

function tableOf(rows: number[][]): ClassTable {
  return { size: rows.length, cells: Float64Array.from(rows.flat()) };
}

/** How often husbands and wives call sex fun (Agresti 1990, p. 21); results of R, vcd::Kappa. */
const couples = tableOf([
  [7, 7, 2, 3],
  [2, 8, 3, 7],
  [1, 5, 4, 9],
  [2, 8, 9, 14],
]);

describe('kappa', () => {
  it('and its standard error agree with R for the plain and the linearly weighted kappa', () => {
    const standardError = (weights: 'none' | 'linear') => {
      const figure = kappaFigure(couples, weights);
      const interval = intervalOf(figure, 'wald');
      return ((interval?.upper ?? 0) - (interval?.lower ?? 0)) / (2 * 1.959963984540054);
    };
    expect(kappaFigure(couples, 'none').value).toBeCloseTo(0.1293, 4);
    expect(standardError('none')).toBeCloseTo(0.0686, 4);
    expect(kappaFigure(couples, 'linear').value).toBeCloseTo(0.2374, 4);
    expect(standardError('linear')).toBeCloseTo(0.0783, 4);
  });

  it('is 1 for full agreement, 0 for none beyond chance, and null with a reason where it has no meaning', () => {
    expect(
      kappaFigure(
        tableOf([
          [5, 0],
          [0, 7],
        ]),
        'quadratic',
      ).value,
    ).toBe(1);
    expect(
      kappaFigure(
        tableOf([
          [4, 4],
          [4, 4],
        ]),
        'none',
      ).value,
    ).toBeCloseTo(0, 12);
    expect(
      kappaFigure(
        tableOf([
          [20, 5],
          [10, 15],
        ]),
        'none',
      ).value,
    ).toBeCloseTo(0.4, 12);
    expect(
      kappaFigure(
        tableOf([
          [9, 0],
          [0, 0],
        ]),
        'none',
      ),
    ).toMatchObject({ value: null });
    expect(() => kappaFigure(tableOf([[1]]), 'none')).toThrow(/at least two classes/);
  });

  it('interval covers the truth about 95 times in 100, plain and weighted', () => {
    // Classes with shares .2, .3, .5; reader B repeats A with probability 0.6, else draws anew from the same shares.
    const draw = (u: number) => (u < 0.2 ? 0 : u < 0.5 ? 1 : 2);
    const truth = 0.6;
    const covered = { none: 0, linear: 0, quadratic: 0 };
    const runs = 2000;
    for (let run = 0; run < runs; run++) {
      const random = createRandom(30_000 + run);
      const cells = new Float64Array(9);
      for (let item = 0; item < 200; item++) {
        const a = draw(random.uniform());
        const b = random.uniform() < 0.6 ? a : draw(random.uniform());
        cells[3 * a + b] = (cells[3 * a + b] ?? 0) + 1;
      }
      for (const weights of ['none', 'linear', 'quadratic'] as const) {
        const interval = intervalOf(kappaFigure({ size: 3, cells }, weights), 'wald');
        if (interval && interval.lower <= truth && truth <= interval.upper) covered[weights]++;
      }
    }
    for (const hits of Object.values(covered)) {
      expect(hits / runs).toBeGreaterThan(0.93);
      expect(hits / runs).toBeLessThan(0.97);
    }
  });
});

describe('typeFigures', () => {
  const classes = ['transverse', 'oblique', 'spiral'];
  // Truth and prediction; the F1 values below were worked out by hand.
  const pairs: [string, string, number][] = [
    ['transverse', 'transverse', 6],
    ['transverse', 'oblique', 2],
    ['oblique', 'oblique', 3],
    ['oblique', 'spiral', 1],
    ['spiral', 'spiral', 4],
    ['spiral', 'transverse', 1],
  ];
  const items = pairs.flatMap(([truth, predicted, count]) =>
    Array.from({ length: count }, (_, index): TypedItem => {
      const rest = 0.2 / 2;
      const probabilities = Object.fromEntries(
        classes.map((label) => [label, label === predicted ? 0.8 : rest]),
      );
      const set = index === 0 ? [...classes] : [predicted];
      return { truth, predicted, probabilities, set, group: `${truth} ${index}` };
    }),
  );
  const figures = typeFigures(makeTypedSet(classes, items), { replicates: 300 });

  it('counts, and averages F1 over classes, over items and weighted by class size', () => {
    expect(figures.confusion).toEqual([
      [6, 2, 0],
      [0, 3, 1],
      [1, 0, 4],
    ]);
    expect(figures.accuracy).toMatchObject({ value: 13 / 17, numerator: 13, denominator: 17 });
    const f1 = [12 / 15, 6 / 9, 8 / 10] as const;
    expect(figures.macroF1.value).toBeCloseTo((f1[0] + f1[1] + f1[2]) / 3, 12);
    expect(figures.weightedF1.value).toBeCloseTo((8 * f1[0] + 4 * f1[1] + 5 * f1[2]) / 17, 12);
    expect(figures.microF1.value).toBe(figures.accuracy.value);
    expect(figures.perClass[1]?.precision.value).toBeCloseTo(3 / 5, 12);
    expect(intervalOf(figures.macroF1, 'bca')).not.toBeNull();
  });

  it('gives one-versus-rest AUC per class', () => {
    // oblique: 4 positives (3 at .8, 1 at .1) against 13 negatives (2 at .8, 11 at .1).
    expect(figures.perClass[1]?.auc.value).toBeCloseTo((3 * (11 + 1) + 1 * (11 / 2)) / 52, 12);
  });

  it('gives coverage and mean size of the conformal sets', () => {
    // First item of each pair has the full set; the wrong pairs hold 2 + 1 + 1 items, of which one each is covered.
    expect(figures.conformal?.coverage.value).toBeCloseTo(16 / 17, 12);
    expect(figures.conformal?.meanSetSize.value).toBeCloseTo((6 * 3 + 11) / 17, 12);
    expect(figures.conformal?.emptySets).toBe(0);
  });

  it('leaves out what the predictions do not hold, with the reason', () => {
    const bare = typeFigures(
      makeTypedSet(
        classes,
        items.map(({ truth, predicted }) => ({ truth, predicted })),
      ),
      { replicates: 200 },
    );
    expect(bare.conformal).toBeNull();
    expect(bare.perClass[0]?.auc).toMatchObject({ value: null, reason: 'not every item has probabilities' });
    expect(typeFigures(makeTypedSet(classes, [])).accuracy).toMatchObject({
      value: null,
      reason: 'there are no items',
    });
    expect(() => makeTypedSet(classes, [{ truth: 'greenstick', predicted: 'spiral' }])).toThrow(
      /"greenstick"/,
    );
  });
});
