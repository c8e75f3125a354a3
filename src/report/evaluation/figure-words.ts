import { mainInterval } from '../../evaluation/figure.js';
import type { Figure, IntervalMethod } from '../../evaluation/figure.schema.js';
import type { NamedThreshold } from '../../evaluation/operating-point.schema.js';
import { decimals, noNumber, withInterval } from '../tables/numbers.js';

/** How an interval was made, in words. */
export const intervalMethodNames: Readonly<Record<IntervalMethod, string>> = {
  wilson: 'Wilson, images independent',
  'clopper-pearson': 'Clopper-Pearson, images independent',
  delong: 'DeLong, images independent',
  'delong-clustered': 'DeLong clustered by group (Obuchowski)',
  bca: 'BCa bootstrap of groups',
  percentile: 'percentile bootstrap of groups',
  log: 'delta method on the logarithm',
  logit: 'delta method on the logit',
  wald: 'normal',
  sandwich: 'normal, robust to groups',
};

/** Stands in place of a figure that rests on fewer cases than the stated minimum. */
const tooFew = 'too few to say';

/**
 * "0.781 (0.721 to 0.835)"; the value alone where no interval can be given; where there is no value, "too few to say" or
 * a dash.
 */
export function figureText(figure: Figure, form: (x: number) => string = decimals): string {
  if (figure.value === null) return figure.reason?.startsWith(tooFew) ? tooFew : noNumber;
  const interval = mainInterval(figure);
  if (interval === null) return form(figure.value);
  return withInterval({ value: figure.value, interval: [interval.lower, interval.upper] }, form);
}

/** "73/114", for a proportion. */
export function countsText({ numerator, denominator }: Figure): string {
  return numerator === undefined || denominator === undefined ? noNumber : `${numerator}/${denominator}`;
}

/** The methods of the intervals that `figureText` shows of these figures, for a note below a table. */
export function intervalNote(figures: readonly Figure[]): string {
  const methods = new Set(
    figures.flatMap((figure) => {
      const interval = figure.value === null ? null : mainInterval(figure);
      return interval === null ? [] : [intervalMethodNames[interval.method]];
    }),
  );
  return methods.size === 0 ? 'No intervals can be given.' : `Intervals: ${[...methods].join('; ')}.`;
}

/** Why figures are missing, each reason once; that they rest on too few cases is told where they would stand. */
export function reasonsNote(figures: readonly Figure[]): string[] {
  const reasons = new Set(
    figures.flatMap(({ value, reason }) =>
      value === null && reason !== undefined && !reason.startsWith(tooFew) ? [reason] : [],
    ),
  );
  return reasons.size === 0 ? [] : [`${noNumber} not given: ${[...reasons].join('; ')}.`];
}

/** Where a threshold comes from: its rule, and the set that the rule chose it on. */
export function originOf({ rule, chosenOn }: NamedThreshold): string {
  return chosenOn.startsWith('none') ? rule : `${rule}; chosen on ${chosenOn}`;
}
