import { fUpperTail, tCdf, tQuantile, tTwoSidedP } from '../distributions.js';

/** What varies when the study is repeated: new readers and cases, new cases only, or new readers only. */
export type Scope =
  | 'random-readers-random-cases'
  | 'fixed-readers-random-cases'
  | 'random-readers-fixed-cases';

/** F test that all modalities are alike; infinite `denominator` makes it a chi-square test, given as null. */
export interface OverallTest {
  readonly f: number;
  readonly numerator: number;
  readonly denominator: number | null;
  readonly p: number;
}

/** An estimate with its standard error, Student degrees of freedom (null: normal) and interval. */
export interface TEstimate {
  readonly value: number;
  readonly standardError: number;
  readonly degrees: number | null;
  readonly interval: [number, number];
}

/** A difference with its two-sided test. */
export interface TestedDifference extends TEstimate {
  readonly t: number;
  readonly p: number;
}

const asNull = (degrees: number) => (Number.isFinite(degrees) ? degrees : null);

export function overallTest(f: number, numerator: number, denominator: number): OverallTest {
  return { f, numerator, denominator: asNull(denominator), p: fUpperTail(f, numerator, denominator) };
}

/** @param degrees infinite for a normal interval */
export function tEstimate(value: number, standardError: number, degrees: number, level: number): TEstimate {
  const half = tQuantile((1 + level) / 2, degrees) * standardError;
  return { value, standardError, degrees: asNull(degrees), interval: [value - half, value + half] };
}

/** Null when the standard error is zero: readers who agree to the last digit leave nothing to test with. */
export function testedDifference(
  value: number,
  standardError: number,
  degrees: number,
  level: number,
): TestedDifference | null {
  if (!(standardError > 0)) return null;
  const t = value / standardError;
  return { ...tEstimate(value, standardError, degrees, level), t, p: tTwoSidedP(t, degrees) };
}

/** Is `value` above -margin? One-sided test; `shown` when the lower bound of the interval lies above -margin. */
export interface NonInferiority {
  readonly margin: number;
  readonly t: number;
  /** One-sided. */
  readonly p: number;
  readonly shown: boolean;
}

/** Non-inferiority of a difference (new minus reference) where higher is better. */
export function nonInferiority(
  { value, standardError, degrees, interval }: TEstimate,
  margin: number,
): NonInferiority {
  const t = (value + margin) / standardError;
  return { margin, t, p: tCdf(-t, degrees ?? Number.POSITIVE_INFINITY), shown: interval[0] > -margin };
}
