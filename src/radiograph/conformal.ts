import type { z } from 'zod';
import type { conformalSchema } from '../models/card.js';

/**
 * Conformal prediction set: every label whose probability reaches its threshold in the card. The most probable label
 * always belongs to it: an empty set would tell the reader nothing.
 * @returns labels, most probable first
 */
export function predictionSet(
  probabilities: Readonly<Record<string, number>>,
  conformal: z.infer<typeof conformalSchema> | null,
): string[] {
  const ranked = Object.entries(probabilities).sort((a, b) => b[1] - a[1]);
  const members = ranked.filter(([label, probability], rank) => {
    const threshold = conformal?.thresholds[label];
    return rank === 0 || (threshold !== undefined && probability >= threshold);
  });
  return members.map(([label]) => label);
}
