import { LucencyError } from '../../core/errors.js';
import { smallest } from '../../core/extremes.js';
import { placements } from '../roc/placements.js';
import { makeScoredSet } from '../roc/scored-set.js';
import type { CaseReading, ReaderStudy, StudyCase } from './reader-study.js';

export type Measure = 'auc' | 'wafroc' | 'sensitivity' | 'specificity';

/**
 * A figure of merit of one reader in one modality as a mean over the cases: every measure here is an average over
 * diseased cases, over normal cases, or over both, so its jackknife and DeLong variances follow from these terms.
 */
export interface CaseTerms {
  readonly value: number;
  /** One term per diseased case, in the order of the cases, with mean `value`; null when they play no part. */
  readonly diseased: Float64Array | null;
  /** One term per normal case. */
  readonly normal: Float64Array | null;
}

export const measureNames: Readonly<Record<Measure, string>> = {
  auc: 'area under the empirical ROC curve',
  wafroc: 'area under the weighted AFROC curve',
  sensitivity: 'sensitivity',
  specificity: 'specificity',
};

function requireClass(cases: readonly StudyCase[], truth: 0 | 1, measure: Measure): void {
  const kind = truth === 1 ? 'diseased' : 'normal';
  const count = cases.filter((each) => each.truth === truth).length;
  if (count === 1) {
    const reason = `there is only one ${kind} case, so the variance of the ${measureNames[measure]} is unknown`;
    throw new LucencyError('LUC_READERS_DESIGN', { reason, remedy: `Include more ${kind} cases.` });
  }
  if (count > 1) return;
  throw new LucencyError('LUC_READERS_ONE_CLASS', {
    count: cases.length,
    kind: truth === 1 ? 'normal' : 'diseased',
    measure: measureNames[measure],
  });
}

function select(values: Float64Array, cases: readonly StudyCase[], truth: 0 | 1): Float64Array {
  return values.filter((_, index) => cases[index]?.truth === truth);
}

function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function rocTerms(cases: readonly StudyCase[], readings: readonly CaseReading[]): CaseTerms {
  const scores = readings.map(({ score }) => score ?? Number.NaN);
  // A case without marks ranks below every mark; any number below them all says the same.
  const lowest = smallest(scores.filter(Number.isFinite), 0) - 1;
  const finite = scores.map((score) => (score === Number.NEGATIVE_INFINITY ? lowest : score));
  const { auc, values } = placements(
    makeScoredSet(
      finite,
      cases.map(({ truth }) => truth),
    ),
  );
  return { value: auc, diseased: select(values, cases, 1), normal: select(values, cases, 0) };
}

/** Highest score of each lesion of a diseased case; lesions without a mark score -Infinity. */
function lesionScores({ marks }: CaseReading, lesions: number): number[] {
  const best = new Map<string, number>();
  for (const { score, lesion } of marks ?? []) {
    if (lesion !== null) best.set(lesion, Math.max(score, best.get(lesion) ?? Number.NEGATIVE_INFINITY));
  }
  const found = [...best.values()];
  return [...found, ...new Array<number>(Math.max(0, lesions - found.length)).fill(Number.NEGATIVE_INFINITY)];
}

/**
 * Weighted AFROC with equal weights for the lesions of a case (Chakraborty & Zhai, Med Phys 2016;43:2548): the
 * chance that a lesion is rated above the highest mark of a normal case, ties counting one half. Marks beside the
 * lesions of diseased cases do not count.
 */
function wafrocTerms(cases: readonly StudyCase[], readings: readonly CaseReading[]): CaseTerms {
  const highest = readings
    .filter((_, index) => cases[index]?.truth === 0)
    .map(({ score }) => score ?? Number.NEGATIVE_INFINITY);
  const normal = new Float64Array(highest.length);
  const diseased: number[] = [];
  const ofDiseased = cases.flatMap((each, index) => {
    const reading = readings[index];
    return each.truth === 1 && reading ? [lesionScores(reading, each.lesions ?? 0)] : [];
  });
  for (const lesions of ofDiseased) {
    let term = 0;
    for (const [index, mark] of highest.entries()) {
      let won = 0;
      for (const lesion of lesions) won += lesion > mark ? 1 : lesion === mark ? 0.5 : 0;
      const share = won / lesions.length;
      term += share;
      normal[index] = (normal[index] ?? 0) + share / ofDiseased.length;
    }
    diseased.push(term / highest.length);
  }
  const terms = Float64Array.from(diseased);
  return { value: meanOf(terms), diseased: terms, normal };
}

function callOf({ call, score }: CaseReading, threshold: number | null): number {
  if (threshold === null || score === null) return call ?? Number.NaN;
  return score >= threshold ? 1 : 0;
}

function callTerms(
  cases: readonly StudyCase[],
  readings: readonly CaseReading[],
  truth: 0 | 1,
  threshold: number | null,
): CaseTerms {
  const right = Float64Array.from(readings, (reading) => (callOf(reading, threshold) === truth ? 1 : 0));
  const terms = select(right, cases, truth);
  return { value: meanOf(terms), diseased: truth === 1 ? terms : null, normal: truth === 0 ? terms : null };
}

/**
 * Figure of merit of one reader in one modality with its terms.
 *
 * @param threshold calls a case diseased when its score is at least this; null uses the recorded calls
 * @throws LUC_READERS_ONE_CLASS
 */
export function caseTerms(
  measure: Measure,
  cases: readonly StudyCase[],
  readings: readonly CaseReading[],
  threshold: number | null,
): CaseTerms {
  if (measure !== 'specificity') requireClass(cases, 1, measure);
  if (measure !== 'sensitivity') requireClass(cases, 0, measure);
  switch (measure) {
    case 'auc':
      return rocTerms(cases, readings);
    case 'wafroc':
      return wafrocTerms(cases, readings);
    case 'sensitivity':
      return callTerms(cases, readings, 1, threshold);
    case 'specificity':
      return callTerms(cases, readings, 0, threshold);
  }
}

/** The measures that the data of a study allow. */
export function availableMeasures(study: ReaderStudy, threshold: number | null): Measure[] {
  const all = [...study.crossed.flat(), ...study.standalone].flatMap(({ readings }) => readings);
  const scored = all.every(({ score }) => score !== null);
  const measures: Measure[] = [];
  if (scored) measures.push('auc');
  if (all.every(({ marks }) => marks !== null)) measures.push('wafroc');
  if (threshold === null ? all.every(({ call }) => call !== null) : scored)
    measures.push('sensitivity', 'specificity');
  return measures;
}
