import { figureSchema } from '../../evaluation/figure.schema.js';
import type { Table } from '../tables/table.js';

/** Names an element of a list: by what tells it apart, else by its place. */
function nameOf(item: unknown, index: number): string {
  if (typeof item !== 'object' || item === null) return String(index);
  for (const key of ['name', 'column', 'label', 'value', 'falsePositivesPerImage']) {
    const name = key in item ? (item as Record<string, unknown>)[key] : undefined;
    if (typeof name === 'string' || typeof name === 'number') return String(name);
  }
  if ('measure' in item && 'first' in item && 'second' in item) {
    const { measure, first, second, operatingPoint } = item as Record<string, unknown>;
    return [measure, operatingPoint, `${String(first)} - ${String(second)}`].filter(Boolean).join(', ');
  }
  return String(index);
}

function cell(value: number | null | undefined): string {
  return value === null || value === undefined ? '' : String(value);
}

function* rows(node: unknown, path: readonly string[]): Generator<string[]> {
  if (typeof node !== 'object' || node === null) return;
  if (Array.isArray(node)) {
    for (const [index, item] of node.entries()) yield* rows(item, [...path, nameOf(item, index)]);
    return;
  }
  const figure = 'intervals' in node ? figureSchema.safeParse(node) : null;
  if (figure?.success) {
    const { value, reason, numerator, denominator, intervals } = figure.data;
    const start = [
      path.slice(0, -1).join(' / '),
      path.at(-1) ?? '',
      cell(value),
      cell(numerator),
      cell(denominator),
    ];
    if (intervals.length === 0) yield [...start, '', '', '', reason ?? ''];
    for (const { method, lower, upper, reason: why } of intervals)
      yield [...start, method, cell(lower), cell(upper), why ?? ''];
    return;
  }
  for (const [key, value] of Object.entries(node)) yield* rows(value, [...path, key]);
}

/** Every figure of an evaluation with every interval, one row each, at full precision: for spreadsheets. */
export function figureRows(evaluation: object): Table {
  return {
    title: 'Figures',
    head: ['part', 'measure', 'value', 'numerator', 'denominator', 'interval', 'lower', 'upper', 'reason'],
    rows: [...rows(evaluation, [])],
    notes: [],
  };
}
