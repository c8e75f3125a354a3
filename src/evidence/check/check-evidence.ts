import type { ComposeContext } from '../compose-context.js';
import { checkAnswers } from './check-answers.js';
import { checkStudies } from './check-studies.js';
import type { Problem } from './problem.js';

/**
 * Everything that must hold before the answers are published: see docs/answers.md. Empty when all is well.
 * @param today ISO date, such as 2026-11-24
 */
export function checkEvidence(context: ComposeContext, today: string): Problem[] {
  return [...checkStudies(context.base.studies, context.statistics, today), ...checkAnswers(context, today)];
}
