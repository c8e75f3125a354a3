import { createRandom } from '../bootstrap/random.js';
import { rank } from '../roc/ranking.js';
import type { ScoredSet } from '../roc/scored-set.js';

export interface PermutationOptions {
  /** @default 5000 */
  readonly permutations?: number;
  /** @default 1 */
  readonly seed?: number;
}

/** Rounding must not make a permutation that repeats the observed value look smaller. */
const slack = 1e-12;

/** Two-sided p value; the observed arrangement counts as one of the permutations, so that p is never 0. */
function pValue(observed: number, draw: () => number, permutations: number): number {
  let asExtreme = 1;
  for (let permutation = 0; permutation < permutations; permutation++) {
    if (Math.abs(draw()) >= Math.abs(observed) - slack) asExtreme++;
  }
  return asExtreme / (permutations + 1);
}

/**
 * Sign-flip test of paired differences: under the null hypothesis the two models may be swapped in any group of items.
 *
 * Source: Fisher RA. The Design of Experiments, 1935; Good P. Permutation, Parametric and Bootstrap Tests, 2005.
 * @param differences of every group: what the first model has more than the second
 */
export function signFlipTest(
  differences: ArrayLike<number>,
  { permutations = 5000, seed = 1 }: PermutationOptions = {},
): number {
  const random = createRandom(seed);
  const values = Float64Array.from(differences).filter((difference) => difference !== 0);
  const observed = values.reduce((sum, value) => sum + value, 0);
  const draw = () => {
    let sum = 0;
    for (const value of values) sum += (random.bits() & 1) === 1 ? value : -value;
    return sum;
  };
  return pValue(observed, draw, permutations);
}

/** Mid-ranks as scores: models on different scales can then be swapped. */
function midRanks(set: ScoredSet): Float64Array {
  const { order, runs } = rank(set);
  const ranks = new Float64Array(order.length);
  for (let run = 0; run + 1 < runs.length; run++) {
    const start = runs[run] ?? 0;
    const end = runs[run + 1] ?? 0;
    for (let at = start; at < end; at++) ranks[order[at] ?? 0] = -(start + end - 1) / 2;
  }
  return ranks;
}

/**
 * Permutation test of the AUCs of two models on the same items: the ranks that the models give are swapped in whole
 * groups at random.
 *
 * Source: Venkatraman ES, Begg CB. Biometrika 1996;83:835-848 (for the difference of areas).
 * @returns two-sided p value
 */
export function aucSwapTest(
  a: ScoredSet,
  b: ScoredSet,
  { permutations = 5000, seed = 1 }: PermutationOptions = {},
): number {
  const random = createRandom(seed);
  const n = a.labels.length;
  const both: ScoredSet = {
    scores: Float64Array.from([...midRanks(a), ...midRanks(b)]),
    labels: Uint8Array.from([...a.labels, ...a.labels]),
    groups: Int32Array.from([...a.groups, ...a.groups]),
    groupCount: a.groupCount,
    positives: 2 * a.positives,
    negatives: 2 * a.negatives,
  };
  const { order, labels, groups, runs } = rank(both);
  const model = Uint8Array.from(order, (entry) => (entry < n ? 0 : 1));
  const swapped = new Uint8Array(a.groupCount);
  /** Wins of the first model's positives over its negatives less those of the second's. */
  const difference = () => {
    const above = [0, 0];
    let sum = 0;
    for (let run = 1, at = 0; run < runs.length; run++) {
      const end = runs[run] ?? 0;
      let [p0, p1, n0, n1] = [0, 0, 0, 0];
      for (; at < end; at++) {
        const second = (model[at] ?? 0) ^ (swapped[groups[at] ?? 0] ?? 0);
        if (labels[at] === 1) {
          if (second === 1) p1++;
          else p0++;
        } else if (second === 1) n1++;
        else n0++;
      }
      sum += n0 * ((above[0] ?? 0) + p0 / 2) - n1 * ((above[1] ?? 0) + p1 / 2);
      above[0] = (above[0] ?? 0) + p0;
      above[1] = (above[1] ?? 0) + p1;
    }
    return sum;
  };
  const observed = difference();
  const draw = () => {
    for (let group = 0; group < swapped.length; group++) swapped[group] = random.bits() & 1;
    return difference();
  };
  return pValue(observed, draw, permutations);
}

/** Successes and trials of one unit (a group of items) and whether it belongs to the first of two sets. */
export interface RateUnit {
  readonly successes: number;
  readonly trials: number;
  readonly first: boolean;
}

/**
 * Permutation test of two rates (such as the sensitivities in two subgroups): membership is shuffled among the units,
 * whole groups of items where no group has items on both sides.
 *
 * @returns two-sided p value; 1 where a side has no trials
 */
export function rateShuffleTest(
  units: readonly RateUnit[],
  { permutations = 5000, seed = 1 }: PermutationOptions = {},
): number {
  const random = createRandom(seed);
  const counted = units.filter(({ trials }) => trials > 0);
  const successes = Float64Array.from(counted, (unit) => unit.successes);
  const trials = Float64Array.from(counted, (unit) => unit.trials);
  const member = Uint8Array.from(counted, ({ first }) => (first ? 1 : 0));
  const total = [0, 0, 0, 0];
  const difference = () => {
    total.fill(0);
    member.forEach((side, unit) => {
      total[side] = (total[side] ?? 0) + (successes[unit] ?? 0);
      total[2 + side] = (total[2 + side] ?? 0) + (trials[unit] ?? 0);
    });
    return (total[1] ?? 0) / (total[3] ?? 0) - (total[0] ?? 0) / (total[2] ?? 0);
  };
  const observed = difference();
  if (!Number.isFinite(observed)) return 1;
  const draw = () => {
    for (let unit = member.length - 1; unit > 0; unit--) {
      const other = random.below(unit + 1);
      const kept = member[unit] ?? 0;
      member[unit] = member[other] ?? 0;
      member[other] = kept;
    }
    return difference();
  };
  return pValue(observed, draw, permutations);
}
