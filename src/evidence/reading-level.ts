import { countSyllables } from './syllables.js';

/** Counts of a text and its US school grade by two formulas. */
export interface ReadingLevel {
  readonly sentences: number;
  readonly words: number;
  readonly syllables: number;
  /** Words of three syllables or more. */
  readonly longWords: number;
  /** Flesch-Kincaid: `0.39 words/sentence + 11.8 syllables/word - 15.59` (Kincaid and others, 1975). */
  readonly fleschKincaid: number;
  /** SMOG: `1.0430 sqrt(30 longWords/sentences) + 3.1291` (McLaughlin, 1969). */
  readonly smog: number;
}

/** Splits at . ! ? followed by space or end; a decimal point is inside a number and splits nothing. */
export function sentencesOf(text: string): string[] {
  return text
    .split(/(?<=[.!?])["')\]]*\s+/)
    .map((sentence) => sentence.trim())
    .filter((sentence) => /[\p{L}\d]/u.test(sentence));
}

/**
 * Words of a text. Hyphens and apostrophes do not part words ("X-ray" is one word), and a number is one word: its
 * decimal point and thousands comma are dropped.
 */
export function wordsOf(text: string): string[] {
  return text.replace(/(?<=\d)[.,](?=\d)/g, '').match(/[\p{L}\d]+(?:['’-][\p{L}\d]+)*/gu) ?? [];
}

/** Reading level of a text in English; NaN for a text without words. */
export function readingLevel(text: string): ReadingLevel {
  const sentences = sentencesOf(text).length;
  const counts = wordsOf(text).map(countSyllables);
  const words = counts.length;
  const syllables = counts.reduce((sum, count) => sum + count, 0);
  const longWords = counts.filter((count) => count >= 3).length;
  return {
    sentences,
    words,
    syllables,
    longWords,
    fleschKincaid: 0.39 * (words / sentences) + 11.8 * (syllables / words) - 15.59,
    smog: 1.043 * Math.sqrt(30 * (longWords / sentences)) + 3.1291,
  };
}
