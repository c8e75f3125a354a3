import path from 'node:path';
import type { EvaluationResult } from '../../evaluation/run/evaluate-files.js';
import { evaluationPlots } from '../../report/metrics/evaluation-plots.js';
import { renderPlot } from '../../report/plots/render.js';
import { writeResultFolder } from '../../report/tables/result-folder.js';
import type { ModelEvaluation } from './evaluate-models.js';
import { modelsPage } from './models-page.js';

const imagePlots = ['roc', 'precision-recall', 'reliability', 'decision-curve', 'subgroups-auc'];
const boxPlots = ['froc', 'lesion-precision-recall', 'wafroc', 'subgroups-lesion-sensitivity'];

/** Writes the document of an evaluation and some of its plots into a folder; returns the names of the plots. */
async function writeEvaluation(
  folder: string,
  result: EvaluationResult,
  wanted: readonly string[],
): Promise<string[]> {
  const files: Record<string, string> = {
    'results.json': `${JSON.stringify(result.evaluation, null, 1)}\n`,
  };
  const shown: string[] = [];
  for (const { name, spec } of evaluationPlots(result)) {
    if (!wanted.includes(name)) continue;
    files[`${name}.svg`] = await renderPlot(spec);
    shown.push(name);
  }
  await writeResultFolder(folder, files, true);
  return shown;
}

/** Writes `models.md`, and beside it a folder per model with its document and plots; earlier ones are replaced. */
export async function writeModelsPage(folder: string, measured: ModelEvaluation): Promise<void> {
  const { scores, shipped } = measured;
  const combined = await writeEvaluation(path.join(folder, scores.combiner.id), shipped.combined, imagePlots);
  const boxes =
    shipped.boxes === null
      ? []
      : await writeEvaluation(path.join(folder, scores.detector.id), shipped.boxes, boxPlots);
  await writeResultFolder(folder, { 'models.md': modelsPage(measured, { combined, boxes }) }, true);
}
