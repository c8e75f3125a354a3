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

/** The table at a threshold: items that score at least that much are called positive. */
export function tableAt(set: ScoredSet, threshold: number): ConfusionTable {
  let truePositives = 0;
  let falsePositives = 0;
  set.scores.forEach((score, item) => {
    if (score < threshold) return;
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
