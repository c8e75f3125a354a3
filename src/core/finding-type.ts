import type { FindingType } from './reading.js';

/**
 * The most probable label, also where the reading names none because too many cannot be ruled out: evaluation compares
 * what the network said, not what was shown.
 */
export function mostProbable({ label, probabilities }: FindingType): string {
  if (label !== null) return label;
  const [best] = Object.entries(probabilities).sort(([, a], [, b]) => b - a);
  return best?.[0] ?? '';
}
