import { LucencyError } from '../../core/errors.js';
import { makeInterval, noInterval } from '../figure.js';
import type { Interval } from '../figure.schema.js';
import { acceleration, bcaInterval, quantile } from './bca.js';
import { createRandom, type Random } from './random.js';
import { computeOnce, type WeightedStatistic } from './weighted-statistic.js';

export interface BootstrapOptions {
  /** @default 2000 */
  readonly replicates?: number;
  /** @default 1 */
  readonly seed?: number;
  /** Confidence level, 0..1. @default 0.95 */
  readonly level?: number;
}

/** One figure: its value on the data as they are (NaN where undefined), and its intervals. */
export interface BootstrappedFigure {
  readonly value: number;
  readonly bca: Interval;
  readonly percentile: Interval;
  /** Replicates in which the figure was not defined, such as a sensitivity without positives. */
  readonly undefinedReplicates: number;
}

/** Leaving out each group by itself costs more than this many steps: blocks of groups are left out instead. */
const exactStepLimit = 4e8;
const blockCount = 400;
/** A figure that is undefined in more than this share of the resamples gets no interval. */
const undefinedShareLimit = 0.1;

/** Draws as many groups as there are, with replacement: how often each was drawn. */
export function drawWeights(random: Random, weights: Int32Array): void {
  weights.fill(0);
  for (let draw = 0; draw < weights.length; draw++) {
    const group = random.below(weights.length);
    weights[group] = (weights[group] ?? 0) + 1;
  }
}

/** Values of every figure with groups left out, one row per group or block of groups. */
function leaveOut(statistic: WeightedStatistic, groupCount: number): { values: Float64Array; rows: number } {
  if (statistic.leaveOneGroupOut) {
    const values = new Float64Array(groupCount * statistic.size);
    statistic.leaveOneGroupOut(values);
    return { values, rows: groupCount };
  }
  const rows = groupCount * statistic.cost <= exactStepLimit ? groupCount : Math.min(groupCount, blockCount);
  const values = new Float64Array(rows * statistic.size);
  const weights = new Int32Array(groupCount);
  for (let row = 0; row < rows; row++) {
    weights.fill(1);
    for (let group = row; group < groupCount; group += rows) weights[group] = 0;
    statistic.compute(weights, values, row * statistic.size);
  }
  return { values, rows };
}

function column(values: Float64Array, index: number, size: number, rows: number): Float64Array {
  const out = new Float64Array(rows);
  for (let row = 0; row < rows; row++) out[row] = values[row * size + index] ?? Number.NaN;
  return out;
}

function intervals(
  value: number,
  replicates: Float64Array,
  left: Float64Array,
  level: number,
): BootstrappedFigure {
  // An infinite ratio is a value at the end of the order; only NaN is no value.
  const defined = replicates.filter((replicate) => !Number.isNaN(replicate)).sort();
  const undefinedReplicates = replicates.length - defined.length;
  const none = (reason: string): BootstrappedFigure => ({
    value,
    bca: noInterval('bca', reason),
    percentile: noInterval('percentile', reason),
    undefinedReplicates,
  });
  if (!Number.isFinite(value)) return none('the figure itself is not defined');
  if (undefinedReplicates > undefinedShareLimit * replicates.length) {
    return none(`it is not defined in ${undefinedReplicates} of ${replicates.length} resamples`);
  }
  if (defined[0] === defined[defined.length - 1]) return none('every resample gives the same value');
  const bounded = (method: 'bca' | 'percentile', lower: number, upper: number) =>
    lower === upper
      ? noInterval(method, 'its bounds coincide: too few resamples differ')
      : makeInterval(method, lower, upper, 'a bound is infinite');
  const [lower, upper] = bcaInterval(value, defined, acceleration(left), level);
  const tail = (1 - level) / 2;
  return {
    value,
    bca: bounded('bca', lower, upper),
    percentile: bounded('percentile', quantile(defined, tail), quantile(defined, 1 - tail)),
    undefinedReplicates,
  };
}

/**
 * Bootstrap of whole groups (patients): draws as many groups as there are, with replacement, `replicates` times, and
 * computes every statistic on the same draws. Items of one group stay together, so that films of one patient do not
 * pass for independent evidence. The same seed gives the same intervals.
 *
 * @returns the figures of all statistics, one after the other
 * @throws LUC_EVALUATION_ARGUMENT for fewer than 100 replicates or a level outside 0..1
 */
export function bootstrapGroups(
  statistics: readonly WeightedStatistic[],
  groupCount: number,
  { replicates = 2000, seed = 1, level = 0.95 }: BootstrapOptions = {},
): BootstrappedFigure[] {
  if (!(Number.isInteger(replicates) && replicates >= 100)) {
    const reason = `${replicates} bootstrap replicates cannot show the tails; at least 100 are needed`;
    throw new LucencyError('LUC_EVALUATION_ARGUMENT', { reason });
  }
  if (!(level > 0 && level < 1)) {
    throw new LucencyError('LUC_EVALUATION_ARGUMENT', {
      reason: `the confidence level is ${level}, not between 0 and 1`,
    });
  }
  const random = createRandom(seed);
  const weights = new Int32Array(groupCount);
  const drawn = statistics.map((statistic) => new Float64Array(statistic.size * replicates));
  for (let replicate = 0; replicate < replicates; replicate++) {
    drawWeights(random, weights);
    statistics.forEach((statistic, index) => {
      statistic.compute(weights, drawn[index] ?? new Float64Array(0), replicate * statistic.size);
    });
  }
  return statistics.flatMap((statistic, index) => {
    const { size } = statistic;
    const values = computeOnce(statistic, groupCount);
    const left = leaveOut(statistic, groupCount);
    return Array.from({ length: size }, (_, figure) =>
      intervals(
        values[figure] ?? Number.NaN,
        column(drawn[index] ?? new Float64Array(0), figure, size, replicates),
        column(left.values, figure, size, left.rows),
        level,
      ),
    );
  });
}
