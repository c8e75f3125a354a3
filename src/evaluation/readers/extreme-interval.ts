import { clopperPearsonInterval } from '../proportions/clopper-pearson.js';
import type { CaseTerms } from './figure-of-merit.js';

/**
 * Interval of a figure of merit that is 0 or 1 in every case: the variance over cases is 0 then and would give an interval
 * without width. Of n diseased and m normal cases, min(n, m) pairs are independent, and each is ranked rightly with the
 * chance that the figure estimates; so Clopper and Pearson's exact bound for that many trials holds (conservatively).
 * Sensitivity and specificity rest on one class: its cases are the trials.
 *
 * @returns null where the figure is neither 0 nor 1
 */
export function extremeInterval(
  { value, diseased, normal }: CaseTerms,
  level: number,
): [number, number] | null {
  if (value !== 0 && value !== 1) return null;
  const trials = Math.min(
    diseased?.length ?? Number.POSITIVE_INFINITY,
    normal?.length ?? Number.POSITIVE_INFINITY,
  );
  return clopperPearsonInterval(value * trials, trials, level);
}
