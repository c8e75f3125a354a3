import { LucencyError } from '../../core/errors.js';
import { numberGroups } from '../roc/scored-set.js';

/** Classifications into one of several types, with their truth. */
export interface TypedSet {
  readonly classes: readonly string[];
  /** Class of each item, an index into `classes`. */
  readonly truth: Int32Array;
  readonly predicted: Int32Array;
  /** Row per item, column per class; null where only labels are known. */
  readonly probabilities: Float64Array | null;
  /** 1 where the conformal set of the item holds the class, same layout; null without sets. */
  readonly sets: Uint8Array | null;
  readonly groups: Int32Array;
  readonly groupCount: number;
}

export interface TypedItem {
  readonly truth: string;
  readonly predicted: string;
  readonly probabilities?: Readonly<Record<string, number>> | undefined;
  readonly set?: readonly string[] | undefined;
  readonly group?: string | undefined;
}

function indexIn(classes: readonly string[], label: string, item: number): number {
  const index = classes.indexOf(label);
  if (index >= 0) return index;
  const reason = `item ${item + 1} has the class "${label}", which is none of ${classes.join(', ')}`;
  throw new LucencyError('LUC_EVALUATION_ARGUMENT', { reason });
}

/**
 * Puts classified items into arrays. Probabilities and sets count only when every item has them. Items without a group
 * are groups of their own.
 *
 * @throws LUC_EVALUATION_ARGUMENT for a label that is not among `classes`, or a probability that is not in 0..1
 */
export function makeTypedSet(classes: readonly string[], items: readonly TypedItem[]): TypedSet {
  const { groups, groupNames } = numberGroups(
    items.map(({ group }, index) => (group === undefined ? `item:${index}` : `group:${group}`)),
  );
  const withProbabilities = items.length > 0 && items.every((item) => item.probabilities !== undefined);
  const withSets = items.length > 0 && items.every((item) => item.set !== undefined);
  const probabilities = items.flatMap((item, index) =>
    classes.map((label) => {
      const probability = item.probabilities?.[label] ?? 0;
      if (probability >= 0 && probability <= 1) return probability;
      const reason = `the probability of ${label} for item ${index + 1} is ${probability}`;
      throw new LucencyError('LUC_EVALUATION_ARGUMENT', { reason });
    }),
  );
  const sets = items.flatMap((item) => classes.map((label) => (item.set?.includes(label) ? 1 : 0)));
  return {
    classes,
    truth: Int32Array.from(items, (item, index) => indexIn(classes, item.truth, index)),
    predicted: Int32Array.from(items, (item, index) => indexIn(classes, item.predicted, index)),
    probabilities: withProbabilities ? Float64Array.from(probabilities) : null,
    sets: withSets ? Uint8Array.from(sets) : null,
    groups,
    groupCount: groupNames.length,
  };
}
