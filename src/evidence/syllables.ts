import { readFileSync } from 'node:fs';
import { z } from 'zod';

const exceptions = new Map(
  Object.entries(
    z
      .record(z.string(), z.number().int().positive())
      .parse(JSON.parse(readFileSync(new URL('./wording/syllables-en.json', import.meta.url), 'utf8'))),
  ),
);

const vowelRun = /[aeiouy]+/g;
const silentEnding = /[^aeiouy](?:es|e|ely)$|[^dtaeiouy]ed$/;
const soundedEnding = /(?:[^aeiouyl]le[sd]?|(?:[sxzcg]|ch|sh)es)$/;
const twoInOneRun = /[iu]a(?!t?i?ous)|[^tscxg]io|eo(?![up])|ying|uing|iu|ie[tr]|uou/g;
const oneAfterAll = /[tscg]ia|lian|[qg]ua/g;

function countIn(letters: string): number {
  const known = exceptions.get(letters);
  if (known !== undefined) return known;
  if (/^\d+$/.test(letters)) return letters.length;
  const runs = letters.match(vowelRun)?.length ?? 0;
  const silent = silentEnding.test(letters) && !soundedEnding.test(letters) ? 1 : 0;
  const split = (letters.match(twoInOneRun)?.length ?? 0) - (letters.match(oneAfterAll)?.length ?? 0);
  return Math.max(1, runs - silent + Math.max(0, split));
}

/**
 * Number of syllables of one English word, by a rule that can be repeated:
 * 1. Parts between hyphens are counted one by one ("follow-up": 3); an apostrophe and what follows it adds nothing.
 * 2. A word listed in `wording/syllables-en.json` has the count given there: words for which the rule is wrong, taken
 *    from a pronouncing dictionary.
 * 3. A run of digits has one syllable per digit.
 * 4. Else one syllable per run of vowels (a e i o u y), less one for a silent -e, -es, -ed or -e- before -ly, plus one where two vowels
 *    in a run are spoken apart ("trial", "area"); at least one.
 */
export function countSyllables(word: string): number {
  return word
    .toLowerCase()
    .split('-')
    .map((part) => part.replace(/['’].*$/, ''))
    .filter((part) => part !== '')
    .reduce((sum, part) => sum + countIn(part), 0);
}
