import { add } from '../typed-array.js';
import type { TypedSet } from './typed-set.js';

/** Counts (or weights) by truth (row) and prediction (column), row after row: `cells[truth * size + predicted]`. */
export interface ClassTable {
  readonly size: number;
  readonly cells: Float64Array;
}

/** The confusion matrix of a set; with `weights`, each item counts as its group does. */
export function classTable(set: TypedSet, weights?: Int32Array): ClassTable {
  const size = set.classes.length;
  const cells = new Float64Array(size * size);
  set.truth.forEach((truth, item) => {
    const weight = weights === undefined ? 1 : (weights[set.groups[item] ?? 0] ?? 0);
    add(cells, truth * size + (set.predicted[item] ?? 0), weight);
  });
  return { size, cells };
}

/** Sum of all cells, of each row (truth) and of each column (prediction). */
export function margins({ size, cells }: ClassTable): {
  total: number;
  rows: Float64Array;
  columns: Float64Array;
} {
  const rows = new Float64Array(size);
  const columns = new Float64Array(size);
  let total = 0;
  cells.forEach((count, index) => {
    add(rows, Math.floor(index / size), count);
    add(columns, index % size, count);
    total += count;
  });
  return { total, rows, columns };
}
