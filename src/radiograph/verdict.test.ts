import { describe, expect, it } from 'vitest';
import type { Finding } from '../core/reading.js';
import { predictionSet } from './conformal.js';
import { alignWithVerdict, certaintyOf, verdictOf } from './verdict.js';

const thresholds = { definite: 0.8, doubtful: 0.3 };
const finding = (id: number, certainty: Finding['certainty']): Finding => ({
  id,
  score: 0.5,
  certainty,
  box: [0, 0, 1, 1],
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
      alignWithVerdict(findings, verdict).map(({ certainty }) => certainty);
    expect(certainties('fracture')).toEqual(['definite', 'doubtful', 'candidate']);
    expect(certainties('doubt')).toEqual(['doubtful', 'doubtful', 'candidate']);
    expect(certainties('no-fracture')).toEqual(['candidate', 'candidate', 'candidate']);
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
