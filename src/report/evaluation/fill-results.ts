import type { ClassificationLevel, Evaluation } from '../../evaluation/evaluation.schema.js';
import type { Block } from '../document/blocks.js';
import { svgWords } from '../document/svg-size.js';
import { percent } from '../tables/numbers.js';
import { figureText, originOf } from './figure-words.js';
import { type Filler, fully, paragraph, partly, type SavedPlot, table } from './report-source.js';
import {
  accuracyTable,
  calibrationTable,
  comparisonTable,
  crossTable,
  discriminationTable,
  lesionTables,
  subgroupTables,
  typeTables,
} from './result-tables.js';

function levelsOf({ imageLevel, groupLevel }: Evaluation): ClassificationLevel[] {
  return [imageLevel, groupLevel].filter((level) => level !== null);
}

/** The main results in a few sentences, as an abstract needs them. */
export function resultSentences({ imageLevel, lesionLevel, types, settings, data }: Evaluation): string[] {
  const ci = `${percent(settings.level)} CI in brackets`;
  const sentences = [`${data.items} images in ${data.groups} groups (${ci}).`];
  if (imageLevel !== null) {
    sentences.push(`AUC ${figureText(imageLevel.auc)}.`);
    for (const { name, figures } of imageLevel.operatingPoints) {
      sentences.push(
        `At the operating point "${name}": sensitivity ${figureText(figures.sensitivity)}, specificity ${figureText(figures.specificity)}.`,
      );
    }
  }
  if (lesionLevel !== null) {
    const half = lesionLevel.froc.points.find(({ falsePositivesPerImage }) => falsePositivesPerImage === 0.5);
    if (half)
      sentences.push(
        `Per lesion, sensitivity ${figureText(half.sensitivity)} at 0.5 false positives per image.`,
      );
    if (lesionLevel.coco) sentences.push(`AP at IoU .50 ${figureText(lesionLevel.coco.ap50)}.`);
  }
  if (types !== null)
    sentences.push(`Types: accuracy ${figureText(types.accuracy)}, macro F1 ${figureText(types.macroF1)}.`);
  return sentences;
}

const summary: Filler = ({ evaluation }) =>
  partly(paragraph(`Results for the summary: ${resultSentences(evaluation).join(' ')}`));

const measures: Filler = ({ evaluation }) => {
  const { imageLevel, lesionLevel, types, calibration, settings } = evaluation;
  const items = [
    imageLevel === null
      ? null
      : 'Images and groups: ROC and its area, average precision, partial area, and at each operating point sensitivity, specificity, predictive values, accuracy, F1, MCC, likelihood ratios, odds ratio.',
    lesionLevel === null
      ? null
      : `Lesions: COCO average precision, FROC, AFROC, localisation error. A box finds a lesion when ${settings.hitRule}.`,
    types === null
      ? null
      : 'Types: confusion matrix, accuracy, F1, kappa, area of each type against the rest.',
    calibration === null ? null : 'Calibration: reliability, ECE, Brier score, slope and intercept.',
  ].filter((item) => item !== null);
  const points = (imageLevel?.operatingPoints ?? []).map((point) => {
    const at = point.threshold === null ? '' : `, threshold ${point.threshold}`;
    return `Operating point "${point.name}"${at}: ${originOf(point)}.`;
  });
  return partly({ kind: 'list', items: [...items, ...points] });
};

const statistics: Filler = ({ evaluation: { settings } }) =>
  fully(
    paragraph(
      `All intervals are at ${percent(settings.level)}. Proportions: Wilson and Clopper-Pearson. Areas: DeLong. Everything: BCa bootstrap of ${settings.group === null ? 'images' : `groups (${settings.group})`}, ${settings.replicates} replicates, seed ${settings.seed}. Differences: DeLong, McNemar and permutation tests (${settings.permutations} permutations), Holm-corrected. Subgroups with fewer than ${settings.minimum} cases are not reported.`,
    ),
  );

const robustness: Filler = ({ evaluation }) => {
  const other = comparisonTable(evaluation);
  const columns = evaluation.breakdowns.map(({ column }) => column);
  return partly(
    ...(columns.length === 0 ? [] : [paragraph(`Broken down by ${columns.join(', ')}: see item 38.`)]),
    ...(other === null ? [] : [table(other)]),
  );
};

function figures(plots: readonly SavedPlot[]): Block[] {
  return plots.map(({ name, svg }, index) => {
    const { title, description } = svgWords(svg);
    const named = title === '' ? name : title;
    return {
      kind: 'figure',
      svg,
      alternative: [named, description].filter(Boolean).join('. '),
      caption: `Figure ${index + 1}. ${named} (${name}).`,
    };
  });
}

const performance: Filler = ({ evaluation, plots }) => {
  const calibration = calibrationTable(evaluation);
  return fully(
    ...levelsOf(evaluation).map((level) => table(discriminationTable(level, evaluation.settings.level))),
    ...lesionTables(evaluation).map(table),
    ...typeTables(evaluation).map(table),
    ...(calibration === null ? [] : [table(calibration)]),
    ...figures(plots),
  );
};

const accuracy: Filler = ({ evaluation }) => {
  const tables = levelsOf(evaluation).flatMap((level) =>
    level.operatingPoints.length === 0
      ? []
      : [
          crossTable(level),
          ...level.operatingPoints.map((point) => accuracyTable(point, level.unit, evaluation)),
        ],
  );
  return fully(...[...tables, ...subgroupTables(evaluation)].map(table));
};

const failures: Filler = ({ evaluation: { imageLevel, lesionLevel } }) => {
  const image = (imageLevel?.operatingPoints ?? []).map(
    ({ name, falseNegatives, falsePositives }) =>
      `${name}: ${falseNegatives} images missed, ${falsePositives} false alarms.`,
  );
  const lesion = (lesionLevel?.operatingPoints ?? []).map(
    ({ name, missed, falsePositives }) => `${name}: ${missed} lesions missed, ${falsePositives} false boxes.`,
  );
  const items = [...image, ...lesion];
  return items.length === 0 ? null : partly({ kind: 'list', items });
};

const fairness: Filler = ({ evaluation: { breakdowns, settings } }) => {
  const columns = breakdowns.map(({ column }) => column);
  if (columns.length === 0) return null;
  return partly(
    paragraph(
      `Figures by ${columns.join(', ')} stand in item 38, with tests of each subgroup against the others (Holm-corrected, at least ${settings.minimum} cases).`,
    ),
  );
};

/** What the numbers say to the items on evaluation and results. */
export const resultFillers: Readonly<Record<string, Filler>> = {
  '2': summary,
  '28': measures,
  '29': statistics,
  '30': robustness,
  '37': performance,
  '38': accuracy,
  '39': failures,
  '+5': fairness,
};
