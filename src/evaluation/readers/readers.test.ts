import { describe, expect, it } from 'vitest';
import { createRandom, type Random } from '../bootstrap/random.js';
import { parseCsv, readCsv } from '../csv-table.js';
import { normalQuantile } from '../distributions.js';
import { pairedDelong } from '../roc/delong.js';
import { makeScoredSet } from '../roc/scored-set.js';
import { compareMeasure, type MeasureSettings } from './compare-measure.js';
import { compareReaders } from './compare-readers.js';
import type { CaseReading, ReaderStudy, StudyCase } from './reader-study.js';
import { readerComparisonSchema } from './readers.schema.js';
import { readerStudyFromTable } from './reading-table.js';

const settings: MeasureSettings = {
  scope: 'random-readers-random-cases',
  covariance: 'delong',
  threshold: null,
  reference: null,
  margin: null,
  level: 0.95,
};

const readersFile = 'examples/statistics/readers.csv';
const marksFile = 'examples/statistics/marks.csv';
const readStudy = async (file: string) => readerStudyFromTable(await readCsv(file));
const fromText = (text: string) => readerStudyFromTable(parseCsv(text, 'r.csv'));

function near(value: number | null | undefined, expected: number, tolerance = 1e-9) {
  expect(Math.abs((value ?? Number.NaN) - expected), `${value} against ${expected}`).toBeLessThan(tolerance);
}

const reading = (score: number): CaseReading => ({ score, call: null, seconds: null, marks: null });

function studyOf(
  truth: readonly (0 | 1)[],
  scores: readonly (readonly (readonly number[])[])[],
): ReaderStudy {
  const cases = truth.map((t, i): StudyCase => ({ id: `c${i}`, truth: t, lesions: null }));
  return {
    path: 'test',
    cases,
    readers: (scores[0] ?? []).map((_, r) => `r${r}`),
    modalities: scores.map((_, m) => `m${m}`),
    crossed: scores.map((row, m) =>
      row.map((values, r) => ({ reader: `r${r}`, modality: `m${m}`, readings: values.map(reading) })),
    ),
    standalone: [],
  };
}

