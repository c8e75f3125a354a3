import type { EvaluationResult } from '../../evaluation/run/evaluate-files.js';
import { holm } from '../../evaluation/subgroups/holm.js';
import { figureText } from '../../report/metrics/figure-text.js';
import { evaluationTables } from '../../report/metrics/tables.js';
import { noNumber, pValue } from '../../report/tables/numbers.js';
import { type Table, tableMarkdown } from '../../report/tables/table.js';
import type { FoldEvaluation, ModelEvaluation, NetworkEvaluation } from './evaluate-models.js';

const delongByGroup = 'DeLong, paired, by group';

function headline(name: string, { evaluation: { imageLevel, calibration } }: EvaluationResult): string[] {
  return [
    name,
    figureText(imageLevel?.auc ?? null),
    figureText(imageLevel?.averagePrecision ?? null),
    figureText(calibration?.brier ?? null),
    figureText(calibration?.equalMass.error ?? null),
    figureText(calibration?.slope ?? null),
  ];
}

function imagesTable(
  combined: string,
  { shipped, ankleAndFoot, networks }: Pick<ModelEvaluation, 'shipped' | 'ankleAndFoot' | 'networks'>,
): Table {
  const ankle = ankleAndFoot?.evaluation.data.items ?? 0;
  return {
    title: 'Images: the combination and each network by itself',
    head: ['model', 'AUC', 'average precision', 'Brier score', 'ECE, 15 equal-mass bins', 'slope'],
    rows: [
      headline(combined, shipped.combined),
      ...(ankleAndFoot === null
        ? []
        : [headline(`${combined}, the ${ankle} images of ankle or foot`, ankleAndFoot)]),
      ...networks.map(({ id, alone }) => headline(id, alone)),
    ],
    notes: ['In brackets: 95 % intervals, BCa bootstrap of patient groups.'],
  };
}

function comparisonTable(combined: string, networks: readonly NetworkEvaluation[]): Table {
  const areas = networks.map(({ id, against }) => {
    const area = against.evaluation.comparison?.differences.find(({ measure }) => measure === 'auc');
    const p = area?.tests.find(({ test }) => test === delongByGroup)?.p ?? null;
    return { id, difference: area?.difference ?? null, p };
  });
  const adjusted = holm(areas.map(({ p }) => p));
  const cell = (p: number | null | undefined) => (p === null || p === undefined ? noNumber : pValue(p));
  return {
    title: `AUC of ${combined} less that of each network, on the same images`,
    head: ['network', 'difference', 'p', 'p, Holm'],
    rows: areas.map(({ id, difference, p }, index) => [
      id,
      figureText(difference),
      cell(p),
      cell(adjusted[index]),
    ]),
    notes: ['Paired DeLong test, patient groups heeded (Obuchowski 1997).'],
  };
}

function notes({ evaluation }: EvaluationResult): string {
  return evaluation.notes.map((note) => `- ${note}\n`).join('');
}

function section(result: EvaluationResult): string {
  return `${evaluationTables(result.evaluation).map(tableMarkdown).join('\n')}\n${notes(result)}`;
}

function plots(folder: string, names: readonly string[]): string {
  return names.map((name) => `![${name}](${folder}/${name}.svg)\n`).join('\n');
}

function setWords({ folds, combined }: FoldEvaluation): string {
  const { items, positives, groups } = combined.evaluation.data;
  return `${items} images in ${groups} patient groups, ${positives ?? 0} with a fracture (fold${folds.length === 1 ? '' : 's'} ${folds.join(', ')})`;
}

/** Names of the plots of an evaluation that the page shows. */
export interface ShownPlots {
  readonly combined: readonly string[];
  readonly boxes: readonly string[];
}

/** The page `docs/evaluation/models.md`: everything that was measured, in Markdown. */
export function modelsPage(measured: ModelEvaluation, shown: ShownPlots): string {
  const { scores, shipped, networks, all } = measured;
  const { combiner, detector } = scores;
  const pooled =
    all === null
      ? ''
      : `## All folds, out of fold

${setWords(all)}: each fold by networks, calibration and combination that did not see it. These are not the shipped
weights, but others made in the same way, so no operating points of the cards are shown.

${section(all.combined)}
${all.boxes === null ? '' : section(all.boxes)}`;
  return `# The shipped models, measured

Made by \`npm run evaluate:models\`; do not edit. The numbers rest on what the training program stored in
\`models/evaluation/\`, measured by \`src/evaluation\` (methods: [evaluation.md](../evaluation.md)). Set: FracAtlas
(Abedeen et al. 2023, CC BY 4.0), ${setWords(shipped)}.
The shipped weights were not trained, calibrated, combined or tuned on any of these images; near-duplicates are counted once. It is one data set
of one country: nothing here says how accurate the models are elsewhere.

## Images

${tableMarkdown(imagesTable(combiner.id, measured))}
${networks.length === 0 ? '' : tableMarkdown(comparisonTable(combiner.id, networks))}
## ${combiner.id}: images

Every number, with every interval: [results.json](${combiner.id}/results.json) ([schema](../evaluation.schema.json)).

${plots(combiner.id, shown.combined)}
${section(shipped.combined)}
## ${detector.id}: boxes

${
  shipped.boxes === null
    ? 'Not measured: the annotations of FracAtlas were not there.\n'
    : `Scores here are the raw ones of the network, so that calibration is that of the raw scores.
Every number: [results.json](${detector.id}/results.json).

${plots(detector.id, shown.boxes)}
${section(shipped.boxes)}`
}
${pooled}`.replace(/\n{3,}/g, '\n\n');
}
