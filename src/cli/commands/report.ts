import path from 'node:path';
import { Command } from 'commander';
import type { Evaluation } from '../../evaluation/evaluation.schema.js';
import type { Card } from '../../models/card.js';
import { ModelRegistry } from '../../models/registry.js';
import { checklistState } from '../../report/evaluation/evaluation-report.js';
import { readEvaluation } from '../../report/evaluation/read-evaluation.js';
import { reportFiles } from '../../report/evaluation/report-files.js';
import type { ReportSource } from '../../report/evaluation/report-source.js';
import { writeResultFolder } from '../../report/tables/result-folder.js';
import { outJson, toStdout } from '../terminal.js';

interface Flags {
  out: string;
  set?: string;
  models?: string;
  cards: string[];
  facts: boolean;
  json?: boolean;
  force?: boolean;
}

/**
 * Cards of the models that the evaluation names, as far as the folder has them in that version, and of those named on
 * the command line.
 *
 * @throws LUC_MODEL_MISSING for a model of the command line
 */
async function cardsOf({ data }: Evaluation, { cards, models }: Flags): Promise<Card[]> {
  if (data.models.length === 0 && cards.length === 0) return [];
  const registry = await ModelRegistry.open(models);
  const used = registry
    .all()
    .map(({ card }) => card)
    .filter((card) => data.models.some(({ id, version }) => card.id === id && card.version === version));
  const wanted = cards.map((id) => registry.get(id).card);
  return [...new Map([...used, ...wanted].map((card) => [card.id, card])).values()];
}

/** `lucency report EVALUATION`: lays an evaluation out by CLAIM and STARD-AI. */
export function reportCommand(): Command {
  return new Command('report')
    .description('lay out an evaluation by the items of CLAIM 2024 and STARD-AI, as HTML and tagged PDF')
    .argument('<evaluation>', 'folder that lucency evaluate --out wrote, or its results.json')
    .requiredOption('--out <folder>', 'write report.html, report.pdf and the facts for a model card there')
    .option(
      '--set <name>',
      'name of the set, such as "FracAtlas fold 0 (held out)" (default: name of the truth file)',
    )
    .option('--models <folder>', 'folder of models, whose cards fill items on model and training')
    .option(
      '--cards <ids>',
      'models that made the predictions, where the evaluation does not name them, separated by commas',
      (ids: string) => ids.split(',').map((id) => id.trim()),
      [],
    )
    .option('--no-facts', 'no facts for a model card (they need 95 % intervals)')
    .option('--json', 'print which items are filled as one JSON document and nothing else')
    .option('--force', 'replace an earlier report')
    .action(async (place: string, flags: Flags) => {
      const { evaluation, plots } = await readEvaluation(place);
      const source: ReportSource = {
        evaluation,
        plots,
        cards: await cardsOf(evaluation, flags),
        set: flags.set ?? path.basename(evaluation.data.truth.path),
      };
      const files = await reportFiles(source, flags.facts);
      await writeResultFolder(flags.out, files, flags.force ?? false);
      const state = checklistState(source);
      if (flags.json) {
        outJson({ ...state, files: Object.keys(files) });
        return;
      }
      const count = (wanted: string) => state.items.filter(({ status }) => status === wanted).length;
      toStdout(
        `Written to ${flags.out}: ${Object.keys(files).join(', ')}\n${count('filled')} items are filled from the data, ${count('partly')} partly; ${count('open')} are for the author.\n`,
      );
    });
}
