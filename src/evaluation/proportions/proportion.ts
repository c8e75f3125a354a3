import { makeInterval, notComputable } from '../figure.js';
import type { Figure } from '../figure.schema.js';
import { clopperPearsonInterval } from './clopper-pearson.js';
import { wilsonInterval } from './wilson.js';

/**
 * A proportion with its counts, Wilson's and Clopper-Pearson's intervals. Without trials there is no value, and
 * `noTrials` says why.
 *
 * @throws LUC_EVALUATION_ARGUMENT for counts that are no proportion
 */
export function proportion(successes: number, trials: number, noTrials: string, level = 0.95): Figure {
  if (trials === 0) return { ...notComputable(noTrials), numerator: 0, denominator: 0 };
  const [wilsonLower, wilsonUpper] = wilsonInterval(successes, trials, level);
  const [exactLower, exactUpper] = clopperPearsonInterval(successes, trials, level);
  return {
    value: successes / trials,
    numerator: successes,
    denominator: trials,
    intervals: [
      makeInterval('wilson', wilsonLower, wilsonUpper),
      makeInterval('clopper-pearson', exactLower, exactUpper),
    ],
  };
}
