import type { WeightedStatistic } from '../bootstrap/weighted-statistic.js';
import { add } from '../typed-array.js';
import { type ClassTable, classTable, margins } from './class-table.js';
import { type KappaWeights, kappaOf } from './kappa.js';
import type { TypedSet } from './typed-set.js';

/** Figures of a whole table, in the order in which `typeStatistic` writes them. */
export const typeMeasures = ['accuracy', 'macroF1', 'weightedF1', 'kappa', 'weightedKappa'] as const;
/** Figures of each class, which follow, class after class. */
export const classMeasures = ['recall', 'precision', 'f1'] as const;

interface ClassRates {
  readonly recall: number;
  readonly precision: number;
  readonly f1: number;
}

/** Recall, precision and F1 of one class; NaN where undefined. */
function ratesFrom(table: ClassTable, rows: Float64Array, columns: Float64Array, index: number): ClassRates {
  const hits = table.cells[index * table.size + index] ?? 0;
  const row = rows[index] ?? 0;
  const column = columns[index] ?? 0;
  return { recall: hits / row, precision: hits / column, f1: (2 * hits) / (row + column) };
}

/**
 * Writes accuracy, macro and weighted F1, kappa, weighted kappa, then recall, precision and F1 of each class. Classes
 * that occur neither in the truth nor in the predictions are left out of the macro mean.
 */
export function writeTypeMeasures(
  table: ClassTable,
  weights: KappaWeights,
  out: Float64Array,
  offset: number,
): void {
  const { total, rows, columns } = margins(table);
  let hits = 0;
  let f1Sum = 0;
  let f1Classes = 0;
  let f1Weighted = 0;
  for (let index = 0; index < table.size; index++) {
    const rates = ratesFrom(table, rows, columns, index);
    hits += table.cells[index * table.size + index] ?? 0;
    if (!Number.isNaN(rates.f1)) {
      f1Sum += rates.f1;
      f1Classes++;
      f1Weighted += rates.f1 * (rows[index] ?? 0);
    }
    const at = offset + typeMeasures.length + classMeasures.length * index;
    out[at] = rates.recall;
    out[at + 1] = rates.precision;
    out[at + 2] = rates.f1;
  }
  out[offset] = hits / total;
  out[offset + 1] = f1Sum / f1Classes;
  out[offset + 2] = f1Weighted / total;
  out[offset + 3] = kappaOf(table, 'none').kappa;
  out[offset + 4] = kappaOf(table, weights).kappa;
}

/** All figures of a classification into types under group weights. */
export function typeStatistic(set: TypedSet, weights: KappaWeights): WeightedStatistic {
  const size = typeMeasures.length + classMeasures.length * set.classes.length;
  return {
    size,
    cost: set.truth.length + 4 * set.classes.length ** 2,
    compute: (groupWeights, out, offset) =>
      writeTypeMeasures(classTable(set, groupWeights), weights, out, offset),
  };
}

/** Coverage of the conformal sets, their mean size, then the coverage of each class, under group weights. */
export function conformalStatistic(set: TypedSet, sets: Uint8Array): WeightedStatistic {
  const classCount = set.classes.length;
  return {
    size: 2 + classCount,
    cost: set.truth.length * classCount,
    compute(weights, out, offset) {
      const totals = new Float64Array(classCount);
      const covered = new Float64Array(classCount);
      let members = 0;
      for (let item = 0; item < set.truth.length; item++) {
        const weight = weights[set.groups[item] ?? 0] ?? 0;
        const truth = set.truth[item] ?? 0;
        add(totals, truth, weight);
        add(covered, truth, weight * (sets[item * classCount + truth] ?? 0));
        for (let index = 0; index < classCount; index++)
          members += weight * (sets[item * classCount + index] ?? 0);
      }
      const total = totals.reduce((sum, weight) => sum + weight, 0);
      out[offset] = covered.reduce((sum, weight) => sum + weight, 0) / total;
      out[offset + 1] = members / total;
      totals.forEach((of, index) => {
        out[offset + 2 + index] = (covered[index] ?? 0) / of;
      });
    },
  };
}
