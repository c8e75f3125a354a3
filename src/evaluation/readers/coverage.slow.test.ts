import { describe, expect, it } from 'vitest';
import type { Random } from '../bootstrap/random.js';
import { coverage, holds, normal } from '../coverage.fixture.js';
import { normalCdf } from '../distributions.js';
import { compareMeasure, type MeasureSettings } from './compare-measure.js';
import type { CaseReading, ReaderStudy } from './reader-study.js';

const settings: MeasureSettings = {
  scope: 'random-readers-random-cases',
  covariance: 'delong',
  threshold: 0.8,
  reference: null,
  margin: null,
  level: 0.95,
};
const separation = 1.5;
/** Variances of the model of Roe and Metz: case, reader by case, modality by case, rest; and of readers. */
const variances = {
  case: 0.3,
  readerCase: 0.2,
  modalityCase: 0.3,
  rest: 0.2,
  reader: 0.01,
  modalityReader: 0.01,
};

/** Readers who read all cases in two modalities that do not differ, and a program that read them alone. */
function drawStudy(random: Random, readers: number, perClass: number): ReaderStudy {
  const truth = Array.from({ length: 2 * perClass }, (_, index): 0 | 1 => (index < perClass ? 1 : 0));
  const draw = (variance: number) => Math.sqrt(variance) * normal(random);
  const ofCase = truth.map(() => draw(variances.case));
  const modalityCase = [0, 1].map(() => truth.map(() => draw(variances.modalityCase)));
  const people = Array.from({ length: readers }, () => ({
    own: [draw(variances.reader), draw(variances.reader)] as const,
    ofCase: truth.map(() => draw(variances.readerCase)),
  }));
  const reading = (score: number): CaseReading => ({
    score,
    call: null,
    seconds: Math.exp(3.5 + 0.3 * normal(random)),
    marks: null,
  });
  const crossed = [0, 1].map((modality) =>
    people.map(({ own, ofCase: own_case }, reader) => {
      const inModality = [draw(variances.modalityReader), draw(variances.modalityReader)] as const;
      const readings = truth.map((t, k) =>
        reading(
          separation * t +
            own[t] +
            inModality[t] +
            (ofCase[k] ?? 0) +
            (modalityCase[modality]?.[k] ?? 0) +
            (own_case[k] ?? 0) +
            draw(variances.rest),
        ),
      );
      return { reader: `r${reader}`, modality: `m${modality}`, readings };
    }),
  );
  const program = truth.map((t, k) =>
    reading(separation * t + (ofCase[k] ?? 0) + Math.sqrt(0.7) * normal(random)),
  );
  return {
    path: 'simulated',
    cases: truth.map((t, k) => ({ id: `c${k}`, truth: t, lesions: null })),
    readers: people.map((_, reader) => `r${reader}`),
    modalities: ['m0', 'm1'],
    crossed,
    standalone: [{ reader: 'p', modality: 'program', readings: program }],
  };
}

describe('coverage of the intervals of a reader study by simulation', { timeout: 400_000 }, () => {
  it('differences of modalities, means and single readers, for AUC and sensitivity', () => {
    // All readers have the same expected area: their spread adds to that of the scores.
    const spread = Math.sqrt(2 * (1 + variances.reader + variances.modalityReader));
    const area = normalCdf(separation / spread);
    const shares = coverage(1000, 3_000_000, (random) => {
      const study = drawStudy(random, 8, 100);
      const auc = compareMeasure(study, 'auc', settings);
      const sensitivity = compareMeasure(study, 'sensitivity', settings);
      const between = (measure: typeof auc, scope: MeasureSettings['scope']) =>
        holds(measure.differences[0]?.byScope[scope]?.interval, 0);
      return {
        'AUC difference, random readers and cases': between(auc, 'random-readers-random-cases'),
        'sensitivity difference, random readers and cases': between(
          sensitivity,
          'random-readers-random-cases',
        ),
        'AUC mean of a modality': holds(
          auc.modalities[0]?.byScope['random-readers-random-cases']?.interval,
          area,
        ),
        'readers less program': holds(
          auc.standalone[0]?.readersMinusProgram[0]?.byScope['random-readers-random-cases']?.interval,
          area - normalCdf(separation / Math.SQRT2),
        ),
      };
    });
    for (const [name, share] of Object.entries(shares)) {
      expect(share, name).toBeGreaterThanOrEqual(0.93);
      expect(share, name).toBeLessThanOrEqual(0.97);
    }
  });
});
