import type { MetaAnalysis } from '../../evaluation/meta-analysis/meta-analysis.schema.js';
import { renderPlot } from '../plots/render.js';
import type { ResultFiles } from '../tables/result-folder.js';
import { tableMarkdown } from '../tables/table.js';
import { forestPlot } from './forest-plot.js';
import { funnelPlot } from './funnel-plot.js';
import { srocPlot } from './sroc-plot.js';
import { metaAnalysisTables } from './tables.js';

/** Numbers, tables and plots of a meta-analysis, by file name. */
export async function metaAnalysisFiles(result: MetaAnalysis): Promise<ResultFiles> {
  const warnings = result.warnings.map((warning) => `- ${warning}\n`).join('');
  const tables = metaAnalysisTables(result).map(tableMarkdown).join('\n');
  return {
    'meta-analysis.json': `${JSON.stringify(result, null, 2)}\n`,
    'tables.md': warnings === '' ? tables : `${tables}\n**To be kept in mind**\n\n${warnings}`,
    'forest.svg': await renderPlot(forestPlot(result)),
    'sroc.svg': await renderPlot(srocPlot(result)),
    ...(result.deeks === null ? {} : { 'funnel.svg': await renderPlot(funnelPlot(result.deeks)) }),
  };
}
