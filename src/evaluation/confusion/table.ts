import { LucencyError } from '../../core/errors.js';
import type { ScoredSet } from '../roc/scored-set.js';

/** The four cells of a test against the truth. */
export interface ConfusionTable {
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly falseNegatives: number;
  readonly trueNegatives: number;
}

/** @throws LUC_EVALUATION_ARGUMENT unless all four cells are whole and not negative */
export function checkTable(table: ConfusionTable): void {
  const cells = [table.truePositives, table.falsePositives, table.falseNegatives, table.trueNegatives];
  if (cells.some((cell) => !Number.isInteger(cell) || cell < 0)) {
    throw new LucencyError('LUC_EVALUATION_ARGUMENT', {
      reason: `the cells ${cells.join(', ')} are no counts`,
    });
  }
}

/** 1 for every item that scores at least `threshold`: it is called positive. */
export function callsAt(scores: Float64Array, threshold: number): Uint8Array {
  return Uint8Array.from(scores, (score) => (score >= threshold ? 1 : 0));
}

/** The table of calls (1 positive, 0 negative) against the truth. */
export function tableOf(set: ScoredSet, calls: Uint8Array): ConfusionTable {
  let truePositives = 0;
  let falsePositives = 0;
  calls.forEach((call, item) => {
    if (call === 0) return;
    if (set.labels[item] === 1) truePositives++;
    else falsePositives++;
  });
  return {
    truePositives,
    falsePositives,
    falseNegatives: set.positives - truePositives,
    trueNegatives: set.negatives - falsePositives,
  };
}
