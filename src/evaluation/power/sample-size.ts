import { LucencyError } from '../../core/errors.js';
import { binomialCdf, normalQuantile } from '../distributions.js';
import { chanceOfPrecision, firstWhere, powerToShow, successesNeeded } from './binomial-power.js';
import { halfWidth, type ProportionMethod } from './interval-methods.js';
import type { SampleSize } from './sample-size.schema.js';
import { sampleLimit, smallestSample } from './smallest-sample.js';

export interface SampleSizePlan {
  readonly measure: 'sensitivity' | 'specificity';
  /** The proportion that is thought true, 0..1. */
  readonly expected: number;
  /** Show that the proportion is above this. */
  readonly atLeast?: number;
  /** Half-width of the interval that is wanted. */
  readonly within?: number;
  /** Default: wilson. */
  readonly interval?: ProportionMethod;
  /** Two-sided confidence level; default .95. */
  readonly level?: number;
  /** Chance of meeting the aims; default .8. */
  readonly power?: number;
  /** Cases per patient, on average; default 1. */
  readonly clusterSize?: number;
  /** Intracluster correlation, 0..1; default 0. */
  readonly icc?: number;
  /** Coefficient of variation of the cases per patient; default 0. */
  readonly clusterSizeVariation?: number;
  /** Share of diseased cases in what the site collects. */
  readonly prevalence?: number;
}

function usage(reason: string): LucencyError {
  return new LucencyError('LUC_USAGE_INVALID', { reason });
}

function checkPlan(plan: SampleSizePlan): void {
  const inside = (name: string, value: number | undefined) => {
    if (value !== undefined && !(value > 0 && value < 1))
      throw usage(`The ${name} is ${value}, not between 0 and 1.`);
  };
  inside('expected proportion', plan.expected);
  inside('bound', plan.atLeast);
  inside('half-width', plan.within);
  inside('confidence level', plan.level);
  inside('power', plan.power);
  inside('prevalence', plan.prevalence);
  if (plan.atLeast === undefined && plan.within === undefined) {
    throw usage('Say what is to be shown: --at-least, --within, or both.');
  }
  if (plan.clusterSize !== undefined && !(plan.clusterSize >= 1)) {
    throw usage(`The number of cases per patient is ${plan.clusterSize}, below 1.`);
  }
  if (plan.icc !== undefined && !(plan.icc >= 0 && plan.icc <= 1)) {
    throw usage(`The intracluster correlation is ${plan.icc}, not between 0 and 1.`);
  }
  if (plan.clusterSizeVariation !== undefined && !(plan.clusterSizeVariation >= 0)) {
    throw usage(`The variation of the cases per patient is ${plan.clusterSizeVariation}, below 0.`);
  }
}

function unreachable(reason: string): LucencyError {
  return new LucencyError('LUC_POWER_UNREACHABLE', { limit: sampleLimit, reason });
}

interface Basics {
  readonly expected: number;
  readonly method: ProportionMethod;
  readonly level: number;
  readonly power: number;
}

function casesToShow(
  { expected, method, level, power }: Basics,
  atLeast: number,
): NonNullable<SampleSize['show']> {
  if (expected <= atLeast) {
    throw unreachable(`the expected proportion ${expected} is not above ${atLeast}, which is to be shown`);
  }
  const powerOf = (n: number) => powerToShow(method, n, expected, atLeast, level);
  const spread = (p: number) => Math.sqrt(p * (1 - p));
  const quantiles =
    normalQuantile((1 + level) / 2) * spread(atLeast) + normalQuantile(power) * spread(expected);
  const guess = (Math.max(0, quantiles) / (expected - atLeast)) ** 2;
  const cases = smallestSample((n) => powerOf(n) >= power, guess, 1 / Math.min(atLeast, 1 - atLeast));
  if (cases === null) throw unreachable(`${expected} lies too close to ${atLeast}`);
  return {
    atLeast,
    cases,
    power: powerOf(cases),
    successesNeeded: successesNeeded(method, cases, atLeast, level),
  };
}

function casesForPrecision(
  { expected, method, level, power }: Basics,
  within: number,
): NonNullable<SampleSize['precision']> {
  const period = 1 / Math.min(expected, 1 - expected);
  const guess = (normalQuantile((1 + level) / 2) / within) ** 2 * expected * (1 - expected);
  const atExpected = smallestSample(
    (n) => halfWidth(method, Math.round(n * expected), n, level) <= within,
    guess,
    period,
  );
  const chance = (n: number) => chanceOfPrecision(method, n, expected, within, level);
  const cases = smallestSample((n) => chance(n) >= power, guess, period);
  if (atExpected === null || cases === null) throw unreachable(`+-${within} is too narrow`);
  return { within, casesAtExpected: atExpected, cases, chance: chance(cases) };
}

/** How many cases of all kinds bring `wanted` of one kind, on average and with the chance `power`. */
function collected(
  wanted: number,
  prevalence: number,
  share: number,
  power: number,
): NonNullable<SampleSize['total']> {
  const expected = Math.ceil(wanted / share);
  const enough = (total: number) => 1 - binomialCdf(wanted - 1, total, share) >= power;
  return { prevalence, expected, assured: firstWhere(wanted, 20 * expected + 100, enough) };
}

/**
 * How many cases a site needs: to show that sensitivity (or specificity) lies above a bound, to know it within a
 * half-width, or both. Exact: binomial chances are summed for every number of cases, and the smallest number from
 * which the aim holds for good is returned.
 *
 * Cases of one patient are alike: their number is multiplied by the design effect 1 + ((1 + cv^2) m - 1) icc (Eldridge,
 * Ashby & Kerry, Int J Epidemiol 2006;35:1292).
 *
 * @throws LUC_USAGE_INVALID, LUC_POWER_UNREACHABLE
 */
export function sampleSize(plan: SampleSizePlan): SampleSize {
  checkPlan(plan);
  const basics: Basics = {
    expected: plan.expected,
    method: plan.interval ?? 'wilson',
    level: plan.level ?? 0.95,
    power: plan.power ?? 0.8,
  };
  const show = plan.atLeast === undefined ? null : casesToShow(basics, plan.atLeast);
  const precision = plan.within === undefined ? null : casesForPrecision(basics, plan.within);
  const independentCases = Math.max(show?.cases ?? 0, precision?.cases ?? 0);
  const [size, icc, sizeVariation] = [plan.clusterSize ?? 1, plan.icc ?? 0, plan.clusterSizeVariation ?? 0];
  const designEffect = Math.max(1, 1 + ((1 + sizeVariation ** 2) * size - 1) * icc);
  const cases = Math.ceil(independentCases * designEffect - 1e-9);
  const { prevalence } = plan;
  return {
    schema: 'lucency.sample-size/1',
    measure: plan.measure,
    expected: basics.expected,
    interval: basics.method,
    level: basics.level,
    power: basics.power,
    show,
    precision,
    independentCases,
    designEffect,
    clusters: { size, icc, sizeVariation, count: size > 1 ? Math.ceil(cases / size) : null },
    cases,
    total:
      prevalence === undefined
        ? null
        : collected(
            cases,
            prevalence,
            plan.measure === 'sensitivity' ? prevalence : 1 - prevalence,
            basics.power,
          ),
  };
}
