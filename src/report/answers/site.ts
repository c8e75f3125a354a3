import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { LucencyError } from '../../core/errors.js';
import { checkEvidence } from '../../evidence/check/check-evidence.js';
import type { Problem } from '../../evidence/check/problem.js';
import { type ComposedAnswer, composeAnswer } from '../../evidence/compose.js';
import type { EvidenceBase } from '../../evidence/evidence-base.js';
import { figuresOfCards, type OwnFigure } from '../../evidence/own-accuracy.js';
import type { Card } from '../../models/card.js';
import { answerPage } from './answer-page.js';
import type { SiteContext } from './context.js';
import { indexPage } from './index-page.js';
import { pages } from './links.js';
import { methodPage } from './method-page.js';
import { modelsPage } from './models-page.js';
import { askingScript, miniSearchScriptPath, questionsScript } from './search-script.js';
import { loadSiteText } from './site-text.js';
import { sourcesPage } from './sources-page.js';
import { evidenceStatistics } from './statistics.js';

export interface SiteInput {
  readonly base: EvidenceBase;
  /** Cards of the models behind the site; none is stated plainly. */
  readonly cards: readonly Card[];
  /** Figures of an evaluation of one's own (`evaluationFigures`), which come before those of the cards. */
  readonly evaluation?: readonly OwnFigure[];
  /** ISO date of the build: answers past their review date are refused. */
  readonly today: string;
}

/** Files of the site by their path below its root. */
export type SiteFiles = ReadonlyMap<string, string | Uint8Array>;

const fonts = { regular: '400', semibold: '600' } as const;
const fontPackage = '@fontsource/ibm-plex-sans';

async function assets(
  base: EvidenceBase,
  answers: readonly ComposedAnswer[],
): Promise<[string, string | Uint8Array][]> {
  const own = (name: string) => readFile(new URL(`./assets/${name}`, import.meta.url), 'utf8');
  const { resolve } = createRequire(import.meta.url);
  const fontFolder = path.dirname(resolve(`${fontPackage}/package.json`));
  const font = (file: string) => readFile(path.join(fontFolder, file));
  return [
    ['assets/site.css', await own('site.css')],
    ['assets/options.js', await own('options.js')],
    ['assets/search.js', await own('search.js')],
    ['assets/icon.svg', await own('icon.svg')],
    ['assets/minisearch.js', await readFile(miniSearchScriptPath(), 'utf8')],
    ['assets/asking.js', await askingScript()],
    ['assets/questions.js', questionsScript(base, answers)],
    ['assets/plex-regular.woff2', await font(`files/ibm-plex-sans-latin-${fonts.regular}-normal.woff2`)],
    ['assets/plex-semibold.woff2', await font(`files/ibm-plex-sans-latin-${fonts.semibold}-normal.woff2`)],
    ['assets/plex-licence.txt', await font('LICENSE')],
  ];
}

/** The context of a site: everything its pages are made from. */
export function siteContext({ base, cards, evaluation, today }: SiteInput): SiteContext {
  return {
    base,
    cards,
    today,
    statistics: evidenceStatistics,
    own: [...(evaluation ?? []), ...figuresOfCards(cards, evidenceStatistics)],
    text: loadSiteText(base.language),
  };
}

/** @throws LUC_ANSWERS_CHECK_FAILED naming the first problem */
export function requireNoProblems(problems: readonly Problem[]): void {
  const [first] = problems;
  if (!first) return;
  throw new LucencyError('LUC_ANSWERS_CHECK_FAILED', {
    count: problems.length,
    first: `${first.where}: ${first.what}`,
  });
}

/**
 * Makes the whole site in memory: a page per question, index with search, sources, model facts, method.
 * @throws LUC_ANSWERS_CHECK_FAILED when the check finds a problem, such as an answer past its review date
 */
export async function buildSite(input: SiteInput): Promise<SiteFiles> {
  const context = siteContext(input);
  requireNoProblems(checkEvidence(context, input.today));
  const answers = [...input.base.answers.values()].map((answer) => composeAnswer(answer, context));
  return new Map([
    [pages.home, indexPage(answers, context)],
    ...answers.map((answer): [string, string] => [pages.answer(answer.id), answerPage(answer, context)]),
    [pages.sources, sourcesPage(context)],
    [pages.models, modelsPage(context)],
    [pages.method, methodPage(answers, context)],
    ...(await assets(input.base, answers)),
  ]);
}
