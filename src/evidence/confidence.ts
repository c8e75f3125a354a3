import { largest, smallest } from '../core/extremes.js';
import type { Answer } from './answer.js';
import { type ResolvedFact, resolveFact } from './facts.js';
import type { EvidenceStatistics } from './statistics-port.js';
import type { Design, Study } from './study.js';

export type ConfidenceLevel = 'high' | 'moderate' | 'low' | 'very-low';
export type ConfidencePart = 'number' | 'design' | 'outside-test' | 'agreement' | 'bias';

/** Rules that hold a level down whatever the points say. */
export type ConfidenceCap = 'a-part-scores-nothing' | 'abstracts-only' | 'indirect-only';

/** One of the five parts of the rule: 0, 1 or 2 points, and what was counted. */
export interface PartScore {
  readonly part: ConfidencePart;
  readonly points: 0 | 1 | 2;
  /** The count or spread that gave the points; null where nothing could be counted. */
  readonly measure: number | null;
}

export interface Confidence {
  readonly level: ConfidenceLevel;
  /** Sum of the five parts, 0 to 10. */
  readonly points: number;
  readonly parts: readonly PartScore[];
  /** Rules that lowered the level below what the points give. */
  readonly caps: readonly ConfidenceCap[];
}

/** The rule as numbers; the method page prints them from here. */
export const confidenceRule = {
  studies: { some: 2, many: 10 },
  /** Largest spread of the key figure between studies, in points of 100. */
  agreement: { close: 5, fair: 10 },
  /** I2 of a single pooled study, as a proportion. */
  heterogeneity: { close: 0.25, fair: 0.5 },
  levels: { high: 8, moderate: 5, low: 3 },
} as const;

const designPoints: Record<Design, 0 | 1 | 2> = {
  'systematic-review': 2,
  prospective: 2,
  'reader-study': 1,
  'accuracy-study': 1,
  'device-record': 1,
  'model-development': 0,
  benchmark: 0,
  survey: 0,
  claim: 0,
  rule: 0,
};

/** A study as far as it speaks to one answer. */
interface Support {
  readonly study: Study;
  readonly subgroup: boolean;
  readonly indirect: boolean;
  readonly figure: string | undefined;
}

function numberOfStudies(supports: readonly Support[]): PartScore {
  const count = supports.reduce(
    (sum, { study, subgroup }) => sum + (subgroup ? 1 : (study.studiesPooled ?? 1)),
    0,
  );
  const { some, many } = confidenceRule.studies;
  return { part: 'number', points: count >= many ? 2 : count >= some ? 1 : 0, measure: count };
}

function bestDesign(studies: readonly Study[]): PartScore {
  const best = ([2, 1] as const).find((points) =>
    studies.some(({ design }) => designPoints[design] === points),
  );
  return { part: 'design', points: best ?? 0, measure: null };
}

function outsideTests(studies: readonly Study[]): PartScore {
  const count = studies.filter((study) => study.testing === 'external' || study.testing === 'both').length;
  return { part: 'outside-test', points: count >= 2 ? 2 : count === 1 ? 1 : 0, measure: count };
}

/** Points for a spread: up to `close` two, up to `fair` one. */
function spreadPoints(isClose: boolean, isFair: boolean): 0 | 1 | 2 {
  return isClose ? 2 : isFair ? 1 : 0;
}

/** The largest I2 that a supporting review states, as a proportion, or null. */
function heterogeneityOf(supports: readonly Support[]): number | null {
  const stated = supports.flatMap(({ study, subgroup }) => {
    const value = study.facts['i-squared']?.value;
    // A review whose studies agree says nothing of how those of a part of it do; one whose studies differ still warns.
    return value === undefined || (subgroup && value < confidenceRule.heterogeneity.fair) ? [] : [value];
  });
  return stated.length > 0 ? largest(stated) : null;
}

