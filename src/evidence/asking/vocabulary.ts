import { plainWords } from './clean.js';
import { guardedWords } from './guard.js';
import { correctSpelling } from './spelling.js';
import type { AskingWords } from './words.js';

/** How a question stands to the topic of the site: `strong` names a bone, an image or a device; `weak` may be other. */
export type Topic = 'strong' | 'weak' | 'none';

/** Turns words of people into words of the site. */
export interface Vocabulary {
  /** The plain words of a text with their spelling corrected. */
  spelt(text: string): string;
  /** Search terms of a text: spelling corrected, synonyms joined, words without meaning and bare numbers dropped. */
  terms(text: string): string[];
  topicOf(text: string): Topic;
}

/** "fractures" -> "fracture": only the endings that change nothing in meaning. */
function singular(word: string): string {
  if (word.length > 4 && word.endsWith('ies')) return `${word.slice(0, -3)}y`;
  if (word.length > 3 && word.endsWith('s') && !/(?:ss|us|is)$/.test(word)) return word.slice(0, -1);
  return word;
}

function buildPhrases(words: AskingWords): { phrases: [string, string][]; single: Map<string, string> } {
  const phrases: [string, string][] = [];
  const single = new Map<string, string>();
  for (const [meaning, variants] of Object.entries(words.synonyms)) {
    for (const variant of variants) {
      if (variant.includes(' ')) phrases.push([variant, meaning]);
      else single.set(variant, meaning);
    }
    single.set(meaning, meaning);
  }
  phrases.sort(([a], [b]) => b.length - a.length);
  return { phrases, single };
}

/**
 * Builds the vocabulary of a language.
 * @param texts the texts of the answers: their words are known words, which spelling is corrected towards
 */
export function buildVocabulary(words: AskingWords, texts: readonly string[]): Vocabulary {
  const { phrases, single } = buildPhrases(words);
  const stop = new Set(words.stopWords);
  const strong = new Set(words.topicWords);
  const weak = new Set(words.weakTopicWords);
  const loose = new Set(words.looseFractureWords);
  const phraseWords = phrases.flatMap(([phrase]) => phrase.split(' '));
  const known = new Set<string>([
    ...single.keys(),
    ...phraseWords,
    ...strong,
    ...weak,
    ...stop,
    ...words.leaveAlone,
    ...guardedWords(words),
  ]);
  const topic = new Set([...single.keys(), ...strong, ...weak]);
  for (const text of texts) {
    for (const word of plainWords(text).split(' ')) if (word.length > 2) known.add(word).add(singular(word));
  }
  const isKnown = (word: string) => known.has(word) || known.has(singular(word));
  const spelt = (text: string): string =>
    plainWords(text)
      .split(' ')
      .filter((word) => word !== '')
      .map((word) => (isKnown(word) ? word : correctSpelling(word, known, topic)))
      .join(' ');
  const termOf = (word: string): string => {
    const one = singular(word);
    return single.get(word) ?? single.get(one) ?? one;
  };
  const termsOf = (plain: string): string[] => {
    let joined = ` ${plain} `;
    for (const [phrase, meaning] of phrases) joined = joined.replaceAll(` ${phrase} `, ` ${meaning} `);
    return joined
      .split(' ')
      .filter((word) => word !== '' && !stop.has(word) && !/^\d+$/.test(word))
      .map(termOf)
      .filter((word) => !stop.has(word));
  };
  return {
    spelt,
    terms: (text) => termsOf(spelt(text)),
    topicOf(text) {
      const plain = spelt(text);
      // Left out before the terms are joined, so that "broken bone" still counts by its bone.
      const firm = plain.split(' ').filter((word) => !loose.has(word));
      if (termsOf(firm.join(' ')).some((term) => strong.has(term))) return 'strong';
      return termsOf(plain).some((term) => strong.has(term) || weak.has(term)) ? 'weak' : 'none';
    },
  };
}
