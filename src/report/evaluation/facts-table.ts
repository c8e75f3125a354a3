import type { Card } from '../../models/card.js';
import { decimals, noNumber, withInterval } from '../tables/numbers.js';
import type { Table } from '../tables/table.js';
import { modelFacts } from './model-facts.js';
import type { ReportSource } from './report-source.js';

type Fact = Card['results'][number];

function row({ metric, value, interval, subset, unit, n, positives }: Fact): string[] {
  return [
    metric,
    subset,
    interval === null ? decimals(value) : withInterval({ value, interval }),
    unit,
    String(n),
    positives === null ? noNumber : String(positives),
  ];
}

/** The facts for a card as a table; null at another level than cards hold, or when there are none. */
export function factsTable({ evaluation, set }: ReportSource): Table | null {
  if (evaluation.settings.level !== 0.95) return null;
  const facts = modelFacts(evaluation, set);
  if (facts.length === 0) return null;
  const methods = [...new Set(facts.map(({ intervalMethod }) => intervalMethod))];
  return {
    title: `Model facts, measured on ${set}`,
    head: ['Measure', 'Subset', 'Value (95 % CI)', 'Unit', 'n', 'Positive'],
    rows: facts.map(row),
    notes: [
      `Intervals: ${methods.join('; ')}.`,
      'The file model-facts.json holds the same rows in the form of the card, under "results".',
    ],
  };
}
