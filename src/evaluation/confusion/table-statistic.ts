import type { WeightedStatistic } from '../bootstrap/weighted-statistic.js';
import type { ScoredSet } from '../roc/scored-set.js';
import { add } from '../typed-array.js';
import { tableMeasures, writeMeasures } from './measures.js';
import { tableOf } from './table.js';

/** Cells of the table of each group: tp, fp, fn, tn, one group after the other. */
function cellsByGroup(set: ScoredSet, calls: Uint8Array): Int32Array {
  const cells = new Int32Array(4 * set.groupCount);
  calls.forEach((call, item) => {
    const positive = call === 1;
    const ill = set.labels[item] === 1;
    const cell = positive ? (ill ? 0 : 1) : ill ? 2 : 3;
    add(cells, 4 * (set.groups[item] ?? 0) + cell, 1);
  });
  return cells;
}

/** The measures of the two-by-two table of calls (in the order of `tableMeasures`) under group weights. */
export function tableStatistic(set: ScoredSet, calls: Uint8Array, prevalence?: number): WeightedStatistic {
  const cells = cellsByGroup(set, calls);
  const size = tableMeasures.length;
  const stated = prevalence ?? Number.NaN;
  return {
    size,
    cost: 4 * set.groupCount,
    compute(weights, out, offset) {
      let tp = 0;
      let fp = 0;
      let fn = 0;
      let tn = 0;
      for (let group = 0; group < weights.length; group++) {
        const weight = weights[group] ?? 0;
        if (weight === 0) continue;
        tp += weight * (cells[4 * group] ?? 0);
        fp += weight * (cells[4 * group + 1] ?? 0);
        fn += weight * (cells[4 * group + 2] ?? 0);
        tn += weight * (cells[4 * group + 3] ?? 0);
      }
      writeMeasures(tp, fp, fn, tn, stated, out, offset);
    },
    leaveOneGroupOut(out) {
      const all = tableOf(set, calls);
      for (let group = 0; group < set.groupCount; group++) {
        const tp = all.truePositives - (cells[4 * group] ?? 0);
        const fp = all.falsePositives - (cells[4 * group + 1] ?? 0);
        const fn = all.falseNegatives - (cells[4 * group + 2] ?? 0);
        const tn = all.trueNegatives - (cells[4 * group + 3] ?? 0);
        writeMeasures(tp, fp, fn, tn, stated, out, group * size);
      }
    },
  };
}
