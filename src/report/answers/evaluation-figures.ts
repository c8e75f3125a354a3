import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { LucencyError } from '../../core/errors.js';
import { type Evaluation, evaluationSchema } from '../../evaluation/evaluation.schema.js';
import { figuresOfResults, type OwnFigure } from '../../evidence/own-accuracy.js';
import { modelFacts } from '../evaluation/model-facts.js';
import { evidenceStatistics } from './statistics.js';

/** The name under which figures of one's own evaluation stand among those of the cards; they come first. */
export const evaluationSource = 'evaluation';

async function readEvaluation(given: string): Promise<Evaluation> {
  const refuse = (reason: string, cause?: unknown): never => {
    throw new LucencyError('LUC_ANSWERS_EVALUATION_INVALID', { path: given, reason }, { cause });
  };
  const isFolder = (await stat(given).catch(() => null))?.isDirectory() ?? false;
  const file = isFolder ? path.join(given, 'results.json') : given;
  const text = await readFile(file, 'utf8').catch((cause: unknown) => refuse('it cannot be read', cause));
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    return refuse('it is not JSON', cause);
  }
  const result = evaluationSchema.safeParse(parsed);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  return refuse(
    issue ? `${issue.path.join('.') || 'the whole file'}: ${issue.message}` : 'it breaks the schema',
  );
}

/**
 * The figures of an evaluation that `lucency evaluate` wrote, for the question "how good is the AI used here".
 * @param given `results.json`, or the folder that holds it
 * @throws LUC_ANSWERS_EVALUATION_INVALID; LUC_REPORT_LEVEL when its intervals are not at 95 %
 */
export async function evaluationFigures(given: string): Promise<OwnFigure[]> {
  const evaluation = await readEvaluation(given);
  const results = modelFacts(evaluation, path.basename(evaluation.data.truth.path));
  return figuresOfResults(results, { source: evaluationSource, rank: -1 }, evidenceStatistics);
}
