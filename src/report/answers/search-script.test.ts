import { readFile } from 'node:fs/promises';
import { createContext, runInContext } from 'node:vm';
import { beforeAll, describe, expect, it } from 'vitest';
import { openAsker } from '../../evidence/asking/open-asker.js';
import { loadEvidence } from '../../evidence/evidence-base.js';
import { askingScript, miniSearchScriptPath, questionsScript } from './search-script.js';

const base = loadEvidence();
let askInPage: (question: string) => unknown;

beforeAll(async () => {
  const sandbox = createContext({});
  runInContext(await readFile(miniSearchScriptPath(), 'utf8'), sandbox);
  runInContext(await askingScript(), sandbox);
  runInContext(questionsScript(base, []), sandbox);
  runInContext(
    'globalThis.ask = lucencyBuildAsker(lucencyQuestions.answers, lucencyQuestions.words);',
    sandbox,
  );
  askInPage = (question) =>
    JSON.parse(runInContext(`JSON.stringify(globalThis.ask(${JSON.stringify(question)}))`, sandbox));
});

describe('the search of the pages', () => {
  const questions = [
    ...[...base.answers.values()].flatMap(({ question, alsoAsked }) => [question, ...alsoAsked]),
    'brocken ankel ai',
    'is my wrist broken',
    'my bone is sticking out',
    'what is the capital of France',
    'Kann die KI sehen, ob mein Knochen gebrochen ist?',
    '<script>alert(1)</script>',
    '',
    'x'.repeat(100_000),
  ];

  it('answers exactly as the command line does', () => {
    const ask = openAsker(base);
    for (const question of questions)
      expect(askInPage(question)).toEqual(JSON.parse(JSON.stringify(ask(question))));
  });
});
