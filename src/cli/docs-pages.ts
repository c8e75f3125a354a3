import { z } from 'zod';
import { errorCatalogue } from '../core/error-catalogue.js';
import { readingSchema, studySummarySchema } from '../core/reading.js';
import { evaluationSchema } from '../evaluation/evaluation.schema.js';
import { metaAnalysisSchema } from '../evaluation/meta-analysis/meta-analysis.schema.js';
import { sampleSizeSchema } from '../evaluation/power/sample-size.schema.js';
import { readerComparisonSchema } from '../evaluation/readers/readers.schema.js';
import { cardSchema } from '../models/card.js';
import { reportStateSchema } from '../report/evaluation/report.schema.js';

/** The contracts that others rely on, by the file in `docs/` that holds their JSON Schema. */
const contracts: Readonly<Record<string, z.ZodType>> = {
  'reading.schema.json': readingSchema,
  'study.schema.json': studySummarySchema,
  'card.schema.json': cardSchema,
  'evaluation.schema.json': evaluationSchema,
  'readers.schema.json': readerComparisonSchema,
  'meta-analysis.schema.json': metaAnalysisSchema,
  'sample-size.schema.json': sampleSizeSchema,
  'report.schema.json': reportStateSchema,
};

function escapeCell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;');
}

function errorsPage(): string {
  const rows = Object.entries(errorCatalogue)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([code, { message, advice }]) => `| \`${code}\` | ${escapeCell(message)} | ${escapeCell(advice)} |`);
  return [
    '# Errors',
    '',
    'Every error that Lucency reports has a code of this table. `{name}` is filled in when it happens. The page is',
    'generated from `src/core/error-catalogue.ts` by `npm run docs`, and a test fails when the two differ.',
    '',
    '| code | what is wrong | what to do |',
    '|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}

/** The generated pages of `docs/`, by file name: the error catalogue and the JSON Schemas of the contracts. */
export function docsPages(): Record<string, string> {
  const pages: Record<string, string> = { 'errors.md': errorsPage() };
  for (const [file, schema] of Object.entries(contracts)) {
    pages[file] = `${JSON.stringify(z.toJSONSchema(schema, { io: 'output' }), null, 2)}\n`;
  }
  return pages;
}
