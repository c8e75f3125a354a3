import type { AskingWords } from './words.js';

/** Letters of scripts that the language of the answers does not use. */
const otherScripts =
  /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Thai}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/gu;

/**
 * The language of a question when it is plainly not the one of the answers: a code of `words.languages`, `other` for
 * another script, null when it may be the right language. A few frequent words decide; short questions of one or two
 * words pass.
 */
export function foreignLanguage(question: string, plain: string, words: AskingWords): string | null {
  const letters = question.match(/\p{L}/gu)?.length ?? 0;
  const foreign = question.match(otherScripts)?.length ?? 0;
  if (letters > 0 && foreign / letters > 0.5) return 'other';
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
