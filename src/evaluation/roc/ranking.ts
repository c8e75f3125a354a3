import { orderDescending } from '../order.js';
import type { ScoredSet } from './scored-set.js';

/** A set sorted once by score, highest first, with its runs of equal scores: what every curve is made from. */
export interface Ranking {
  /** Index in the set of the item at each rank. */
  readonly order: Uint32Array;
  /** Label of the item at each rank. */
  readonly labels: Uint8Array;
  /** Group of the item at each rank. */
  readonly groups: Int32Array;
  /** First rank of each run of equal scores, and the number of items at the end. */
  readonly runs: Uint32Array;
}

export function rank(set: ScoredSet): Ranking {
  const order = orderDescending(set.scores);
  const runs: number[] = [];
  let previous = Number.NaN;
  order.forEach((item, position) => {
    const score = set.scores[item] ?? 0;
    if (score !== previous) runs.push(position);
    previous = score;
  });
  runs.push(order.length);
  return {
    order,
    labels: Uint8Array.from(order, (item) => set.labels[item] ?? 0),
    groups: Int32Array.from(order, (item) => set.groups[item] ?? 0),
    runs: Uint32Array.from(runs),
  };
}
