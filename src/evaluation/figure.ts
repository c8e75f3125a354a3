import type { Figure, Interval, IntervalMethod } from './figure.schema.js';

/** An interval; bounds that are not finite become null with `reason`. */
export function makeInterval(
  method: IntervalMethod,
  lower: number,
  upper: number,
  reason?: string,
): Interval {
  if (Number.isFinite(lower) && Number.isFinite(upper)) return { method, lower, upper };
  return noInterval(method, reason ?? 'it cannot be computed from these data');
}

/** An interval that cannot be given. */
export function noInterval(method: IntervalMethod, reason: string): Interval {
  return { method, lower: null, upper: null, reason };
}

/** A figure with its intervals; a value that is not finite becomes null with `reason`, and loses its intervals. */
export function makeFigure(
  value: number,
  intervals: readonly Interval[],
  reason = 'it cannot be computed from these data',
): Figure {
  if (!Number.isFinite(value)) return notComputable(reason);
  return { value, intervals: [...intervals] };
}

/** A figure that cannot be computed, and why. */
export function notComputable(reason: string): Figure {
  return { value: null, reason, intervals: [] };
}

/** The interval of that method, when the figure has one with bounds. */
export function intervalOf(figure: Figure, method: IntervalMethod): { lower: number; upper: number } | null {
  for (const interval of figure.intervals) {
    if (interval.method === method && interval.lower !== null && interval.upper !== null) {
      return { lower: interval.lower, upper: interval.upper };
    }
  }
  return null;
}

const preference: readonly IntervalMethod[] = [
  'bca',
  'delong-clustered',
  'wilson',
  'delong',
  'clopper-pearson',
  'sandwich',
  'logit',
  'log',
  'wald',
  'percentile',
];

/** The interval to show where there is room for one: the bootstrap of groups first, as it trusts no independence. */
export function mainInterval(
  figure: Figure,
): { method: IntervalMethod; lower: number; upper: number } | null {
  for (const method of preference) {
    const interval = intervalOf(figure, method);
    if (interval) return { method, ...interval };
  }
  return null;
}
