import { mainInterval } from '../../evaluation/figure.js';
import type { Figure, IntervalMethod } from '../../evaluation/figure.schema.js';
import { decimals, noNumber } from '../tables/numbers.js';

/** Names of interval methods as tables print them. */
export const methodNames: Readonly<Record<IntervalMethod, string>> = {
  wilson: 'Wilson',
  'clopper-pearson': 'Clopper-Pearson',
  delong: 'DeLong',
  'delong-clustered': 'DeLong by group',
  bca: 'bootstrap (BCa)',
  percentile: 'bootstrap (percentile)',
  log: 'log scale',
  logit: 'logit scale',
  wald: 'normal',
  sandwich: 'normal, robust',
};

/** Cells of a figure: value, main interval, its method, counts. */
export function figureCells(
  figure: Figure,
  form: (x: number) => string = decimals,
): [string, string, string, string] {
  const counts = figure.denominator === undefined ? '' : `${figure.numerator ?? 0} / ${figure.denominator}`;
  if (figure.value === null) return [noNumber, '', '', counts];
  const interval = mainInterval(figure);
  if (interval === null) return [form(figure.value), 'none', '', counts];
  return [
    form(figure.value),
    `${form(interval.lower)} to ${form(interval.upper)}`,
    methodNames[interval.method],
    counts,
  ];
}

/** "0.912 (0.880 to 0.940)", or the reason why there is no value. */
export function figureText(figure: Figure | null, form: (x: number) => string = decimals): string {
  if (figure === null) return noNumber;
  const [value, interval, method] = figureCells(figure, form);
  if (figure.value === null) return figure.reason?.startsWith('too few') ? 'too few to say' : noNumber;
  return method === '' ? value : `${value} (${interval})`;
}
