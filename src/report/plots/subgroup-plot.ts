import { mainInterval } from '../../evaluation/figure.js';
import type { Figure } from '../../evaluation/figure.schema.js';
import type { Breakdown, Subgroup } from '../../evaluation/subgroups/subgroups.schema.js';
import { percent } from '../tables/numbers.js';
import { palette, referenceColour } from './plot-style.js';
import type { PlotSpec } from './render.js';

/** One line of the plot. */
export interface SubgroupRow {
  readonly column: string;
  readonly value: string;
  readonly images: number;
  readonly positives: number;
  /** Null: too few to say. */
  readonly figure: number | null;
  readonly lower: number | null;
  readonly upper: number | null;
  readonly reason: string;
}

/** What the plot shows of each subgroup. */
export interface SubgroupMeasure {
  readonly title: string;
  readonly whole: Figure;
  readonly of: (subgroup: Subgroup) => Figure | null;
}

/** The rows of a measure over all breakdowns. */
export function subgroupRows(breakdowns: readonly Breakdown[], measure: SubgroupMeasure): SubgroupRow[] {
  return breakdowns.flatMap(({ column, subgroups }) =>
    subgroups.map((subgroup): SubgroupRow => {
      const figure = measure.of(subgroup);
      const interval = figure === null ? null : mainInterval(figure);
      return {
        column,
        value: subgroup.value,
        images: subgroup.items,
        positives: subgroup.positives,
        figure: figure?.value ?? null,
        lower: interval?.lower ?? null,
        upper: interval?.upper ?? null,
        reason: figure?.reason ?? '',
      };
    }),
  );
}

const rowHeight = 24;
const withheld = 'too few to say';

function text({ figure, lower, upper }: SubgroupRow): string {
  if (figure === null) return withheld;
  if (lower === null || upper === null) return figure.toFixed(2);
  return `${figure.toFixed(2)} (${lower.toFixed(2)} to ${upper.toFixed(2)})`;
}

/** Forest plot of one measure over subgroups, beside the figure of all images. */
export function subgroupPlot(
  breakdowns: readonly Breakdown[],
  measure: SubgroupMeasure,
  level: number,
): PlotSpec {
  const rows = subgroupRows(breakdowns, measure).map((row, index) => ({
    ...row,
    // Equal values of two columns must not share a line.
    key: `${index}`,
    name: `${row.column}: ${row.value}`,
    counts: `${row.images} / ${row.positives}`,
    text: text(row),
  }));
  const names = Object.fromEntries(rows.map(({ key, name }) => [key, name]));
  const keys = rows.map(({ key }) => key);
  const labels = `${JSON.stringify(names)}[datum.value]`;
  // A layer without withheld rows must still leave room for them.
  const y = {
    field: 'key',
    type: 'nominal' as const,
    scale: { type: 'point' as const, padding: 0.5, domain: keys },
    title: null,
  };
  const whole = measure.whole.value;
  const height = rows.length * rowHeight;
  const column = (field: 'counts' | 'text', title: string, width: number) => ({
    width,
    height,
    title: { text: title, fontSize: 12, fontWeight: 'normal' as const, anchor: 'start' as const, offset: 6 },
    data: { values: rows },
    mark: { type: 'text' as const, align: 'left' as const, x: 0, fontSize: 12 },
    encoding: { y: { ...y, axis: null }, text: { field } },
    view: { stroke: null },
  });
  const x = {
    type: 'quantitative' as const,
    scale: { domain: [0, 1] },
    title: measure.title,
    axis: { values: [0, 0.2, 0.4, 0.6, 0.8, 1], format: '.1f' },
  };
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    title: {
      text: `${measure.title} by subgroup`,
      subtitle: `dashed line: all images${whole === null ? '' : `, ${whole.toFixed(3)}`}`,
    },
    description: rows.map(({ name, text: figure }) => `${name}: ${figure}`).join('; '),
    config: { view: { stroke: null }, concat: { spacing: 14 } },
    hconcat: [
      {
        width: 300,
        height,
        data: { values: rows },
        encoding: { y: { ...y, axis: { labelExpr: labels, ticks: false, domain: false, labelLimit: 280 } } },
        layer: [
          ...(whole === null
            ? []
            : [
                {
                  data: { values: [{ whole }] },
                  mark: { type: 'rule' as const, strokeDash: [4, 3], color: referenceColour },
                  encoding: {
                    x: { ...x, field: 'whole' },
                    y: { value: 0 },
                    y2: { value: 'height' as const },
                  },
                },
              ]),
          {
            transform: [{ filter: 'isValid(datum.lower)' }],
            mark: { type: 'rule', strokeWidth: 1.6, color: palette[0] },
            encoding: { x: { ...x, field: 'lower' }, x2: { field: 'upper' } },
          },
          {
            transform: [{ filter: 'isValid(datum.figure)' }],
            mark: { type: 'point', filled: true, shape: 'square', size: 70, opacity: 1, color: palette[0] },
            encoding: { x: { ...x, field: 'figure' } },
          },
        ],
      },
      column('counts', 'images / positive', 100),
      column('text', `${percent(level)} interval`, 150),
    ],
  };
}
