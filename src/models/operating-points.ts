import type { Card } from './card.js';

/**
 * The threshold of a card for one certainty: the one for the region where the card has one, else the general one.
 * Returns null when the card has none, so that the caller can say so rather than guess.
 */
export function thresholdFor(
  card: Card,
  certainty: 'definite' | 'doubtful',
  region: string | null,
): number | null {
  const points = card.operatingPoints.filter((point) => point.certainty === certainty);
  const point =
    points.find((candidate) => region !== null && candidate.region === region) ??
    points.find((candidate) => candidate.region === null);
  return point?.threshold ?? null;
}
