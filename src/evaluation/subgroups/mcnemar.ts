import { LucencyError } from '../../core/errors.js';
import { binomialCdf } from '../distributions.js';

export interface McNemarTest {
  /** Items that only the first calls right, and that only the second does. */
  readonly onlyFirst: number;
  readonly onlySecond: number;
  /** Exact, two-sided; 1 where the two never differ. */
  readonly p: number;
}

/**
 * McNemar's exact test of two sets of calls on the same independent items: of the items on which exactly one is right,
 * each should be right in half. Items of one group are taken as independent; the sign-flip test is not.
 *
 * Source: McNemar Q. Psychometrika 1947;12:153-157, with the binomial distribution in place of chi-square.
 * @throws LUC_EVALUATION_ARGUMENT when the lengths differ
 */
export function mcnemar(firstRight: Uint8Array, secondRight: Uint8Array): McNemarTest {
  if (firstRight.length !== secondRight.length) {
    const reason = `${firstRight.length} calls are set against ${secondRight.length}`;
    throw new LucencyError('LUC_EVALUATION_ARGUMENT', { reason });
  }
  let onlyFirst = 0;
  let onlySecond = 0;
  firstRight.forEach((right, item) => {
    if (right === 1 && secondRight[item] === 0) onlyFirst++;
    if (right === 0 && secondRight[item] === 1) onlySecond++;
  });
  const differing = onlyFirst + onlySecond;
  const p =
    differing === 0 ? 1 : Math.min(1, 2 * binomialCdf(Math.min(onlyFirst, onlySecond), differing, 0.5));
  return { onlyFirst, onlySecond, p };
}
