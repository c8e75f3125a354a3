import { normalQuantile } from '../distributions.js';
import { checkCounts } from './check-counts.js';

/**
 * Wilson's score interval of a proportion `successes / trials` at a confidence `level` (0..1), without continuity
 * correction. It stays inside 0..1 and keeps its coverage near 0 and 1, where the textbook interval fails.
 *
 * Source: Wilson EB. J Am Stat Assoc 1927;22:209-212; Newcombe RG. Stat Med 1998;17:857-872 (method 3).
 * @throws LUC_EVALUATION_ARGUMENT for counts that are not whole, negative, or more successes than trials, or no trial
 */
export function wilsonInterval(successes: number, trials: number, level = 0.95): [number, number] {
  checkCounts(successes, trials, level);
  const z = normalQuantile(1 - (1 - level) / 2);
  const p = successes / trials;
  const scale = 1 + (z * z) / trials;
  const centre = (p + (z * z) / (2 * trials)) / scale;
  const half = (z / scale) * Math.sqrt((p * (1 - p)) / trials + (z * z) / (4 * trials * trials));
  // The formula gives 0 and 1 exactly on paper; rounding must not push the bound past them.
  return [
    successes === 0 ? 0 : Math.max(0, centre - half),
    successes === trials ? 1 : Math.min(1, centre + half),
  ];
}
