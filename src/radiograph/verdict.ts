import type { Certainty, Finding, Verdict } from '../core/reading.js';

/** The two thresholds of one card for one region; null where the card has none. */
export interface Thresholds {
  readonly definite: number | null;
  readonly doubtful: number | null;
}

function reaches(probability: number, threshold: number | null): boolean {
  return threshold !== null && probability >= threshold;
}

/** Verdict of an image from its calibrated probability. */
export function verdictOf(probability: number, thresholds: Thresholds): Verdict {
  if (reaches(probability, thresholds.definite)) return 'fracture';
  return reaches(probability, thresholds.doubtful) ? 'doubt' : 'no-fracture';
}

/** Certainty of a box from its calibrated score. */
export function certaintyOf(score: number, thresholds: Thresholds): Certainty {
  if (reaches(score, thresholds.definite)) return 'definite';
  return reaches(score, thresholds.doubtful) ? 'doubtful' : 'candidate';
}

/**
 * Brings the boxes in line with the image's verdict: no solid box on an image in doubt, no box on an image without
 * fracture. So the figures in the combiner's card are those of what is shown.
 */
export function alignWithVerdict(findings: readonly Finding[], verdict: Verdict): Finding[] {
  return findings.map((finding) => {
    if (verdict === 'fracture' || finding.certainty === 'candidate') return finding;
    if (verdict === 'doubt') return { ...finding, certainty: 'doubtful' };
    return { ...finding, certainty: 'candidate' };
  });
}
