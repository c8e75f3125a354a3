import { describe, expect, it } from 'vitest';
import { readCsv } from '../../csv-table.js';
import { readerStudyFromTable } from '../reading-table.js';
import { compareTimes, type TimeSettings } from './compare-times.js';
import { fitCrossedIntercepts, type TimedReading } from './crossed-intercepts.js';

const settings: TimeSettings = {
  reference: 'without AI',
  level: 0.95,
  randomSlopes: false,
  replicates: 1000,
  seed: 1,
};
const readStudy = async () => readerStudyFromTable(await readCsv('examples/statistics/readers.csv'));

function near(value: number | null | undefined, expected: number, tolerance: number) {
  expect(Math.abs((value ?? Number.NaN) - expected), `${value} against ${expected}`).toBeLessThan(tolerance);
}

describe('reading times', () => {
  it('fits crossed random intercepts as lme4 does, with times missing', async () => {
    // lmer(log(time_s) ~ 0 + modality + (1 | reader) + (1 | case)) of lme4 1.1-31
    const times = compareTimes(await readStudy(), settings);
    near(times?.mixedModel?.restrictedLogLikelihood, -163.6019981, 1e-6);
    near(times?.mixedModel?.variances.case, 0.103426675, 1e-6);
    near(times?.mixedModel?.variances.reader, 0.02826139, 1e-6);
    near(times?.mixedModel?.variances.residual, 0.081566554, 1e-7);
    const [difference] = times?.differences ?? [];
    near(Math.log(difference?.ratio?.value ?? Number.NaN), 3.43804156 - 3.60213464, 1e-7);
    near((difference?.ratio?.standardError ?? 0) ** 2, 0.0079590039 + 0.0079617826 - 2 * 0.0076412262, 1e-9);
  });

  it('adds an effect of reader by modality on request, and tests it with the readers as the sample', async () => {
    const times = compareTimes(await readStudy(), { ...settings, randomSlopes: true });
    near(times?.mixedModel?.variances.readerModality, 0, 1e-8);
    expect(times?.mixedModel?.formula).toContain('(1 | reader:modality)');
    expect(times?.differences[0]?.ratio?.degrees).toBe(4);
  });

  it('pairs the readings of each reader, and takes the readers as the sample', async () => {
    const rows = (await readCsv('examples/statistics/readers.csv')).rows.map(({ cells }) => cells);
    const own = (modality: string) =>
      new Map(
        rows
          .filter((row) => row.reader === 'Reader A' && row.modality === modality && row.time_s !== '')
          .map((row) => [row.case, Number(row.time_s)]),
      );
    const [unaided, aided] = [own('without AI'), own('with AI')];
    const differences = [...aided].flatMap(([id, time]) => {
      const before = unaided.get(id);
      return before === undefined ? [] : [time - before];
    });
    const [difference] = compareTimes(await readStudy(), settings)?.differences ?? [];
    expect(difference?.readers[0]?.pairs).toBe(differences.length);
    near(
      difference?.readers[0]?.seconds?.value,
      differences.reduce((sum, d) => sum + d, 0) / differences.length,
      1e-9,
    );
    expect(difference?.acrossReaders?.degrees).toBe(4);
    const [low, high] = difference?.bootstrap.interval ?? [Number.NaN, Number.NaN];
    expect(low).toBeLessThan(difference?.bootstrap.value ?? Number.NaN);
    expect(high).toBeGreaterThan(difference?.bootstrap.value ?? Number.NaN);
  });

  it('gives the same bootstrap for the same seed', async () => {
    const study = await readStudy();
    const interval = (seed: number) =>
      compareTimes(study, { ...settings, seed })?.differences[0]?.bootstrap.interval;
    expect(interval(1)).toEqual(interval(1));
    expect(interval(1)).not.toEqual(interval(2));
  });

  it('is the analysis of variance where the layout is balanced', () => {
    // Residuals of a 2 x 3 x 4 table that are orthogonal to readers and cases.
    const readings: TimedReading[] = [];
    const wobble = [0.3, -0.1, 0.25, -0.2, 0.15, 0.05, -0.3, 0.1, -0.25, 0.2, -0.05, 0.4];
    for (let reader = 0; reader < 3; reader++) {
      for (let index = 0; index < 4; index++) {
        for (let modality = 0; modality < 2; modality++) {
          const noise = (modality === 0 ? 1 : -1) * (wobble[reader * 4 + index] ?? 0);
          readings.push({ reader, case: index, modality, y: reader * 2 + index * 1.5 + modality + noise });
        }
      }
    }
    const fit = fitCrossedIntercepts(readings, { readers: 3, cases: 4, modalities: 2 }, false);
    const of = (modality: number) => readings.filter((each) => each.modality === modality).map(({ y }) => y);
    const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    near(fit.means[0], mean(of(0)), 1e-9);
    near(fit.means[1], mean(of(1)), 1e-9);
    // MS residual of the additive table: (readings - fitted)^2 over 24 - 1 - 2 - 3 - 1 degrees.
    const grand = mean(readings.map(({ y }) => y));
    const average = (keep: (each: TimedReading) => boolean) =>
      mean(readings.filter(keep).map(({ y }) => y)) - grand;
    let squares = 0;
    for (const each of readings) {
      const fitted =
        grand +
        average(({ reader }) => reader === each.reader) +
        average((other) => other.case === each.case) +
        average(({ modality }) => modality === each.modality);
      squares += (each.y - fitted) ** 2;
    }
    near(fit.variances.residual, squares / 17, 1e-7);
  });

  it('has nothing to say without times', async () => {
    expect(
      compareTimes(readerStudyFromTable(await readCsv('examples/statistics/marks.csv')), settings),
    ).toBeNull();
  });
});
