import { LucencyError } from '../../core/errors.js';
import { add } from '../typed-array.js';

/** Scores with their truth and the group (patient) that each belongs to. */
export interface ScoredSet {
  /** Higher means more likely positive; finite. */
  readonly scores: Float64Array;
  /** 1 positive, 0 negative. */
  readonly labels: Uint8Array;
  /** Group of each, 0..groupCount - 1. */
  readonly groups: Int32Array;
  readonly groupCount: number;
  readonly positives: number;
  readonly negatives: number;
}

/** Group names as numbers, in the order of their first appearance. */
export function numberGroups(names: ArrayLike<string | number>): {
  groups: Int32Array;
  groupNames: string[];
} {
  const numbers = new Map<string, number>();
  const groups = Int32Array.from(names, (name) => {
    const key = String(name);
    const known = numbers.get(key);
    if (known !== undefined) return known;
    numbers.set(key, numbers.size);
    return numbers.size - 1;
  });
  return { groups, groupNames: [...numbers.keys()] };
}

/**
 * Checks scores, labels and groups and puts them into typed arrays. Without `groups` every item is a group of its own.
 *
 * @throws LUC_EVALUATION_ARGUMENT for lengths that differ, labels other than 0 and 1, or scores that are not finite
 */
export function makeScoredSet(
  scores: ArrayLike<number>,
  labels: ArrayLike<number | boolean>,
  groups?: ArrayLike<string | number>,
): ScoredSet {
  const n = scores.length;
  if (labels.length !== n || (groups !== undefined && groups.length !== n)) {
    const counts = `${n} scores, ${labels.length} labels${groups ? `, ${groups.length} groups` : ''}`;
    throw new LucencyError('LUC_EVALUATION_ARGUMENT', { reason: `the lengths differ (${counts})` });
  }
  const values = Float64Array.from(scores);
  const badScore = values.findIndex((score) => !Number.isFinite(score));
  if (badScore >= 0) {
    throw new LucencyError('LUC_EVALUATION_ARGUMENT', {
      reason: `score ${badScore + 1} is ${scores[badScore]}`,
    });
  }
  const truth = Uint8Array.from(labels, (label) => (Number(label) === 0 ? 0 : Number(label) === 1 ? 1 : 255));
  const badLabel = truth.indexOf(255);
  if (badLabel >= 0) {
    const reason = `label ${badLabel + 1} is ${labels[badLabel]}, neither 0 nor 1`;
    throw new LucencyError('LUC_EVALUATION_ARGUMENT', { reason });
  }
  const numbered = groups === undefined ? null : numberGroups(groups);
  const positives = truth.reduce((sum, label) => sum + label, 0);
  return {
    scores: values,
    labels: truth,
    groups: numbered?.groups ?? Int32Array.from({ length: n }, (_, index) => index),
    groupCount: numbered?.groupNames.length ?? n,
    positives,
    negatives: n - positives,
  };
}

/** @throws LUC_EVALUATION_ONE_CLASS unless the set has both positives and negatives */
export function requireBothClasses(set: ScoredSet, measure: string): void {
  if (set.positives === 0 || set.negatives === 0) {
    const kind = set.positives === 0 ? 'negative' : 'positive';
    throw new LucencyError('LUC_EVALUATION_ONE_CLASS', { count: set.labels.length, kind, measure });
  }
}

/** Sum of a value over the items of each group. */
export function sumByGroup(set: ScoredSet, value: (item: number) => number): Float64Array {
  const sums = new Float64Array(set.groupCount);
  set.groups.forEach((group, item) => {
    add(sums, group, value(item));
  });
  return sums;
}

/** The items with those numbers, in that order; groups are numbered anew. */
export function selectItems(set: ScoredSet, items: readonly number[]): ScoredSet {
  const labels = Uint8Array.from(items, (item) => set.labels[item] ?? 0);
  const positives = labels.reduce((sum, label) => sum + label, 0);
  const { groups, groupNames } = numberGroups(items.map((item) => set.groups[item] ?? 0));
  return {
    scores: Float64Array.from(items, (item) => set.scores[item] ?? 0),
    labels,
    groups,
    groupCount: groupNames.length,
    positives,
    negatives: labels.length - positives,
  };
}