/** Agreement of the key figures, held down by a review that reports that its own studies differ. */
function agreement(supports: readonly Support[], figures: readonly ResolvedFact[]): PartScore {
  const part = 'agreement';
  const heterogeneity = heterogeneityOf(supports);
  const within =
    heterogeneity === null
      ? null
      : spreadPoints(
          heterogeneity < confidenceRule.heterogeneity.close,
          heterogeneity < confidenceRule.heterogeneity.fair,
        );
  if (figures.length >= 2) {
    const values = figures.map((figure) => figure.value * 100);
    // Rounded to a tenth, so that 91.0 against 86.0 is five points and not five and a speck.
    const spread = Math.round((largest(values) - smallest(values)) * 10) / 10;
    const { close, fair } = confidenceRule.agreement;
    const between = spreadPoints(spread <= close, spread <= fair);
    return { part, points: within === null || within > between ? between : within, measure: spread };
  }
  if (supports.length !== 1 || within === null) return { part, points: 0, measure: null };
  return { part, points: within, measure: (heterogeneity ?? 0) * 100 };
}

function riskOfBias(studies: readonly Study[]): PartScore {
  const high = studies.filter((study) => study.riskOfBias.level === 'high').length;
  const low = studies.filter((study) => study.riskOfBias.level === 'low').length;
  const points = studies.length === 0 || high > 0 ? 0 : low === studies.length ? 2 : 1;
  return { part: 'bias', points, measure: high };
}

function levelOf(points: number): ConfidenceLevel {
  const { high, moderate, low } = confidenceRule.levels;
  return points >= high ? 'high' : points >= moderate ? 'moderate' : points >= low ? 'low' : 'very-low';
}

function readBeyondAbstract(study: Study): boolean {
  return Object.values(study.facts).some((fact) => fact.how === 'table' || fact.how === 'reconstructed');
}

/**
 * How far the answer may be trusted. Five parts give 0 to 2 points each: number of studies (a review counts what it
 * pooled), best design, tests outside the hospitals that taught the system, agreement of the key figure, risk of bias
 * (the worst study decides). 8 points or more: high, 5: moderate, 3: low, else very low. High is given only when no
 * part scores nothing and when more than the abstract was read of a study that gives the key figure; an answer that
 * rests only on studies of other bones, other people or another question is at most low. Rules and claims do not count
 * as studies.
 * @throws LUC_EVIDENCE_UNKNOWN_FACT for a key figure that is not held
 */
export function confidenceOf(
  answer: Pick<Answer, 'supports'>,
  studies: ReadonlyMap<string, Study>,
  statistics: EvidenceStatistics,
): Confidence {
  const supports = answer.supports.flatMap<Support>(({ study: id, figure, subgroup, indirect }) => {
    const study = studies.get(id);
    const counts = study?.kind === 'study' || study?.kind === 'benchmark';
    return study && counts
      ? [{ study, figure, subgroup: subgroup ?? false, indirect: indirect ?? false }]
      : [];
  });
  const entries = supports.map(({ study }) => study);
  const figures = supports.flatMap(({ figure }) =>
    figure ? [resolveFact(studies, figure, statistics)] : [],
  );
  const parts = [
    numberOfStudies(supports),
    bestDesign(entries),
    outsideTests(entries),
    agreement(supports, figures),
    riskOfBias(entries),
  ];
  const points = parts.reduce((sum, part) => sum + part.points, 0);
  const reached = levelOf(points);
  const caps: ConfidenceCap[] = [];
  if (reached === 'high' && parts.some((part) => part.points === 0)) caps.push('a-part-scores-nothing');
  const decisive = supports.filter(({ figure }) => figure !== undefined).map(({ study }) => study);
  if (reached === 'high' && !(decisive.length > 0 ? decisive : entries).some(readBeyondAbstract))
    caps.push('abstracts-only');
  const indirectOnly = supports.length > 0 && supports.every(({ indirect }) => indirect);
  if (indirectOnly && (reached === 'high' || reached === 'moderate')) caps.push('indirect-only');
  const level = caps.includes('indirect-only') ? 'low' : caps.length > 0 ? 'moderate' : reached;
  return { level, points, parts, caps };
}
