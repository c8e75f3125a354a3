import { describe, expect, it } from 'vitest';
import { readingLevel, sentencesOf, wordsOf } from './reading-level.js';
import { countSyllables } from './syllables.js';

/** Syllables as a pronouncing dictionary (CMU) gives them. */
const dictionary: Readonly<Record<string, number>> = {
  a: 1,
  accuracy: 4,
  accurate: 3,
  accurately: 4,
  alarm: 2,
  ankle: 2,
  another: 3,
  area: 3,
  automated: 4,
  bias: 2,
  body: 2,
  bone: 1,
  bones: 1,
  breathe: 1,
  broken: 2,
  called: 1,
  caught: 1,
  clinic: 2,
  computer: 3,
  created: 3,
  describes: 2,
  diagnosis: 4,
  dictionary: 4,
  disagree: 3,
  doctor: 2,
  emergency: 4,
  every: 2,
  everyone: 3,
  examples: 3,
  finding: 2,
  fracture: 2,
  fractures: 2,
  framework: 2,
  general: 3,
  hospital: 3,
  hundred: 2,
  ideas: 3,
  images: 3,
  infection: 3,
  information: 4,
  injury: 3,
  judged: 1,
  likely: 2,
  little: 2,
  location: 3,
  machine: 2,
  makers: 2,
  many: 2,
  measured: 2,
  misses: 2,
  model: 2,
  needed: 2,
  opinion: 3,
  patient: 2,
  people: 2,
  percentage: 3,
  places: 2,
  positive: 3,
  possible: 3,
  privacy: 3,
  radiation: 4,
  radiologist: 5,
  radiologists: 5,
  rarely: 2,
  really: 2,
  reliable: 4,
  research: 2,
  result: 2,
  review: 2,
  rules: 1,
  scan: 1,
  senior: 2,
  sensitivity: 5,
  serious: 3,
  shoulder: 2,
  simple: 2,
  skin: 1,
  society: 4,
  spiral: 2,
  studies: 2,
  surgery: 3,
  table: 2,
  tested: 2,
  the: 1,
  through: 1,
  trial: 2,
  types: 1,
  usually: 4,
  various: 3,
  wait: 1,
  watches: 2,
  whole: 1,
  worked: 1,
  wrist: 1,
  young: 1,
};

describe('the syllable rule', () => {
  it.each(Object.entries(dictionary))('%s has %i', (word, count) => {
    expect(countSyllables(word)).toBe(count);
  });

  it('counts parts between hyphens, drops what follows an apostrophe, and reads numbers digit by digit', () => {
    expect(countSyllables('follow-up')).toBe(3);
    expect(countSyllables('X-ray')).toBe(2);
    expect(countSyllables("doctor's")).toBe(2);
    expect(countSyllables('2026')).toBe(4);
    expect(countSyllables('')).toBe(0);
  });
});

describe('reading level', () => {
  it('gives the grade that is published for a well-known sentence', () => {
    const level = readingLevel(
      'The Australian platypus is seemingly a hybrid of a mammal and reptilian creature.',
    );
    expect([level.sentences, level.words, level.syllables]).toEqual([1, 13, 24]);
    expect(level.fleschKincaid).toBeCloseTo(11.3, 1);
  });

  it('gives the smallest grade for the simplest sentence', () => {
    expect(readingLevel('The cat sat on the mat.').fleschKincaid).toBeCloseTo(-1.45, 2);
  });

  it('gives SMOG 3.1 without long words, and 8.84 with one in each sentence', () => {
    expect(readingLevel('The cat sat. The dog ran.').smog).toBeCloseTo(3.1291, 4);
    expect(readingLevel('The hospital sat. The hospital ran.').smog).toBeCloseTo(
      1.043 * Math.sqrt(30) + 3.1291,
      10,
    );
  });

  it('does not end a sentence at a decimal point and counts a number as one word', () => {
    expect(sentencesOf('It took 6.3 seconds. We saw 1,175 images!')).toHaveLength(2);
    expect(wordsOf('It took 6.3 seconds for 1,175 X-rays.')).toEqual([
      'It',
      'took',
      '63',
      'seconds',
      'for',
      '1175',
      'X-rays',
    ]);
  });

  it('has no grade for a text without words', () => {
    expect(readingLevel('').fleschKincaid).toBeNaN();
  });
});
