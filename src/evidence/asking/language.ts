import type { AskingWords } from './words.js';

/**
 * Scripts that the language of the answers does not use, each under the most spoken language that does. A text in kana
 * holds Han characters as well, so Japanese comes first.
 */
const otherScripts = [
  ['ja', /[\p{Script=Hiragana}\p{Script=Katakana}]/gu],
  ['ko', /\p{Script=Hangul}/gu],
  ['zh', /\p{Script=Han}/gu],
  ['ru', /\p{Script=Cyrillic}/gu],
  ['el', /\p{Script=Greek}/gu],
  ['ar', /\p{Script=Arabic}/gu],
  ['he', /\p{Script=Hebrew}/gu],
  ['hi', /\p{Script=Devanagari}/gu],
  [
    'other',
    /[\p{Script=Bengali}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Thai}\p{Script=Ethiopic}\p{Script=Georgian}\p{Script=Armenian}]/gu,
  ],
] as const;

function countOf(question: string, pattern: RegExp): number {
  return question.match(pattern)?.length ?? 0;
}

/** The script of a question of which more than half is written in scripts of other languages, or null. */
function foreignScript(question: string): string | null {
  const letters = countOf(question, /\p{L}/gu);
  const counts = otherScripts.map(([name, pattern]) => ({ name, count: countOf(question, pattern) }));
  const foreign = counts.reduce((sum, { count }) => sum + count, 0);
  if (letters === 0 || foreign / letters <= 0.5) return null;
  return counts.find(({ count }) => count > 0)?.name ?? 'other';
}

/**
 * The language of a question when it is plainly not the one of the answers: a key of `words.otherLanguage`, or
 * `other`; null when it may be the right language. A few frequent words decide; short questions of one or two words
 * pass.
 */
export function foreignLanguage(question: string, plain: string, words: AskingWords): string | null {
  const script = foreignScript(question);
  if (script) return script;
  const tokens = plain.split(' ');
  const count = (list: readonly string[]) => tokens.filter((token) => list.includes(token)).length;
  const own = count(words.languages[words.language] ?? []);
  let best: string | null = null;
  let most = own;
  for (const [language, list] of Object.entries(words.languages)) {
    if (language === words.language) continue;
    const found = count(list);
    if (found > most) {
      best = language;
      most = found;
    }
  }
  return most >= 2 ? best : null;
}

/** True for a text with Latin letters that English words hardly have: what is not understood then is in another language. */
export function hasForeignLetters(question: string): boolean {
  return /[^\p{ASCII}\p{P}\p{S}\p{Z}éèêëïñöü]/iu.test(question.normalize('NFC'));
}
