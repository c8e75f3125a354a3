import { LucencyError } from '../../core/errors.js';
import { normalQuantile } from '../distributions.js';
import { makeFigure, makeInterval, noInterval } from '../figure.js';
import type { Figure } from '../figure.schema.js';
import { type ClassTable, margins } from './class-table.js';

/** How much a disagreement counts: all alike, by the distance of the classes, or by its square (ordered classes). */
export type KappaWeights = 'none' | 'linear' | 'quadratic';

/** Agreement credited to a pair of classes, 1 on the diagonal. */
function credit(weights: KappaWeights, size: number, row: number, column: number): number {
  if (row === column) return 1;
  if (weights === 'none') return 0;
  const distance = Math.abs(row - column) / (size - 1);
  return 1 - (weights === 'linear' ? distance : distance * distance);
}

interface Agreement {
  readonly observed: number;
  readonly expected: number;
  readonly kappa: number;
}

/** Cohen's kappa of a table; NaN where agreement by chance is already complete. */
export function kappaOf(table: ClassTable, weights: KappaWeights): Agreement {
  const { total, rows, columns } = margins(table);
  let observed = 0;
  let expected = 0;
  table.cells.forEach((count, index) => {
    const row = Math.floor(index / table.size);
    const column = index % table.size;
    const agreed = credit(weights, table.size, row, column);
    observed += (agreed * count) / total;
    expected += (agreed * (rows[row] ?? 0) * (columns[column] ?? 0)) / (total * total);
  });
  return { observed, expected, kappa: expected < 1 ? (observed - expected) / (1 - expected) : Number.NaN };
}

/** Large-sample variance of kappa (not assuming that it is zero). */
function kappaVariance(table: ClassTable, weights: KappaWeights, { expected, kappa }: Agreement): number {
  const { size, cells } = table;
  const { total, rows, columns } = margins(table);
  const rowCredit = new Float64Array(size);
  const columnCredit = new Float64Array(size);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const agreed = credit(weights, size, row, column);
      rowCredit[row] = (rowCredit[row] ?? 0) + (agreed * (columns[column] ?? 0)) / total;
      columnCredit[column] = (columnCredit[column] ?? 0) + (agreed * (rows[row] ?? 0)) / total;
    }
  }
  const mean = cells.reduce((sum, count, index) => {
    const row = Math.floor(index / size);
    const column = index % size;
    const term =
      credit(weights, size, row, column) -
      ((rowCredit[row] ?? 0) + (columnCredit[column] ?? 0)) * (1 - kappa);
    return sum + (count / total) * term * term;
  }, 0);
  return (mean - (kappa - expected * (1 - kappa)) ** 2) / (total * (1 - expected) ** 2);
}

/**
 * Cohen's kappa, plain or weighted, with its normal interval (items taken as independent).
 *
 * Sources: Cohen J. Psychol Bull 1968;70:213-220; variance: Fleiss JL, Cohen J, Everitt BS. Psychol Bull
 * 1969;72:323-327.
 * @throws LUC_EVALUATION_ARGUMENT for fewer than two classes
 */
export function kappaFigure(table: ClassTable, weights: KappaWeights, level = 0.95): Figure {
  if (table.size < 2)
    throw new LucencyError('LUC_EVALUATION_ARGUMENT', { reason: 'kappa needs at least two classes' });
  const agreement = kappaOf(table, weights);
  const variance = kappaVariance(table, weights, agreement);
  const half = normalQuantile(1 - (1 - level) / 2) * Math.sqrt(variance);
  const interval =
    variance > 0
      ? makeInterval('wald', Math.max(-1, agreement.kappa - half), Math.min(1, agreement.kappa + half))
      : noInterval('wald', 'the variance is zero');
  return makeFigure(agreement.kappa, [interval], 'there are no items, or all are of one class on both sides');
}