describe('comparison of readers', () => {
  it('is the paired DeLong test where there is one reader', async () => {
    const study = await readStudy(readersFile);
    const one: ReaderStudy = {
      ...study,
      readers: ['Reader A'],
      crossed: study.crossed.map((row) => row.slice(0, 1)),
    };
    const [difference] = compareMeasure(one, 'auc', settings).differences;
    const labels = study.cases.map(({ truth }) => truth);
    const [a, b] = one.crossed.map((row) =>
      makeScoredSet(row[0]?.readings.map(({ score }) => score ?? Number.NaN) ?? [], labels),
    );
    if (!a || !b) throw new Error('two modalities are expected');
    const delong = pairedDelong(a, b);
    near(difference?.byScope['fixed-readers-random-cases']?.t, delong.z ?? Number.NaN);
    near(difference?.byScope['fixed-readers-random-cases']?.p, delong.p ?? Number.NaN);
    expect(difference?.byScope['random-readers-random-cases']).toBeNull();
  });

  it('gives the same answer after Obuchowski-Rockette with the jackknife and after DBM, for every measure', async () => {
    for (const file of [readersFile, marksFile]) {
      const { measures } = compareReaders(await readStudy(file));
      expect(measures.map(({ measure }) => measure)).toEqual(
        file === readersFile ? ['auc', 'sensitivity', 'specificity'] : ['auc', 'wafroc'],
      );
      for (const { obuchowskiRockette, dorfmanBerbaumMetz } of measures) {
        for (const scope of ['random-readers-random-cases', 'random-readers-fixed-cases'] as const) {
          const [a, b] = [obuchowskiRockette?.byScope[scope], dorfmanBerbaumMetz?.byScope[scope]];
          near(b?.f, a?.f ?? Number.NaN, 1e-9);
          near(b?.denominator, a?.denominator ?? Number.NaN, 1e-6);
        }
      }
    }
  });

  it('turns areas into 1 - area when the scores are negated, and differences into their opposite', async () => {
    const study = await readStudy(readersFile);
    const turned: ReaderStudy = {
      ...study,
      crossed: study.crossed.map((row) =>
        row.map((cell) => ({ ...cell, readings: cell.readings.map(({ score }) => reading(-(score ?? 0))) })),
      ),
      standalone: [],
    };
    const a = compareMeasure(study, 'auc', settings);
    const b = compareMeasure(turned, 'auc', settings);
    near(b.modalities[0]?.value, 1 - (a.modalities[0]?.value ?? Number.NaN));
    near(b.differences[0]?.value, -(a.differences[0]?.value ?? Number.NaN));
    near(b.obuchowskiRockette?.cov2, a.obuchowskiRockette?.cov2 ?? Number.NaN);
  });

  it('does not change when scores are transformed in the same order, or rows are shuffled', async () => {
    const table = await readCsv(readersFile);
    const study = readerStudyFromTable(table);
    const shuffled = readerStudyFromTable({ ...table, rows: [...table.rows].reverse() });
    const cubed: ReaderStudy = {
      ...study,
      crossed: study.crossed.map((row) =>
        row.map((cell) => ({
          ...cell,
          readings: cell.readings.map(({ score }) => reading((score ?? 0) ** 3)),
        })),
      ),
      standalone: [],
    };
    const value = (each: ReaderStudy) =>
      compareMeasure(each, 'auc', settings).obuchowskiRockette?.byScope['random-readers-random-cases']?.f;
    near(value(cubed), value(study) ?? Number.NaN);
    near(value(shuffled), value(study) ?? Number.NaN);
  });

  it('compares the readers with a program that read alone', async () => {
    const study = await readStudy(readersFile);
    expect(study.modalities).toEqual(['without AI', 'with AI']);
    expect(study.standalone.map(({ modality }) => modality)).toEqual(['AI alone']);
    const [program] = compareMeasure(study, 'auc', settings).standalone;
    const [unaided] = program?.readersMinusProgram ?? [];
    near(unaided?.value, 0.759375 - 0.7559523809523809);
    // With one reader, that is the paired DeLong test of reader and program.
    const one: ReaderStudy = {
      ...study,
      readers: ['Reader A'],
      crossed: study.crossed.map((row) => row.slice(0, 1)),
    };
    const labels = study.cases.map(({ truth }) => truth);
    const setOf = (readings: readonly CaseReading[]) =>
      makeScoredSet(
        readings.map(({ score }) => score ?? Number.NaN),
        labels,
      );
    const z = pairedDelong(
      setOf(one.crossed[0]?.[0]?.readings ?? []),
      setOf(study.standalone[0]?.readings ?? []),
    ).z;
    const paired = compareMeasure(one, 'auc', settings).standalone[0]?.readersMinusProgram[0];
    near(paired?.byScope['fixed-readers-random-cases']?.t, z ?? Number.NaN);
  });

  it('judges non-inferiority by the lower bound', async () => {
    const study = await readStudy(readersFile);
    const judged = (margin: number) =>
      compareReaders(study, { reference: 'without AI', margin, measures: ['specificity'] }).measures[0]
        ?.differences[0];
    const wide = judged(0.05);
    expect(wide).toMatchObject({ a: 'with AI', b: 'without AI', nonInferiority: { shown: true } });
    expect(judged(0.005)?.nonInferiority?.shown).toBe(false);
    // The one-sided p is 2.5 % exactly where the lower bound meets the margin.
    const bound = -(wide?.byScope['random-readers-random-cases']?.interval[0] ?? Number.NaN);
    near(judged(bound)?.nonInferiority?.p, 0.025, 1e-9);
  });

  it('agrees with the calls counted by hand', async () => {
    const { measures } = compareReaders(await readStudy(readersFile), {
      measures: ['sensitivity', 'specificity'],
    });
    const rows = (await readCsv(readersFile)).rows.map(({ cells }) => cells);
    for (const { measure, readers } of measures) {
      for (const { reader, modality, estimate } of readers) {
        const own = rows.filter(
          (row) =>
            row.reader === reader &&
            row.modality === modality &&
            row.truth === (measure === 'sensitivity' ? '1' : '0'),
        );
        near(estimate.value, own.filter((row) => row.call === row.truth).length / own.length);
      }
    }
  });

  it('is a valid document', async () => {
    const result = compareReaders(await readStudy(readersFile), { reference: 'without AI', margin: 0.05 });
    expect(readerComparisonSchema.parse(JSON.parse(JSON.stringify(result)))).toEqual(result);
  });
});

describe('weighted AFROC', () => {
  const table = [
    'reader,modality,case,truth,lesions,lesion,score',
    'A,m,d1,1,2,left,5',
    'A,m,d1,1,2,,9',
    'A,m,d2,1,1,only,2',
    'A,m,n1,0,0,,2',
    'A,m,n1,0,0,,1',
    'A,m,n2,0,0,,',
  ].join('\n');

  it('is the chance that a lesion outranks the highest mark of a normal case', () => {
    const study = fromText(table);
    const { modalities } = compareMeasure(study, 'wafroc', settings);
    // d1: lesion 5 beats 2 and nothing; the unmarked lesion loses to 2 and ties with the unmarked case.
    const d1 = (1 + 1 + 0 + 0.5) / 2 / 2;
    const d2 = (0.5 + 1) / 2;
    near(modalities[0]?.value, (d1 + d2) / 2);
  });

  it('takes the highest mark of a case for the ROC area', () => {
    // d1 9, d2 2 against n1 2, n2 unmarked.
    near(compareMeasure(fromText(table), 'auc', settings).modalities[0]?.value, (1 + 1 + 0.5 + 1) / 4);
  });

  it('refuses marks that contradict the lesions', () => {
    expect(() => fromText(`${table}\nA,m,d3,1,0,,1`)).toThrow(/case d3 is diseased but has no lesions/);
    expect(() => fromText(`${table}\nA,m,d3,1,1,a,1\nA,m,d3,1,1,b,1`)).toThrow(/1 lesions, but 2 are marked/);
    expect(() => fromText(`${table}\nA,m,n3,0,1,,1`)).toThrow(/case n3 is normal but has 1 lesions/);
    expect(() => fromText(`${table}\nA,m,d3,1,1,a,`)).toThrow(/mark on lesion a has no score/);
  });
});

