import { Command } from 'commander';
import { printableJson } from '../../core/printable.js';
import { gradeAnswer } from '../../evidence/check/check-answers.js';
import { checkEvidence } from '../../evidence/check/check-evidence.js';
import { defaultLanguage, loadEvidence } from '../../evidence/evidence-base.js';
import type { Card } from '../../models/card.js';
import { defaultModelsFolder, ModelRegistry } from '../../models/registry.js';
import { evaluationFigures } from '../../report/answers/evaluation-figures.js';
import { buildSite, requireNoProblems, siteContext } from '../../report/answers/site.js';
import { writeSite } from '../../report/answers/write-site.js';
import { toStderr, toStdout } from '../terminal.js';

/**
 * Cards of a folder of models. Where none is named they are those of the package: none where it came without models, which the
 * answers then say.
 * @param own folder of the package's models
 * @throws LUC_MODEL_NONE when the folder that was named has no models; LUC_MODEL_CARD_INVALID
 */
export async function cardsIn(folder: string | undefined, own = defaultModelsFolder()): Promise<Card[]> {
  const registry =
    folder === undefined ? await ModelRegistry.ofPackage(own) : await ModelRegistry.open(folder);
  return registry?.all().map(({ card }) => card) ?? [];
}

/** Today in UTC, as an ISO date. */
export function today(): string {
  return new Date().toISOString().slice(0, 10);
}

interface BuildOptions {
  readonly out: string;
  readonly force?: boolean;
  readonly models?: string;
  readonly evaluation?: string;
  readonly language: string;
}

function buildCommand(): Command {
  return new Command('build')
    .description(
      'write the answers as a static site: one page per question, index with search, sources, model facts',
    )
    .requiredOption('--out <folder>', 'folder of the site')
    .option('--force', 'replace a site that lies there')
    .option('--models <folder>', 'folder of models whose cards are shown')
    .option('--evaluation <file>', 'results.json of lucency evaluate: accuracy on cases of your own')
    .option('--language <code>', 'language of the answers', defaultLanguage)
    .action(async (options: BuildOptions) => {
      const input = {
        base: loadEvidence(options.language),
        cards: await cardsIn(options.models),
        evaluation: options.evaluation === undefined ? [] : await evaluationFigures(options.evaluation),
        today: today(),
      };
      const files = await buildSite(input);
      await writeSite(options.out, files, { force: options.force ?? false });
      toStderr(`${files.size} files written to ${options.out}\n`);
    });
}

function checkCommand(): Command {
  return new Command('check')
    .description('check every entry, number, citation, review date, word and reading level')
    .option('--language <code>', 'language of the answers', defaultLanguage)
    .option('--json', 'print the result as one JSON document')
    .action(async (options: { language: string; json?: boolean }) => {
      const base = loadEvidence(options.language);
      const context = siteContext({ base, cards: [], today: today() });
      const problems = checkEvidence(context, context.today);
      for (const { where, what } of problems) toStderr(`${where}: ${what}\n`);
      const grades =
        problems.length > 0 ? [] : [...base.answers.values()].map((answer) => gradeAnswer(answer, context));
      const lines = grades.map(
        ({ id, level }) =>
          `${id}: Flesch-Kincaid ${level.fleschKincaid.toFixed(1)}, SMOG ${level.smog.toFixed(1)}`,
      );
      const summary = `${base.studies.size} entries, ${base.answers.size} answers, ${problems.length} problems`;
      toStdout(
        options.json
          ? `${printableJson({ schema: 'lucency.answers-check/1', problems, grades }, 2)}\n`
          : `${[...lines, summary].join('\n')}\n`,
      );
      requireNoProblems(problems);
    });
}

/** `lucency answers`: build the site of answers, or check what it is made from. */
export function answersCommand(): Command {
  return new Command('answers')
    .description('build or check the pages of answers')
    .addCommand(buildCommand())
    .addCommand(checkCommand());
}
