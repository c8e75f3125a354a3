import { describe, expect, it } from 'vitest';
import { parseCsv } from '../../evaluation/csv-table.js';
import { compareReaders } from '../../evaluation/readers/compare-readers.js';
import { readerStudyFromTable } from '../../evaluation/readers/reading-table.js';
import { readerTables } from './tables.js';

/** A crossed study of three readers, two modalities, twelve diseased and ten normal cases. */
function study(
  score: (cell: { truth: number; reader: number; modality: number; index: number }) => number | '',
) {
  const rows = ['reader,modality,case,truth,score'];
  for (let reader = 1; reader <= 3; reader++)
    for (const modality of [1, 2])
      for (let index = 0; index < 22; index++) {
        const truth = index < 12 ? 1 : 0;
        rows.push(
          [`r${reader}`, `m${modality}`, `c${index}`, truth, score({ truth, reader, modality, index })].join(
            ',',
          ),
        );
      }
  return readerStudyFromTable(parseCsv(rows.join('\n'), 'study.csv'));
}

const aucOf = (result: ReturnType<typeof compareReaders>) =>
  result.measures.find(({ measure }) => measure === 'auc');

describe('reader studies at the extremes', () => {
  // Scores with many digits, so that what is nothing in exact arithmetic is a remainder in that of a machine.
  const noisy = ({ truth, reader, index }: { truth: number; reader: number; index: number }) =>
    truth * 0.7 + Math.sin(index * 12.9898 + reader * 78.233) / 3;

  it.each([
    ['readers who read both modalities alike', noisy],
    [
      'readers without a mistake',
      ({ truth, index }: { truth: number; index: number }) => truth + index / 100,
    ],
    ['readers who say the same of all', () => 0.3],
  ])('give no test and no P value for %s, and say why', (_, score) => {
    const result = compareReaders(study(score));
    const auc = aucOf(result);
    const tests = [auc?.obuchowskiRockette, auc?.dorfmanBerbaumMetz].flatMap((each) =>
      Object.values(each?.byScope ?? {}),
    );
    expect(tests).toHaveLength(6);
    expect(tests.every((test) => test === null)).toBe(true);
    expect(auc?.readerDifferences.map(({ test }) => test)).toEqual([null, null, null]);
    const notes = readerTables(result).flatMap((table) => table.notes);
    expect(notes.filter((note) => note.startsWith('No test, '))).not.toHaveLength(0);
    expect(notes.join('\n')).not.toContain('Dorfman-Berbaum-Metz,');
  });

  it('still test readers who differ', () => {
    const auc = aucOf(
      compareReaders(study((cell) => noisy(cell) - (cell.modality === 2 && cell.index % 3 === 0 ? 0.5 : 0))),
    );
    expect(Object.values(auc?.dorfmanBerbaumMetz?.byScope ?? {}).every((test) => test !== null)).toBe(true);
  });

  it('give an exact lower bound for an AUC of 1: that of ten pairs all ranked rightly', () => {
    const auc = aucOf(compareReaders(study(({ truth, index }) => truth + index / 100)));
    const [low, high] = auc?.readers[0]?.estimate.interval ?? [];
    // 0.025 ** (1 / 10), Clopper and Pearson 1934.
    expect(low).toBeCloseTo(0.691503, 6);
    expect(high).toBe(1);
  });

  it('say which analysis one empty score has cost', () => {
    const rows = ['reader,modality,case,truth,score,call'];
    for (const reader of ['r1', 'r2'])
      for (const modality of ['m1', 'm2'])
        for (let index = 0; index < 20; index++) {
          const score = reader === 'r2' && modality === 'm1' && index === 5 ? '' : (index * 7) % 20;
          rows.push([reader, modality, `c${index}`, index % 2, score, index % 3 === 0 ? 1 : 0].join(','));
        }
    const result = compareReaders(readerStudyFromTable(parseCsv(rows.join('\n'), 'study.csv')));
    expect(aucOf(result)).toBeUndefined();
    expect(result.warnings.join(' ')).toContain('1 of 80 readings have no score');
  });
});
