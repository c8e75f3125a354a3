import { LucencyError } from '../../core/errors.js';
import type { StudyCounts } from './study-table.js';

/**
 * Which studies get the correction: `all` of them when any study has a zero cell, only the `single` studies with a
 * zero cell, `always` every study, or `none`.
 */
export type CorrectionRule = 'all' | 'single' | 'always' | 'none';

export interface Correction {
  readonly rule: CorrectionRule;
  /** Added to each of the four cells. */
  readonly amount: number;
}

export const defaultCorrection: Correction = { rule: 'all', amount: 0.5 };

/** Cells of a study after the correction; no longer whole numbers. */
export interface CorrectedCells {
  readonly study: string;
  readonly tp: number;
  readonly fn: number;
  readonly fp: number;
  readonly tn: number;
}

function hasZero({ tp, fn, fp, tn }: StudyCounts): boolean {
  return tp === 0 || fn === 0 || fp === 0 || tn === 0;
}

/**
 * Adds the continuity correction that logits and log odds ratios need.
 *
 * @throws LUC_META_ZERO_CELL where a cell is zero and stays so
 */
export function correctCells(studies: readonly StudyCounts[], correction: Correction): CorrectedCells[] {
  const anyZero = studies.some(hasZero);
  return studies.map((study) => {
    const zero = hasZero(study);
    const corrected =
      correction.rule === 'always' ||
      (correction.rule === 'all' && anyZero) ||
      (correction.rule === 'single' && zero);
    if (zero && (!corrected || correction.amount <= 0)) {
      throw new LucencyError('LUC_META_ZERO_CELL', { study: study.study });
    }
    const add = corrected ? correction.amount : 0;
    return {
      study: study.study,
      tp: study.tp + add,
      fn: study.fn + add,
      fp: study.fp + add,
      tn: study.tn + add,
    };
  });
}

/** The rule and what it did, in a sentence for the output. */
export function describeCorrection(studies: readonly StudyCounts[], { rule, amount }: Correction): string {
  const zeros = studies.filter(hasZero).length;
  const found = `${zeros} of ${studies.length} studies ${zeros === 1 ? 'has' : 'have'} a zero cell`;
  switch (rule) {
    case 'none':
      return `no correction; ${found}`;
    case 'always':
      return `${amount} added to every cell of every study; ${found}`;
    case 'single':
      return `${amount} added to every cell of the studies with a zero cell; ${found}`;
    case 'all':
      return zeros > 0
        ? `${amount} added to every cell of every study, because ${found}`
        : `none needed (rule: ${amount} to every cell of every study if any cell is zero); ${found}`;
  }
}
