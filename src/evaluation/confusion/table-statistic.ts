import type { WeightedStatistic } from '../bootstrap/weighted-statistic.js';
import type { ScoredSet } from '../roc/scored-set.js';
import { add } from '../typed-array.js';
import { tableMeasures, writeMeasures } from './measures.js';

/** Cells of the table of each group at a threshold: tp, fp, fn, tn, one group after the other. */
function cellsByGroup(set: ScoredSet, threshold: number): Int32Array {
  const cells = new Int32Array(4 * set.groupCount);
  set.scores.forEach((score, item) => {
    const positive = score >= threshold;
    const ill = set.labels[item] === 1;
    const cell = positive ? (ill ? 0 : 1) : ill ? 2 : 3;
    add(cells, 4 * (set.groups[item] ?? 0) + cell, 1);
  });
  return cells;
}

/** The measures of the two-by-two table at a threshold (in the order of `tableMeasures`) under group weights. */
export function tableStatistic(set: ScoredSet, threshold: number, prevalence?: number): WeightedStatistic {
  const cells = cellsByGroup(set, threshold);
  const size = tableMeasures.length;
  const stated = prevalence ?? Number.NaN;
  const totals = new Float64Array(4);
  const sum = (weights: Int32Array | null) => {
    totals.fill(0);
    for (let group = 0; group < set.groupCount; group++) {
      const weight = weights === null ? 1 : (weights[group] ?? 0);
      for (let cell = 0; cell < 4; cell++) add(totals, cell, weight * (cells[4 * group + cell] ?? 0));
    }
  };
  const left = (group: number, cell: number) => (totals[cell] ?? 0) - (cells[4 * group + cell] ?? 0);
  return {
    size,
    cost: 4 * set.groupCount,
    compute(weights, out, offset) {
      sum(weights);
      writeMeasures(totals[0] ?? 0, totals[1] ?? 0, totals[2] ?? 0, totals[3] ?? 0, stated, out, offset);
    },
    leaveOneGroupOut(out) {
      sum(null);
      for (let group = 0; group < set.groupCount; group++) {
        const cell = (index: number) => left(group, index);
        writeMeasures(cell(0), cell(1), cell(2), cell(3), stated, out, group * size);
      }
    },
  };
}