describe('a table that cannot be compared', () => {
  const header = 'reader,modality,case,truth,score';
  const rows = ['A,x', 'A,y', 'B,x', 'B,y'].flatMap((cell) =>
    ['1,1,5', '2,1,4', '3,0,2', '4,0,3'].map((rest) => `${cell},${rest}`),
  );
  const csv = (lines: readonly string[]) => fromText([header, ...lines].join('\n'));

  it('names what is missing, doubled or contradictory', () => {
    expect(() => csv(rows.slice(0, -1))).toThrow(
      /1 of 16 readings are missing, the first is reader B, modality y, case 4/,
    );
    expect(() => csv([...rows, 'A,x,1,1,5'])).toThrow(/reader A, modality x, case 1 is given 2 times/);
    expect(() => csv([...rows.slice(1), 'A,x,1,0,5'])).toThrow(/truth of case 1 is given as both/);
    expect(() => csv([...rows.slice(1), 'A,x,1,1,NaN'])).toThrow(/score is "NaN", not a finite number/);
    expect(() => csv([...rows.slice(1), 'A,x,1,2,5'])).toThrow(/truth is 2, neither 0 nor 1/);
    expect(() => csv([...rows.slice(1), ',x,1,1,5'])).toThrow(/reader is empty/);
    expect(() => csv([...rows.slice(1), 'A,x,1,1,'])).toThrow(/neither a score nor a call/);
    expect(() => fromText('reader,modality,case,truth\nA,x,1,1')).toThrow(
      /no column score or rating or call/,
    );
    expect(() => fromText(`${header},time_s\n${rows[0]},-3`)).toThrow(/time_s is -3, not above 0/);
  });

  it('says which measure the data do not allow', () => {
    expect(() => compareReaders(csv(rows), { measures: ['wafroc'] })).toThrow(/weighted AFROC curve needs/);
    expect(() => compareReaders(csv(rows), { measures: ['sensitivity'] })).toThrow(/sensitivity needs/);
    expect(
      compareReaders(csv(rows), { measures: ['sensitivity'], threshold: 4 }).measures[0]?.modalities[0]
        ?.value,
    ).toBe(1);
    expect(() => compareReaders(csv(rows), { reference: 'z' })).toThrow(/no modality z/);
    expect(() => compareReaders(csv(rows), { margin: 0.05 })).toThrow(/needs a reference/);
    const diseased = rows.filter((row) => row.includes(',1,'));
    expect(() => compareReaders(csv(diseased.filter((row) => /,[12],1,/.test(row))))).toThrow(
      /All 2 cases are diseased/,
    );
  });

  it('gives no test, not a NaN, where all readers agree to the last digit', () => {
    const result = compareReaders(csv(rows));
    const [auc] = result.measures;
    expect(auc?.differences[0]?.value).toBe(0);
    expect(auc?.differences[0]?.byScope['random-readers-random-cases']).toBeNull();
    expect(JSON.stringify(result)).not.toContain('NaN');
    expect(readerComparisonSchema.parse(JSON.parse(JSON.stringify(result)))).toEqual(result);
  });
});

describe('coverage', () => {
  const normal = (random: Random) => normalQuantile(Math.min(1 - 1e-12, Math.max(1e-12, random.uniform())));

  it('holds a difference of zero about 95 times in 100 under the model of Roe and Metz', () => {
    const random = createRandom(3);
    const runs = 300;
    const truth = Array.from({ length: 100 }, (_, i): 0 | 1 => (i < 50 ? 1 : 0));
    let covered = 0;
    for (let run = 0; run < runs; run++) {
      const ofCase = truth.map(() => normal(random) * Math.sqrt(0.3));
      const ofReader = Array.from({ length: 6 }, () => [normal(random) * 0.1, normal(random) * 0.1] as const);
      const readerCase = ofReader.map(() => truth.map(() => normal(random) * Math.sqrt(0.2)));
      const scores = [0, 1].map(() => {
        const modalityCase = truth.map(() => normal(random) * Math.sqrt(0.3));
        return ofReader.map((reader, r) => {
          const modalityReader = [normal(random) * 0.1, normal(random) * 0.1] as const;
          return truth.map((t, k) => {
            const effects = (ofCase[k] ?? 0) + (modalityCase[k] ?? 0) + (readerCase[r]?.[k] ?? 0);
            return 1.5 * t + reader[t] + modalityReader[t] + effects + normal(random) * Math.sqrt(0.2);
          });
        });
      });
      const [difference] = compareMeasure(studyOf(truth, scores), 'auc', settings).differences;
      const interval = difference?.byScope['random-readers-random-cases']?.interval;
      if (interval && interval[0] <= 0 && interval[1] >= 0) covered++;
    }
    expect(covered / runs).toBeGreaterThanOrEqual(0.93);
    expect(covered / runs).toBeLessThanOrEqual(0.98);
  });
});
