import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { askableAnswers, loadAskingWords } from '../../evidence/asking/open-asker.js';
import type { ComposedAnswer } from '../../evidence/compose.js';
import type { EvidenceBase } from '../../evidence/evidence-base.js';
import { plainText } from '../../evidence/sentence.js';
import { workerUrl } from '../../models/threads/worker-url.js';

/** The modules of the asker in the order in which one needs the other; they import nothing but each other and MiniSearch. */
const modules = [
  'core/extremes',
  ...['clean', 'spelling', 'guard', 'vocabulary', 'language', 'minisearch-search', 'asker'].map(
    (name) => `evidence/asking/${name}`,
  ),
];

/**
 * The asker as one plain script: the very code that the command line runs, so that the two cannot differ. Pages that
 * are opened from a disk may not load modules, so the transpiled modules are joined inside one function, without their
 * import and export lines.
 */
export async function askingScript(): Promise<string> {
  const sources = await Promise.all(
    modules.map(async (name) => {
      const source = await readFile(workerUrl(import.meta.url, `../../${name}.js`), 'utf8');
      return source
        .replace(/^import [^;]*;$/gm, '')
        .replace(/^export \{[^}]*\};$/gm, '')
        .replace(/^\/\/# sourceMappingURL=.*$/gm, '')
        .trim();
    }),
  );
  return `(() => {\n'use strict';\nconst MiniSearch = globalThis.MiniSearch;\n${sources.join('\n')}\nglobalThis.lucencyBuildAsker = (answers, words) => buildAsker(answers, words, openMiniSearch);\n})();\n`;
}

/**
 * The answers and the words of the search as a script, because a page from a disk may not fetch files.
 * @param answers the same answers with their numbers filled in: their short answers are shown with what is found
 */
export function questionsScript(base: EvidenceBase, answers: readonly ComposedAnswer[]): string {
  const short = Object.fromEntries(
    answers.map((answer) => [answer.id, answer.short.map(plainText).join(' ')]),
  );
  const data = JSON.stringify({
    answers: askableAnswers(base),
    words: loadAskingWords(base.language),
    short,
  });
  // U+2028 and U+2029 were line ends in older script engines.
  const safe = data.replace(/[\u2028\u2029]/g, (mark) => `\\u${mark.charCodeAt(0).toString(16)}`);
  return `globalThis.lucencyQuestions = ${safe};\n`;
}

/** MiniSearch as a plain script, with its licence. */
export function miniSearchScriptPath(): string {
  const entry = createRequire(import.meta.url).resolve('minisearch');
  return path.resolve(path.dirname(entry), '..', 'umd', 'index.js');
}
