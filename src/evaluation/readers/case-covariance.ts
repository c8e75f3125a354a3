import type { CaseTerms } from './figure-of-merit.js';

export type CovarianceMethod = 'jackknife' | 'delong';

/**
 * Values with each case left out in turn: diseased cases first, then normal ones. Cases that play no part in the
 * measure are passed over.
 */
function leaveOneOutValues({ value, diseased, normal }: CaseTerms): Float64Array {
  const left = (terms: Float64Array | null) =>
    terms === null ? [] : Array.from(terms, (term) => (terms.length * value - term) / (terms.length - 1));
  return Float64Array.from([...left(diseased), ...left(normal)]);
}

/** Jackknife pseudovalues: K * value - (K - 1) * value without the case, over the K cases that play a part. */
export function pseudovalues(terms: CaseTerms): Float64Array {
  const left = leaveOneOutValues(terms);
  return left.map((without) => left.length * terms.value - (left.length - 1) * without);
}

function jackknifeInfluence(terms: CaseTerms): Float64Array {
  const left = leaveOneOutValues(terms);
  const mean = left.reduce((sum, value) => sum + value, 0) / left.length;
  const scale = Math.sqrt((left.length - 1) / left.length);
  return left.map((value) => scale * (value - mean));
}

/** DeLong, DeLong & Clarke-Pearson, Biometrics 1988;44:837. */
function delongInfluence({ value, diseased, normal }: CaseTerms): Float64Array {
  const part = (terms: Float64Array | null) =>
    terms === null
      ? []
      : Array.from(terms, (term) => (term - value) / Math.sqrt(terms.length * (terms.length - 1)));
  return Float64Array.from([...part(diseased), ...part(normal)]);
}

/**
 * How much each case pulls at a figure of merit, scaled so that the covariance over cases of two figures of the same
 * cases is the sum of the products of their pulls.
 */
export function caseInfluence(terms: CaseTerms, method: CovarianceMethod): Float64Array {
  return method === 'delong' ? delongInfluence(terms) : jackknifeInfluence(terms);
}

/** Covariance over cases of two figures, from their influences. */
export function influenceCovariance(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < a.length; index++) sum += (a[index] ?? 0) * (b[index] ?? 0);
  return sum;
}
