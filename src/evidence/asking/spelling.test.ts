import { describe, expect, it } from 'vitest';
import { correctSpelling, editDistance } from './spelling.js';

describe('edit distance', () => {
  it.each([
    ['fracture', 'fracture', 0],
    ['fractuer', 'fracture', 1],
    ['ankel', 'ankle', 1],
    ['rist', 'wrist', 1],
    ['kitten', 'sitting', 3],
    ['', 'abc', 3],
  ])('%s -> %s is %i', (a, b, edits) => {
    expect(editDistance(a, b, 5)).toBe(edits);
    expect(editDistance(b, a, 5)).toBe(edits);
  });

  it('stops beyond its limit', () => {
    expect(editDistance('fracture', 'radiologist', 2)).toBe(3);
  });
});

describe('spelling', () => {
  const known = new Set(['wrist', 'risk', 'fracture', 'ankle', 'hip']);
  const topic = new Set(['wrist', 'fracture', 'ankle', 'hip']);
  const correct = (word: string) => correctSpelling(word, known, topic);

  it('corrects towards the topic', () => {
    expect(['rist', 'ankel', 'frcture', 'fractures'].map(correct)).toEqual([
      'wrist',
      'ankle',
      'fracture',
      'fracture',
    ]);
  });

  it('leaves short words, numbers and far words alone', () => {
    expect(['hop', '2026', 'france', 'weather'].map(correct)).toEqual(['hop', '2026', 'france', 'weather']);
  });
});
