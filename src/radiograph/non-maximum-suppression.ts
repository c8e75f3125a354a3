import { type Box, boxArea, intersectionArea, intersectionOverUnion } from '../core/box.js';

/** A box that a detector proposes, with its raw score (0 to 1) and class. */
export interface Proposal {
  readonly box: Box;
  readonly rawScore: number;
  readonly classIndex: number;
}

/**
 * Greedy class-wise non-maximum suppression: of boxes of one class that overlap by more than the limit, the one with
 * the highest score stays. Equal scores keep the order given.
 * @param containedLimit also drops a box of which more than this share lies inside a kept one (joins of tiles cut
 *   a finding, and the cut piece has a low IoU with the whole); 1 turns it off
 */
export function suppress(proposals: readonly Proposal[], iouLimit: number, containedLimit = 1): Proposal[] {
  const kept: Proposal[] = [];
  for (const proposal of [...proposals].sort((a, b) => b.rawScore - a.rawScore)) {
    const doubled = kept.some((other) => {
      if (other.classIndex !== proposal.classIndex) return false;
      if (intersectionOverUnion(other.box, proposal.box) > iouLimit) return true;
      const smaller = Math.min(boxArea(other.box), boxArea(proposal.box));
      return intersectionArea(other.box, proposal.box) > containedLimit * smaller;
    });
    if (!doubled) kept.push(proposal);
  }
  return kept;
}
