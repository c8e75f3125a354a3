import type { MetaAnalysis } from '../../evaluation/meta-analysis/meta-analysis.schema.js';
import { palette, plotSide, referenceColour } from '../plots/plot-style.js';
import type { PlotSpec } from '../plots/render.js';
import { decimals, percent, withInterval } from '../tables/numbers.js';
import { methodName } from './tables.js';

/** Summary ROC plot: the studies, the summary point with its regions, and the curve over the observed rates. */
export function srocPlot(result: MetaAnalysis): PlotSpec {
  const { sroc, fit, level } = result;
  const names = [
    'summary curve over the observed rates',
    `${percent(level)} confidence region of the summary point`,
    `${percent(level)} prediction region of a further study`,
  ];
  const lines = [sroc.curve, sroc.confidenceRegion, sroc.predictionRegion].flatMap((points, which) =>
    points.map((point, order) => ({ ...point, order, line: names[which] })),
  );
  const shown = sroc.curve.length > 0 ? names : names.slice(1);
  const studies = result.studies.map(({ study, tp, fn, fp, tn }) => ({
    study,
    falsePositiveRate: fp / (fp + tn),
    sensitivity: tp / (tp + fn),
    cases: tp + fn + fp + tn,
  }));
  const summary = {
    falsePositiveRate: fit.summary.falsePositiveRate.value,
    sensitivity: fit.summary.sensitivity.value,
  };
  const axis = (field: string, title: string) => ({
    field,
    title,
    type: 'quantitative' as const,
    scale: { domain: [0, 1] },
    axis: { values: [0, 0.2, 0.4, 0.6, 0.8, 1], format: '.1f' },
  });
  const x = axis('falsePositiveRate', '1 \u2212 specificity (false positive rate)');
  const y = axis('sensitivity', 'Sensitivity');
  const area = sroc.area === null ? '' : `, area under the curve ${decimals(sroc.area.full)}`;
  return {
    title: {
      text: 'Summary ROC curve',
      subtitle: [
        `${methodName(result.method)}${area}`,
        `Circles: ${studies.length} studies, area by number of cases; diamond: summary point`,
      ],
    },
    description: `Summary point: sensitivity ${withInterval(fit.summary.sensitivity)}, false positive rate ${withInterval(fit.summary.falsePositiveRate)}${area}.`,
    width: plotSide,
    height: plotSide,
    layer: [
      {
        data: {
          values: [
            { falsePositiveRate: 0, sensitivity: 0 },
            { falsePositiveRate: 1, sensitivity: 1 },
          ],
        },
        mark: { type: 'line', color: referenceColour, strokeDash: [2, 3], strokeWidth: 1 },
        encoding: { x, y },
      },
      {
        data: { values: studies },
        mark: { type: 'point', filled: false, color: '#444444', opacity: 0.9, strokeWidth: 1.4 },
        encoding: {
          x,
          y,
          size: { field: 'cases', type: 'quantitative', scale: { range: [15, 150] }, legend: null },
        },
      },
      {
        data: { values: lines },
        mark: { type: 'line', strokeWidth: 2 },
        encoding: {
          x,
          y,
          order: { field: 'order', type: 'quantitative' },
          color: {
            field: 'line',
            type: 'nominal',
            scale: { domain: shown, range: [palette[0], palette[1], palette[1]].slice(-shown.length) },
            legend: { title: null, symbolType: 'stroke', symbolSize: 500 },
          },
          strokeDash: {
            field: 'line',
            type: 'nominal',
            scale: { domain: shown, range: dashesOf(shown.length) },
          },
        },
      },
      {
        data: { values: [summary] },
        mark: { type: 'point', shape: 'diamond', filled: true, color: palette[1], size: 130, opacity: 1 },
        encoding: { x, y },
      },
    ],
  };
}

/** Solid curve, solid confidence region, broken prediction region. */
function dashesOf(lines: number): number[][] {
  return [
    [1, 0],
    [1, 0],
    [5, 4],
  ].slice(-lines);
}
