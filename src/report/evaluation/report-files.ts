import { htmlDocument } from '../document/html-document.js';
import { pdfDocument } from '../document/pdf-document.js';
import type { ResultFiles } from '../tables/result-folder.js';
import { tableMarkdown } from '../tables/table.js';
import { evaluationReport } from './evaluation-report.js';
import { factsTable } from './facts-table.js';
import { modelFacts } from './model-facts.js';
import type { ReportSource } from './report-source.js';

/**
 * The report as HTML and tagged PDF, and the facts for a card as JSON and Markdown.
 *
 * @param withFacts false leaves the facts out, for evaluations whose intervals are not at 95 %
 * @throws LUC_REPORT_LEVEL
 */
export async function reportFiles(source: ReportSource, withFacts: boolean): Promise<ResultFiles> {
  const facts = withFacts ? modelFacts(source.evaluation, source.set) : null;
  const document = evaluationReport(source);
  const table = factsTable(source);
  return {
    'report.html': htmlDocument(document),
    'report.pdf': await pdfDocument(document),
    ...(facts === null ? {} : { 'model-facts.json': `${JSON.stringify(facts, null, 2)}\n` }),
    ...(facts === null || table === null ? {} : { 'model-facts.md': tableMarkdown(table) }),
  };
}
