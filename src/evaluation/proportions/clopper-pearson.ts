import { betaQuantile } from '../distributions.js';
import { checkCounts } from './check-counts.js';

/**
 * Clopper and Pearson's "exact" interval of a proportion `successes / trials` at a confidence `level`: it covers the
 * truth at least that often, usually more often.
 *
 * Source: Clopper CJ, Pearson ES. Biometrika 1934;26:404-413; bounds as beta quantiles.
 * @throws LUC_EVALUATION_ARGUMENT as `wilsonInterval`
 */
export function clopperPearsonInterval(successes: number, trials: number, level = 0.95): [number, number] {
  checkCounts(successes, trials, level);
  const tail = (1 - level) / 2;
  const lower = successes === 0 ? 0 : betaQuantile(tail, successes, trials - successes + 1);
  const upper = successes === trials ? 1 : betaQuantile(1 - tail, successes + 1, trials - successes);
  return [lower, upper];
}
