import { describe, expect, it } from 'vitest';
import { loadEvidence } from './evidence-base.js';
import { resolveFact } from './facts.js';
import { outOf100, rangeOutOf100, sayNumber } from './numbers.js';
import type { EvidenceStatistics } from './statistics-port.js';
import { studySchema } from './study.js';
import { hasTypedNumber, parseTemplate, referencesIn } from './template.js';

const statistics: EvidenceStatistics = {
  proportion: (successes, total) => ({ value: successes / total, interval: [0.1, 0.9] }),
  pool: (studies) => ({
    sensitivity: { value: studies.length / 10, interval: [0.3, 0.5] },
    specificity: { value: 0.7, interval: [0.6, 0.8] },
  }),
};
const { studies, wording } = loadEvidence();
const resolve = (reference: string) => resolveFact(studies, reference, statistics);

describe('facts', () => {
  it('are taken as stated, with the interval of their source', () => {
    expect(resolve('kuo-2022/sensitivity-external')).toMatchObject({
      value: 0.91,
      interval: [0.84, 0.95],
      computed: false,
    });
  });

  it('are computed from counts', () => {
    expect(resolve('osteodetect-den180005/sensitivity')).toMatchObject({
      value: 291 / 316,
      interval: [0.1, 0.9],
      computed: true,
    });
  });

  it('are worked out from other facts of the entry', () => {
    expect(resolve('guermazi-2022/sensitivity-gain').value).toBeCloseTo(0.104, 12);
    expect(resolve('ankle-foot-meta-analysis/share-with-fracture').value).toBeCloseTo(0.52, 2);
  });

  it('come from our own meta-analysis where the cells of a review are known', () => {
    const review = studies.get('ankle-foot-meta-analysis');
    const cells = Array.from({ length: 4 }, (_, index) => ({
      name: `study ${index}`,
      tp: 9,
      fn: 1,
      fp: 1,
      tn: 9,
    }));
    const known = studySchema.parse({
      ...review,
      included: cells,
      facts: {
        sensitivity: { label: 'Sensitivity', unit: 'proportion', pooled: 'sensitivity', how: 'derived' },
      },
    });
    const fact = resolveFact(new Map([[known.id, known]]), `${known.id}/sensitivity`, statistics);
    expect(fact).toMatchObject({ value: 0.4, interval: [0.3, 0.5], computed: true });
  });

  it('are refused by name when they are not held', () => {
    expect(() => resolve('kuo-2022/nothing')).toThrow(/kuo-2022\/nothing/);
    expect(() => resolve('nobody/sensitivity')).toThrow(/nobody/);
  });

  it('cannot have two origins, or a typed interval beside counts', () => {
    const base = { label: 'Sensitivity', unit: 'proportion', how: 'table' };
    const entry = (fact: object) =>
      studySchema.safeParse({ ...studies.get('kuo-2022'), facts: { sensitivity: fact } }).success;
    expect(entry({ ...base, value: 0.9 })).toBe(true);
    expect(entry({ ...base, value: 0.9, count: [9, 10] })).toBe(false);
    expect(entry({ ...base, count: [9, 10], interval: [0.5, 1] })).toBe(false);
    expect(entry({ ...base, pooled: 'sensitivity' })).toBe(false);
    expect(entry(base)).toBe(false);
  });
});

describe('numbers in words', () => {
  const say = (reference: string, format: Parameters<typeof sayNumber>[1]) =>
    sayNumber(resolve(reference), format, wording.numbers);

  it('speaks of people out of 100', () => {
    expect(say('kuo-2022/sensitivity-external', 'of100')).toBe('91 out of 100');
    expect(say('kuo-2022/sensitivity-external', 'rest100')).toBe('9 out of 100');
    expect(say('kuo-2022/sensitivity-external', 'range100')).toBe('84 to 95 out of 100');
  });

  it('keeps counts, years, seconds and scores as their sources print them', () => {
    expect(say('swin-fracture-types-2026/images', 'auto')).toBe('1,175');
    expect(say('deep-learning-framework-2026/record-year', 'auto')).toBe('2026');
    expect(say('guermazi-2022/seconds-saved', 'auto')).toBe('6.3 seconds');
    expect(say('rib-reading-time/seconds-without', 'auto')).toBe('158 seconds');
    expect(say('mura-to-fracatlas-2026/auc-zero-shot', 'auto')).toBe('0.825');
    expect(say('public-answer-page-2026/3dfrinet-accuracy', 'percent')).toBe('91.55%');
  });

  it('says two parts of 100 that add up', () => {
    expect(say('ankle-foot-meta-analysis/specificity', 'n100')).toBe('95');
    expect(say('ankle-foot-meta-analysis/specificity', 'rest100')).toBe('5 out of 100');
  });

  it('never rounds to certainty', () => {
    expect(outOf100(0.998, wording.numbers)).toBe('more than 99');
    expect(outOf100(0.001, wording.numbers)).toBe('fewer than 1');
    expect(outOf100(1, wording.numbers)).toBe('100');
    expect(rangeOutOf100([0.99, 0.999], wording.numbers)).toBe('99 or more');
    expect(rangeOutOf100([0.001, 0.03], wording.numbers)).toBe('up to 3');
    expect(rangeOutOf100([0.498, 0.782], wording.numbers)).toBe('50 to 78');
  });
});

describe('texts with facts', () => {
  it('are split into words and places', () => {
    expect(parseTemplate('AI caught {{a/b|of100}} breaks.')).toEqual([
      { kind: 'text', text: 'AI caught ' },
      { kind: 'fact', reference: 'a/b', format: 'of100' },
      { kind: 'text', text: ' breaks.' },
    ]);
    expect(referencesIn('{{a/b}} and {{c/d|range}}')).toEqual(['a/b', 'c/d']);
  });

  it('are refused with an unknown format or open braces', () => {
    expect(() => parseTemplate('{{a/b|loud}}')).toThrow(/loud/);
    expect(() => parseTemplate('{{a/b} and')).toThrow(/braces/);
  });

  it('may hold no typed number', () => {
    expect(hasTypedNumber('AI caught 91 breaks.')).toBe(true);
    expect(hasTypedNumber('AI caught {{a/b|of100}} breaks in 3D with 3DFRINet.')).toBe(false);
  });
});
