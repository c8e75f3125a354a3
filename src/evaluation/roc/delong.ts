import { LucencyError } from '../../core/errors.js';
import { normalQuantile, normalTwoSidedP } from '../distributions.js';
import { makeInterval, noInterval } from '../figure.js';
import type { Interval } from '../figure.schema.js';
import { placements } from './placements.js';
import type { ScoredSet } from './scored-set.js';

/** AUCs of several scores of the same items, and their covariance matrix. */
export interface AucCovariance {
  readonly aucs: number[];
  readonly covariance: number[][];
}

function covarianceOf(
  a: Float64Array,
  b: Float64Array,
  set: ScoredSet,
  label: 0 | 1,
  auc: [number, number],
): number {
  const count = label === 1 ? set.positives : set.negatives;
  let sum = 0;
  set.labels.forEach((value, item) => {
    if (value === label) sum += ((a[item] ?? 0) - auc[0]) * ((b[item] ?? 0) - auc[1]);
  });
  return sum / (count - 1) / count;
}

/**
 * Covariance of AUCs measured on the same independent items, from the placements.
 *
 * Source: DeLong ER, DeLong DM, Clarke-Pearson DL. Biometrics 1988;44:837-845; placements by ranks after Sun and Xu,
 * IEEE Signal Process Lett 2014;21:1389-1393.
 * @throws LUC_EVALUATION_ONE_CLASS, LUC_EVALUATION_ARGUMENT when the sets differ in their labels
 */
export function delongCovariance(sets: readonly ScoredSet[]): AucCovariance {
  const results = sets.map((set) => placements(set));
  const first = checkSameLabels(sets);
  const covariance = results.map((a) =>
    results.map((b) => {
      const aucs: [number, number] = [a.auc, b.auc];
      return (
        covarianceOf(a.values, b.values, first, 1, aucs) + covarianceOf(a.values, b.values, first, 0, aucs)
      );
    }),
  );
  return { aucs: results.map((result) => result.auc), covariance };
}

function checkSameLabels(sets: readonly ScoredSet[]): ScoredSet {
  const [first, ...others] = sets;
  if (first === undefined)
    throw new LucencyError('LUC_EVALUATION_ARGUMENT', { reason: 'no scores were given' });
  for (const { labels } of others) {
    if (labels.length !== first.labels.length || labels.some((label, item) => label !== first.labels[item])) {
      throw new LucencyError('LUC_EVALUATION_ARGUMENT', { reason: 'the scores belong to different items' });
    }
  }
  return first;
}

interface GroupSums {
  deviations: Record<'positive' | 'negative', Float64Array>;
  members: Record<'positive' | 'negative', Int32Array>;
}

function sumByGroup(values: Float64Array, auc: number, set: ScoredSet): GroupSums {
  const positive = new Float64Array(set.groupCount);
  const negative = new Float64Array(set.groupCount);
  const members = { positive: new Int32Array(set.groupCount), negative: new Int32Array(set.groupCount) };
  set.labels.forEach((label, item) => {
    const group = set.groups[item] ?? 0;
    const kind = label === 1 ? 'positive' : 'negative';
    const sums = label === 1 ? positive : negative;
    sums[group] = (sums[group] ?? 0) + (values[item] ?? 0) - auc;
    members[kind][group] = (members[kind][group] ?? 0) + 1;
  });
  return { deviations: { positive, negative }, members };
}

function sumOfProducts(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0);
}

/**
 * Covariance of AUCs when items of one group (the films of one patient) may be alike: the placements are summed per
 * group before their spread is taken.
 *
 * Source: Obuchowski NA. Biometrics 1997;53:567-578.
 * @throws as `delongCovariance`
 */
export function clusteredDelongCovariance(sets: readonly ScoredSet[]): AucCovariance {
  const set = checkSameLabels(sets);
  const results = sets.map((each) => placements(each));
  const sums = results.map((result) => sumByGroup(result.values, result.auc, set));
  const counted = sums[0]?.members ?? { positive: new Int32Array(0), negative: new Int32Array(0) };
  const withPositives = counted.positive.reduce((count, members) => count + (members > 0 ? 1 : 0), 0);
  const withNegatives = counted.negative.reduce((count, members) => count + (members > 0 ? 1 : 0), 0);
  const present = new Set(set.groups).size;
  const factor = (groups: number) => groups / (groups - 1);
  const { positives: m, negatives: n } = set;
  const covariance = sums.map(({ deviations: a }) =>
    sums.map(({ deviations: b }) => {
      const amongPositives = (factor(withPositives) * sumOfProducts(a.positive, b.positive)) / (m * m);
      const amongNegatives = (factor(withNegatives) * sumOfProducts(a.negative, b.negative)) / (n * n);
      const across = sumOfProducts(a.positive, b.negative) + sumOfProducts(a.negative, b.positive);
      return amongPositives + amongNegatives + (factor(present) * across) / (m * n);
    }),
  );
  return { aucs: results.map((result) => result.auc), covariance };
}

