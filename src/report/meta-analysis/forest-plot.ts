import type { MetaAnalysis } from '../../evaluation/meta-analysis/meta-analysis.schema.js';
import { palette } from '../plots/plot-style.js';
import type { PlotSpec } from '../plots/render.js';
import { percent, withInterval } from '../tables/numbers.js';
import { methodName } from './tables.js';

/** A plot that can stand beside another. */
type Panel = Extract<PlotSpec, { hconcat: unknown }>['hconcat'][number];

interface ForestRow {
  readonly name: string;
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly cases: number;
  readonly text: string;
}

const rowHeight = 22;
const summaryName = 'Summary';

function rowsOf(result: MetaAnalysis, measure: 'sensitivity' | 'specificity'): ForestRow[] {
  const row = (
    name: string,
    estimate: MetaAnalysis['studies'][number]['sensitivity'],
    cases: number,
  ): ForestRow => ({
    name,
    value: estimate.value,
    low: estimate.interval[0],
    high: estimate.interval[1],
    cases,
    text: withInterval(estimate, (x) => x.toFixed(2)),
  });
  // Two studies of one name would fall on one line.
  const names = result.studies.map(({ study }, index, all) =>
    all.some((other, at) => at !== index && other.study === study) ? `${study} (${index + 1})` : study,
  );
  return [
    ...result.studies.map((study, index) => {
      const cases = measure === 'sensitivity' ? study.tp + study.fn : study.fp + study.tn;
      return row(names[index] ?? study.study, study[measure], cases);
    }),
    row(summaryName, result.fit.summary[measure], 0),
  ];
}

function panel(result: MetaAnalysis, measure: 'sensitivity' | 'specificity', withNames: boolean): Panel {
  const rows = rowsOf(result, measure);
  const title = measure === 'sensitivity' ? 'Sensitivity' : 'Specificity';
  const isSummary = `datum.name === '${summaryName}'`;
  const y = {
    field: 'name',
    type: 'nominal' as const,
    sort: null,
    title: null,
    axis: withNames ? { ticks: false, domain: false, labelLimit: 260 } : null,
  };
  const colour = palette[measure === 'sensitivity' ? 0 : 1];
  return {
    width: 260,
    height: rows.length * rowHeight,
    data: { values: rows },
    encoding: { y },
    layer: [
      {
        transform: [{ filter: isSummary }, { calculate: 'datum.value', as: 'middle' }],
        mark: { type: 'rule', strokeDash: [4, 3], color: '#767676' },
        encoding: { x: { field: 'middle', type: 'quantitative' }, y: { value: 0 }, y2: { value: 'height' } },
      },
      {
        mark: { type: 'rule', color: colour, strokeWidth: 1.5 },
        encoding: {
          x: {
            field: 'low',
            type: 'quantitative',
            scale: { domain: [0, 1] },
            axis: { values: [0, 0.2, 0.4, 0.6, 0.8, 1], format: '.1f' },
            title: `${title} (${percent(result.level)} interval)`,
          },
          x2: { field: 'high' },
        },
      },
      {
        transform: [{ filter: `!(${isSummary})` }],
        mark: { type: 'square', color: colour, opacity: 1 },
        encoding: {
          x: { field: 'value', type: 'quantitative' },
          size: { field: 'cases', type: 'quantitative', scale: { range: [20, 150] }, legend: null },
        },
      },
      {
        transform: [{ filter: isSummary }],
        mark: { type: 'point', shape: 'diamond', color: '#111111', filled: true, size: 170, opacity: 1 },
        encoding: { x: { field: 'value', type: 'quantitative' } },
      },
      {
        mark: { type: 'text', align: 'left', fontSize: 11, color: '#222222' },
        encoding: { x: { value: 268 }, text: { field: 'text' } },
      },
    ],
  };
}

/** Forest plot: sensitivity and specificity of every study with intervals, and the summary. */
export function forestPlot(result: MetaAnalysis): PlotSpec {
  return {
    title: {
      text: 'Sensitivity and specificity of the studies',
      subtitle: [
        `Squares: studies, area by number of diseased or non-diseased cases, Clopper-Pearson intervals.`,
        `Diamond: summary by the model "${methodName(result.method)}".`,
      ],
    },
    description: `Forest plot of ${result.studies.length} studies. Summary sensitivity ${withInterval(result.fit.summary.sensitivity)}, specificity ${withInterval(result.fit.summary.specificity)}.`,
    hconcat: [panel(result, 'sensitivity', true), panel(result, 'specificity', false)],
    spacing: 24,
    config: { axisY: { grid: false } },
  };
}
