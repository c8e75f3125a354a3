import { boxArea, intersectionArea } from '../core/box.js';
import { limitation } from '../core/limitation.js';
import type { AnswerRecord, Certainty, Finding, Limitation, Verdict } from '../core/reading.js';
import type { Card } from '../models/card.js';

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
function alignWithVerdict(findings: readonly Finding[], verdict: Verdict): Finding[] {
  return findings.map((finding) => {
    if (verdict === 'fracture' || finding.certainty === 'candidate') return finding;
    if (verdict === 'doubt') return { ...finding, certainty: 'doubtful' };
    return { ...finding, certainty: 'candidate' };
  });
}

/** Of two shown boxes of which the smaller lies inside the other by more than this share, both mark one place. */
const sharedShare = 0.6;

/**
 * One box per place: of boxes that lie inside one another only the most certain is shown, the others are candidates.
 * Suppression by overlap leaves them: a small box inside a large one overlaps little of it.
 */
export function mergeNested(findings: readonly Finding[]): Finding[] {
  const shown: Finding[] = [];
  for (const finding of [...findings].sort((a, b) => b.score - a.score)) {
    const { box, certainty } = finding;
    if (!box || certainty === 'candidate') continue;
    const nested = shown.some(
      (other) =>
        other.box &&
        intersectionArea(other.box, box) > sharedShare * Math.min(boxArea(other.box), boxArea(box)),
    );
    if (!nested) shown.push(finding);
  }
  return findings.map((finding) =>
    !finding.box || finding.certainty === 'candidate' || shown.includes(finding)
      ? finding
      : { ...finding, certainty: 'candidate' },
  );
}

/**
 * What the card states of earlier answers like this one: of the region, or of all where it has none for the region.
 *
 * @returns null where the card has no record
 */
export function recordOf(
  { records = [] }: Pick<Card, 'records'>,
  verdict: Verdict,
  region: string,
): AnswerRecord | null {
  const same = records.filter((row) => row.verdict === verdict);
  const row = same.find((one) => one.region === region) ?? same.find((one) => one.region === null);
  if (!row) return null;
  const { n, fractured, interval, set } = row;
  return { region: row.region, n, fractured, interval, set };
}

/** What is said of an image: the verdict, what is shown of the boxes, and what limits it. */
export interface Conclusion {
  readonly verdict: Verdict;
  readonly findings: readonly Finding[];
  readonly limitations: readonly Limitation[];
}

/**
 * Brings verdict and boxes together. A fracture for which the detector shows no place is in doubt: an answer that
 * nobody can check is not called definite.
 * @param findings with the certainty of the detector's own thresholds; null where no detector took part
 */
export function conclude(verdict: Verdict, findings: readonly Finding[] | null): Conclusion {
  if (findings === null) return { verdict, findings: [], limitations: [] };
  const placed = findings.some(({ certainty }) => certainty !== 'candidate');
  const said = verdict === 'fracture' && !placed ? 'doubt' : verdict;
  return {
    verdict: said,
    findings: alignWithVerdict(mergeNested(findings), said),
    limitations: said === 'doubt' && !placed ? [limitation('LUC_RADIOGRAPH_NO_PLACE')] : [],
  };
}