const degenerate =
  'the variance is zero or cannot be estimated: no overlap between the classes, or a class of one';

/** Normal interval of an AUC from its variance, cut to 0..1. */
export function aucInterval(
  method: 'delong' | 'delong-clustered',
  auc: number,
  variance: number,
  level = 0.95,
): Interval {
  if (!(variance > 0)) return noInterval(method, degenerate);
  const half = normalQuantile(1 - (1 - level) / 2) * Math.sqrt(variance);
  return makeInterval(method, Math.max(0, auc - half), Math.min(1, auc + half));
}

/** A difference of two AUCs with its test; all but the difference are null where its variance is zero or unknown. */
export interface AucDifference {
  readonly difference: number;
  readonly standardError: number | null;
  readonly z: number | null;
  readonly p: number | null;
}

function differenceOf(aucA: number, aucB: number, variance: number): AucDifference {
  const difference = aucA - aucB;
  if (!(variance > 1e-300)) return { difference, standardError: null, z: null, p: null };
  const standardError = Math.sqrt(variance);
  const z = difference / standardError;
  return { difference, standardError, z, p: normalTwoSidedP(z) };
}

/** Paired DeLong test of two scores of the same items: AUC of `a` minus AUC of `b`; `clustered` heeds the groups. */
export function pairedDelong(a: ScoredSet, b: ScoredSet, clustered = false): AucDifference {
  const { aucs, covariance } = clustered ? clusteredDelongCovariance([a, b]) : delongCovariance([a, b]);
  const at = (row: number, column: number) => covariance[row]?.[column] ?? 0;
  return differenceOf(aucs[0] ?? 0, aucs[1] ?? 0, at(0, 0) + at(1, 1) - 2 * at(0, 1));
}

/** DeLong test of the AUCs of two sets that share no item and no group. */
export function unpairedDelong(a: ScoredSet, b: ScoredSet, clustered = false): AucDifference {
  const covarianceOfSet = clustered ? clusteredDelongCovariance : delongCovariance;
  const first = covarianceOfSet([a]);
  const second = covarianceOfSet([b]);
  const variance = (first.covariance[0]?.[0] ?? 0) + (second.covariance[0]?.[0] ?? 0);
  return differenceOf(first.aucs[0] ?? 0, second.aucs[0] ?? 0, variance);
}

/** Share of each group in the deviation of an AUC: their squares sum to its variance, group by group. */
function groupInfluence(set: ScoredSet): { auc: number; influence: Float64Array } {
  const result = placements(set);
  const { deviations } = sumByGroup(result.values, result.auc, set);
  const influence = deviations.positive.map(
    (sum, group) => sum / set.positives + (deviations.negative[group] ?? 0) / set.negatives,
  );
  return { auc: result.auc, influence };
}

/**
 * DeLong test of the AUCs of two parts of one set. The parts share no item but may share groups, and their group
 * numbers mean the same groups: what a group adds to both AUCs is taken into account.
 *
 * @throws LUC_EVALUATION_ONE_CLASS
 */
export function subsetDelong(
  a: ScoredSet,
  b: ScoredSet,
): AucDifference & { readonly first: number; readonly second: number } {
  const first = groupInfluence(a);
  const second = groupInfluence(b);
  const [varianceA, varianceB] = [a, b].map(
    (set) => clusteredDelongCovariance([set]).covariance[0]?.[0] ?? Number.NaN,
  );
  const groups = new Set([...a.groups, ...b.groups]).size;
  const shared = (groups / (groups - 1)) * sumOfProducts(first.influence, second.influence);
  const variance = (varianceA ?? Number.NaN) + (varianceB ?? Number.NaN) - 2 * shared;
  return { ...differenceOf(first.auc, second.auc, variance), first: first.auc, second: second.auc };
}
