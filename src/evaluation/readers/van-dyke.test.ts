import { describe, expect, it } from 'vitest';
import { readCsv } from '../csv-table.js';
import { compareMeasure, type MeasureSettings } from './compare-measure.js';
import { readerStudyFromTable } from './reading-table.js';

const file = 'test/fixtures/statistics/van-dyke.csv';

const settings: MeasureSettings = {
  scope: 'random-readers-random-cases',
  covariance: 'jackknife',
  threshold: null,
  reference: null,
  margin: null,
  level: 0.95,
};

const analyse = async (changes: Partial<MeasureSettings> = {}) =>
  compareMeasure(readerStudyFromTable(await readCsv(file)), 'auc', { ...settings, ...changes });

function near(value: number | null | undefined, expected: number, tolerance: number) {
  expect(Math.abs((value ?? Number.NaN) - expected), `${value} against ${expected}`).toBeLessThan(tolerance);
}

/** Values of R's RJafroc (../shared/research/statistics.md). */
describe('Van Dyke data', () => {
  it('gives the area of every reader', async () => {
    const { readers } = await analyse();
    const expected = [
      0.91964573, 0.85877617, 0.90386473, 0.97310789, 0.82979066, 0.94782609, 0.90531401, 0.92173913,
      0.99935588, 0.92995169,
    ];
    expect(readers).toHaveLength(10);
    for (const [index, { estimate }] of readers.entries()) near(estimate.value, expected[index] ?? 0, 5e-9);
  });

  it('gives mean squares and covariances after Obuchowski and Rockette', async () => {
    const table = (await analyse()).obuchowskiRockette;
    near(table?.meanSquares.modality, 0.0047961705, 5e-11);
    near(table?.meanSquares.interaction, 0.0005510306, 5e-11);
    near(table?.variance, 0.00080229, 5e-9);
    near(table?.cov1, 0.00034661, 5e-9);
    near(table?.cov2, 0.00034407, 5e-9);
    near(table?.cov3, 0.00023903, 5e-9);
  });

  it('tests the modalities with random and with fixed readers', async () => {
    const { obuchowskiRockette: table, differences } = await analyse();
    const random = table?.byScope['random-readers-random-cases'];
    near(random?.f, 4.4563187, 5e-8);
    near(random?.denominator, 15.259675, 5e-7);
    near(random?.p, 0.0516657, 5e-8);
    const fixed = table?.byScope['fixed-readers-random-cases'];
    near(fixed?.f, 5.4759532, 5e-8);
    expect(fixed?.denominator).toBeNull();
    near(fixed?.p, 0.01928, 5e-6);
    const difference = differences[0]?.byScope['random-readers-random-cases'];
    near(difference?.value, -0.0438003, 5e-8);
    near(difference?.interval[0], -0.0879595, 5e-8);
    near(difference?.interval[1], 0.0003589, 5e-8);
    near(difference?.p, random?.p ?? Number.NaN, 1e-12);
  });

  it('gives the same F, degrees and p after Dorfman, Berbaum and Metz', async () => {
    const { obuchowskiRockette, dorfmanBerbaumMetz } = await analyse();
    for (const scope of ['random-readers-random-cases', 'random-readers-fixed-cases'] as const) {
      const [or, dbm] = [obuchowskiRockette?.byScope[scope], dorfmanBerbaumMetz?.byScope[scope]];
      near(dbm?.f, or?.f ?? Number.NaN, 1e-9);
      near(dbm?.denominator, or?.denominator ?? Number.NaN, 1e-7);
      near(dbm?.p, or?.p ?? Number.NaN, 1e-10);
    }
  });

  it('gives DeLong covariances close to the jackknife, and the single-modality intervals', async () => {
    const delong = await analyse({ covariance: 'delong' });
    near(delong.obuchowskiRockette?.variance, 0.00080229, 2e-5);
    const { modalities } = await analyse();
    // RJafroc 2.1, StSignificanceTesting: ciAvgRdrEachTrt of RRRC.
    const first = modalities[0]?.byScope['random-readers-random-cases'];
    near(first?.value, 0.89703704, 5e-9);
    near(first?.standardError, 0.033173597, 1e-5);
  });
});
