import type { EvaluationResult } from '../../evaluation/run/evaluate-files.js';
import { renderPlot } from '../plots/render.js';
import type { ResultFiles } from '../tables/result-folder.js';
import { tableCsv, tableMarkdown } from '../tables/table.js';
import { evaluationPlots } from './evaluation-plots.js';
import { figureRows } from './figure-rows.js';
import { evaluationTables } from './tables.js';

/** The document of an evaluation in its folder. */
export const resultsFile = 'results.json';

/**
 * Everything that an evaluation leaves behind, by file name: the document, all figures as CSV, the tables as Markdown,
 * and each plot as SVG beside a CSV with the numbers that it shows.
 */
export async function evaluationFiles(result: EvaluationResult): Promise<ResultFiles> {
  const { evaluation } = result;
  const notes = evaluation.notes.map((note) => `- ${note}\n`).join('');
  const files: Record<string, string> = {
    [resultsFile]: `${JSON.stringify(evaluation, null, 1)}\n`,
    'figures.csv': tableCsv(figureRows(evaluation)),
    'tables.md': `${evaluationTables(evaluation).map(tableMarkdown).join('\n')}\n${notes}`,
  };
  for (const { name, spec, numbers } of evaluationPlots(result)) {
    files[`${name}.svg`] = await renderPlot(spec);
    files[`${name}.csv`] = tableCsv(numbers);
  }
  return files;
}
