import { describe, expect, it } from 'vitest';
import type { Finding } from '../core/reading.js';
import { predictionSet } from './conformal.js';
import { certaintyOf, conclude, recordOf, verdictOf } from './verdict.js';

const thresholds = { definite: 0.8, doubtful: 0.3 };
const finding = (id: number, certainty: Finding['certainty']): Finding => ({
  id,
  score: 0.5,
  certainty,
  box: [20 * id, 0, 10, 10],
});

describe('verdict', () => {
  it('belongs to the higher class at exactly its threshold', () => {
    expect([0.8, 0.79, 0.3, 0.29].map((p) => verdictOf(p, thresholds))).toEqual([
      'fracture',
      'doubt',
      'doubt',
      'no-fracture',
    ]);
    expect([0.8, 0.3, 0.1].map((p) => certaintyOf(p, thresholds))).toEqual([
      'definite',
      'doubtful',
      'candidate',
    ]);
  });

  it('shows no solid box on an image in doubt and no box on an image without fracture', () => {
    const findings = [finding(1, 'definite'), finding(2, 'doubtful'), finding(3, 'candidate')];
    const certainties = (verdict: 'fracture' | 'doubt' | 'no-fracture') =>
      conclude(verdict, findings).findings.map(({ certainty }) => certainty);
    expect(certainties('fracture')).toEqual(['definite', 'doubtful', 'candidate']);
    expect(certainties('doubt')).toEqual(['doubtful', 'doubtful', 'candidate']);
    expect(certainties('no-fracture')).toEqual(['candidate', 'candidate', 'candidate']);
  });
});

describe('conclusion', () => {
  it('calls a fracture without a place a doubt, and says so', () => {
    const { verdict, limitations } = conclude('fracture', [finding(1, 'candidate')]);
    expect(verdict).toBe('doubt');
    expect(limitations.map(({ code }) => code)).toEqual(['LUC_RADIOGRAPH_NO_PLACE']);
    expect(conclude('doubt', []).limitations).toHaveLength(1);
    expect(conclude('doubt', [finding(1, 'doubtful')]).limitations).toEqual([]);
    expect(conclude('no-fracture', []).limitations).toEqual([]);
  });

  it('leaves the verdict of networks that look for no place', () => {
    expect(conclude('fracture', null)).toEqual({ verdict: 'fracture', findings: [], limitations: [] });
  });

  it('shows one box of those that lie inside one another, the most certain one', () => {
    const box = (
      id: number,
      score: number,
      of: Finding['box'],
      certainty: Finding['certainty'] = 'definite',
    ) => ({ id, score, certainty, box: of }) as Finding;
    const shown = (findings: Finding[]) =>
      conclude('fracture', findings).findings.flatMap(({ id, certainty }) =>
        certainty === 'candidate' ? [] : [id],
      );
    const large = box(1, 0.3, [0, 0, 40, 100], 'doubtful');
    const inside = box(2, 0.8, [5, 10, 30, 40]);
    expect(shown([large, inside])).toEqual([2]);
    expect(shown([{ ...large, score: 0.9 }, inside])).toEqual([1]);
    // Both bones of a forearm lie side by side.
    expect(shown([box(1, 0.8, [0, 0, 20, 20]), box(2, 0.7, [12, 0, 20, 20])])).toEqual([1, 2]);
    // A candidate hides nothing.
    expect(shown([box(1, 0.9, [0, 0, 40, 100], 'candidate'), inside])).toEqual([2]);
  });
});

describe('record of an answer', () => {
  const row = { interval: null, method: '', set: 's' };
  const records = [
    { ...row, region: null, verdict: 'fracture' as const, n: 90, fractured: 80 },
    { ...row, region: 'leg', verdict: 'fracture' as const, n: 35, fractured: 28 },
    { ...row, region: 'leg', verdict: 'doubt' as const, n: 60, fractured: 7 },
  ];

  it('is that of the region and the verdict, or that of all images', () => {
    expect(recordOf({ records }, 'fracture', 'leg')).toMatchObject({ region: 'leg', n: 35, fractured: 28 });
    expect(recordOf({ records }, 'doubt', 'leg')).toMatchObject({ region: 'leg', n: 60 });
    expect(recordOf({ records }, 'fracture', 'hip')).toMatchObject({ region: null, n: 90 });
    expect(recordOf({ records }, 'no-fracture', 'leg')).toBeNull();
    expect(recordOf({}, 'fracture', 'leg')).toBeNull();
  });
});

describe('conformal set', () => {
  const conformal = {
    method: '',
    coverage: 0.9,
    thresholds: { transverse: 0.2, oblique: 0.4, spiral: 0.1 },
    fittedOn: '',
  };

  it('holds every label that reaches its own threshold, most probable first', () => {
    expect(predictionSet({ transverse: 0.25, oblique: 0.35, spiral: 0.4 }, conformal)).toEqual([
      'spiral',
      'transverse',
    ]);
  });

  it('is never empty', () => {
    const strict = { ...conformal, thresholds: { transverse: 0.9, oblique: 0.9, spiral: 0.9 } };
    expect(predictionSet({ transverse: 0.3, oblique: 0.3, spiral: 0.4 }, strict)).toEqual(['spiral']);
  });
});
