import { describe, expect, it } from 'vitest';
import { confidenceOf } from './confidence.js';
import type { EvidenceStatistics } from './statistics-port.js';
import { type Study, studySchema } from './study.js';

const statistics: EvidenceStatistics = {
  proportion: (successes, total) => ({ value: successes / total, interval: [0, 1] }),
  pool: () => {
    throw new Error('not used here');
  },
};

function study(id: string, changes: Partial<Study> = {}): Study {
  return {
    ...studySchema.parse({
      schema: 'lucency.evidence/1',
      id,
      kind: 'study',
      name: 'A study',
      title: null,
      year: 2024,
      venue: null,
      identifiers: [],
      identityVia: 'notes',
      modality: ['radiograph'],
      bodyParts: [],
      design: 'accuracy-study',
      sample: 'cases',
      studiesPooled: null,
      referenceStandard: null,
      testing: 'not-stated',
      riskOfBias: { level: 'unclear', why: 'Not assessed here.' },
      comparison: null,
      subjects: [],
      facts: { sensitivity: { label: 'Sensitivity', unit: 'proportion', value: 0.9, how: 'table' } },
      statements: {},
      limits: [],
      checked: '2026-11-24',
      checkedAt: [],
    }),
    ...changes,
  };
}

function sensitivity(value: number, how: 'table' | 'abstract' = 'table'): Study['facts'] {
  return { sensitivity: { label: 'Sensitivity', unit: 'proportion', value, how, via: 'notes' } };
}

function grade(studies: readonly Study[], options: { subgroup?: true; indirect?: true } = {}) {
  const supports = studies.map(({ id }) => ({ study: id, figure: `${id}/sensitivity`, ...options }));
  return confidenceOf({ supports }, new Map(studies.map((entry) => [entry.id, entry])), statistics);
}

const points = (confidence: ReturnType<typeof grade>) => confidence.parts.map((part) => part.points).join('');
const low = { level: 'low', why: 'Judged to be low.' } as const;

describe('confidence', () => {
  it('is very low and scores nothing without studies', () => {
    const none = confidenceOf({ supports: [] }, new Map(), statistics);
    expect([none.level, none.points]).toEqual(['very-low', 0]);
  });

  it('counts the studies that a review pooled, and one for a part of a review', () => {
    const review = study('review', { design: 'systematic-review', studiesPooled: 14 });
    expect(points(grade([review]))).toBe('22001');
    expect(points(grade([review], { subgroup: true }))).toBe('02001');
  });

  it('gives two points for two tests elsewhere and one for one', () => {
    const outside = (id: string) => study(id, { testing: 'external' });
    expect(points(grade([outside('a'), study('b')]))).toBe('11121');
    expect(points(grade([outside('a'), outside('b')]))).toBe('11221');
  });

  it('grades agreement by the spread of the key figure: 5 points, 10 points, more', () => {
    const pair = (value: number) => [
      study('a', { facts: sensitivity(0.9) }),
      study('b', { facts: sensitivity(value) }),
    ];
    expect(points(grade(pair(0.85)))[3]).toBe('2');
    expect(points(grade(pair(0.84)))[3]).toBe('1');
    expect(points(grade(pair(0.8)))[3]).toBe('1');
    expect(points(grade(pair(0.79)))[3]).toBe('0');
  });

  it('takes I2 for the agreement inside a single review', () => {
    const iSquared = (value: number) =>
      study('review', {
        design: 'systematic-review',
        studiesPooled: 14,
        facts: {
          ...sensitivity(0.9),
          'i-squared': { label: 'I2', unit: 'proportion', value, how: 'abstract', via: 'notes' },
        },
      });
    expect(points(grade([iSquared(0.066)]))[3]).toBe('2');
    expect(points(grade([iSquared(0.4)]))[3]).toBe('1');
    expect(points(grade([iSquared(0.8)]))[3]).toBe('0');
  });

  it('is held down by a review whose own studies differ, also where the key figures agree', () => {
    const review = (value: number) =>
      study('review', {
        design: 'systematic-review',
        studiesPooled: 14,
        facts: {
          ...sensitivity(0.9),
          'i-squared': { label: 'I2', unit: 'proportion', value, how: 'abstract', via: 'notes' },
        },
      });
    const agreementWith = (value: number, subgroup?: true) =>
      points(grade([review(value), study('b')], subgroup ? { subgroup } : {}))[3];
    expect([agreementWith(0.1), agreementWith(0.4), agreementWith(0.99)]).toEqual(['2', '1', '0']);
    // A part of a review: its agreement vouches for nothing, its disagreement still warns.
    expect([agreementWith(0.1, true), agreementWith(0.99, true)]).toEqual(['2', '0']);
    expect(points(grade([review(0.1)], { subgroup: true }))[3]).toBe('0');
  });

  it('lets the study with the highest risk of bias decide', () => {
    const high = study('b', { riskOfBias: { level: 'high', why: 'Judged to be high.' } });
    expect(points(grade([study('a', { riskOfBias: low }), study('c', { riskOfBias: low })]))[4]).toBe('2');
    expect(points(grade([study('a', { riskOfBias: low }), study('c')]))[4]).toBe('1');
    expect(points(grade([study('a', { riskOfBias: low }), high]))[4]).toBe('0');
  });

  it('does not count rules and pages', () => {
    const rule = study('rule', { kind: 'rule', design: 'rule' });
    const page = study('page', { kind: 'page', design: 'claim' });
    expect(grade([rule, page]).points).toBe(0);
  });

  const strong = (id: string, changes: Partial<Study> = {}) =>
    study(id, {
      design: 'systematic-review',
      studiesPooled: 20,
      testing: 'external',
      riskOfBias: low,
      ...changes,
    });

  it('is high only when every part scores and more than abstracts was read', () => {
    expect(grade([strong('a'), strong('b')]).level).toBe('high');
    const biased = grade([
      strong('a'),
      strong('b', { riskOfBias: { level: 'high', why: 'Judged to be high.' } }),
    ]);
    expect([biased.points, biased.level, biased.caps]).toEqual([8, 'moderate', ['a-part-scores-nothing']]);
    const abstracts = grade([
      strong('a', { facts: sensitivity(0.9, 'abstract') }),
      strong('b', { facts: sensitivity(0.9, 'abstract') }),
    ]);
    expect([abstracts.level, abstracts.caps]).toEqual(['moderate', ['abstracts-only']]);
  });

  it('is not high when only a study without the key figure was read in full', () => {
    const read = strong('read');
    const short = (id: string) => strong(id, { facts: sensitivity(0.9, 'abstract') });
    const studies = [short('a'), short('b'), read];
    const supports = [
      { study: 'a', figure: 'a/sensitivity' },
      { study: 'b', figure: 'b/sensitivity' },
      { study: 'read' },
    ];
    const graded = confidenceOf({ supports }, new Map(studies.map((entry) => [entry.id, entry])), statistics);
    expect([graded.level, graded.caps]).toEqual(['moderate', ['abstracts-only']]);
  });

  it('is at most low where all studies are of other bones or other people', () => {
    const indirect = grade([strong('a'), strong('b')], { indirect: true });
    expect([indirect.level, indirect.caps]).toEqual(['low', ['indirect-only']]);
  });
});
