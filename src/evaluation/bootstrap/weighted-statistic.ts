/**
 * Figures that can be computed again with every group counted `weights[group]` times: 0 leaves a group out, 2 counts
 * it twice. A resample of patients is nothing but such weights, so the data are sorted and matched once only.
 */
export interface WeightedStatistic {
  /** How many figures it computes. */
  readonly size: number;
  /** Elementary steps of one computation, roughly: decides how the acceleration is estimated. */
  readonly cost: number;
  /** Writes the figures to `out[offset ..]`; NaN where one is not defined for these weights. */
  compute(weights: Int32Array, out: Float64Array, offset: number): void;
  /**
   * The figures with each group left out in turn: `out[group * size + figure]`. To be given where that is cheaper than
   * one `compute` per group. Values may be first-order approximations: only their spread is used.
   */
  leaveOneGroupOut?(out: Float64Array): void;
}

/** All figures of one statistic on the data as they are. */
export function computeOnce(statistic: WeightedStatistic, groupCount: number): Float64Array {
  const out = new Float64Array(statistic.size);
  statistic.compute(new Int32Array(groupCount).fill(1), out, 0);
  return out;
}

/** The figures of `a` minus those of `b`, both on the same groups: for paired comparisons. */
export function differenceOf(
  a: WeightedStatistic,
  b: WeightedStatistic,
  groupCount: number,
): WeightedStatistic {
  if (a.size !== b.size) throw new RangeError('only statistics with the same figures can be subtracted');
  const { size } = a;
  const other = new Float64Array(size);
  const { leaveOneGroupOut: leaveA } = a;
  const { leaveOneGroupOut: leaveB } = b;
  const difference: WeightedStatistic = {
    size,
    cost: a.cost + b.cost,
    compute(weights, out, offset) {
      a.compute(weights, out, offset);
      b.compute(weights, other, 0);
      for (let figure = 0; figure < size; figure++) {
        out[offset + figure] = (out[offset + figure] ?? 0) - (other[figure] ?? 0);
      }
    },
  };
  if (!leaveA || !leaveB) return difference;
  return {
    ...difference,
    leaveOneGroupOut(out) {
      leaveA.call(a, out);
      const subtrahend = new Float64Array(groupCount * size);
      leaveB.call(b, subtrahend);
      for (let at = 0; at < out.length; at++) out[at] = (out[at] ?? 0) - (subtrahend[at] ?? 0);
    },
  };
}
