import { LucencyError } from '../../core/errors.js';

/** @throws LUC_EVALUATION_ARGUMENT unless 0 <= successes <= trials are whole, trials > 0 and 0 < level < 1 */
export function checkCounts(successes: number, trials: number, level: number): void {
  const whole = Number.isInteger(successes) && Number.isInteger(trials);
  if (!whole || successes < 0 || trials <= 0 || successes > trials) {
    throw new LucencyError('LUC_EVALUATION_ARGUMENT', {
      reason: `${successes} of ${trials} is not a proportion`,
    });
  }
  if (!(level > 0 && level < 1)) {
    throw new LucencyError('LUC_EVALUATION_ARGUMENT', {
      reason: `the confidence level is ${level}, not between 0 and 1`,
    });
  }
}
