import type { ReaderComparison } from '../../evaluation/readers/readers.schema.js';
import { renderPlot } from '../plots/render.js';
import type { ResultFiles } from '../tables/result-folder.js';
import { tableMarkdown } from '../tables/table.js';
import { readersPlot } from './readers-plot.js';
import { readerTables } from './tables.js';

/** Numbers, tables and plots of a reader study, by file name. */
export async function readersFiles(comparison: ReaderComparison): Promise<ResultFiles> {
  const warnings = comparison.warnings.map((warning) => `- ${warning}\n`).join('');
  const tables = readerTables(comparison).map(tableMarkdown).join('\n');
  const plots: Record<string, string> = {};
  for (const result of comparison.measures) {
    plots[`${result.measure}.svg`] = await renderPlot(readersPlot(comparison, result));
  }
  return {
    'readers.json': `${JSON.stringify(comparison, null, 2)}\n`,
    'tables.md': warnings === '' ? tables : `${tables}\n**To be kept in mind**\n\n${warnings}`,
    ...plots,
  };
}
