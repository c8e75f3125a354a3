import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { LucencyError } from '../../core/errors.js';
import { type Evaluation, evaluationSchema } from '../../evaluation/evaluation.schema.js';
import type { SavedPlot } from './report-source.js';

const resultFile = 'results.json';

/** Order in which plots are shown; others follow by name. */
const plotOrder = [
  'roc',
  'precision-recall',
  'froc',
  'froc-ribfrac',
  'lesion-precision-recall',
  'wafroc',
  'confusion-matrix',
  'reliability',
  'decision-curve',
];

function parse(text: string, file: string): Evaluation {
  const invalid = (reason: string, cause?: unknown) =>
    new LucencyError('LUC_REPORT_EVALUATION_INVALID', { path: file, reason }, { cause });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw invalid('it is not JSON', cause);
  }
  const result = evaluationSchema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw invalid(
    issue ? `${issue.path.join('.') || 'document'}: ${issue.message}` : 'it does not fit the schema',
  );
}

function rank(name: string): number {
  const found = plotOrder.indexOf(name.replace(/\.svg$/, ''));
  return found < 0 ? plotOrder.length : found;
}

async function readPlots(folder: string): Promise<SavedPlot[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.svg')).sort();
  const ordered = names.sort((a, b) => rank(a) - rank(b));
  return Promise.all(
    ordered.map(async (name) => ({ name, svg: await readFile(path.join(folder, name), 'utf8') })),
  );
}

/**
 * Reads what `lucency evaluate --out` wrote: the numbers, and the plots beside them.
 *
 * @param place the folder, or the file of the numbers
 * @throws LUC_REPORT_EVALUATION_INVALID
 */
export async function readEvaluation(place: string): Promise<{ evaluation: Evaluation; plots: SavedPlot[] }> {
  const found = await stat(place).catch((cause: unknown) => {
    throw new LucencyError(
      'LUC_REPORT_EVALUATION_INVALID',
      { path: place, reason: 'there is no such file' },
      { cause },
    );
  });
  const file = found.isDirectory() ? path.join(place, resultFile) : place;
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    const reason = found.isDirectory() ? `the folder holds no ${resultFile}` : 'it cannot be opened';
    throw new LucencyError('LUC_REPORT_EVALUATION_INVALID', { path: file, reason }, { cause });
  });
  return { evaluation: parse(text, file), plots: await readPlots(path.dirname(file)) };
}
