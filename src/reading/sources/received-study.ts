import { findInputs } from '../../image/inputs.js';
import { withoutOwnResults } from './own-result.js';
import type { StudySource } from './study-source.js';

/** Files of one study that has come over the network, absolute. */
export interface StudyFiles {
  /** All that have come. */
  readonly received: readonly string[];
  /** Those of them that are not done with. */
  readonly pending: readonly string[];
}

/** A received study: what is pending of it, with the slices that came before. */
export function receivedStudySource({ received, pending }: StudyFiles): StudySource {
  const fresh = new Set(pending);
  return {
    inputs: (onPassedOver) => withoutOwnResults(findInputs(received), onPassedOver),
    isFresh: (input) => fresh.has(input),
  };
}
