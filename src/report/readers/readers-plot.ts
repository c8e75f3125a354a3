import type { MeasureResult, ReaderComparison } from '../../evaluation/readers/readers.schema.js';
import { palette } from '../plots/plot-style.js';
import type { PlotSpec } from '../plots/render.js';
import { percent } from '../tables/numbers.js';

const meanName = 'Mean of the readers';

/** Figure of merit of every reader in every modality with its interval, the means below, programs last. */
export function readersPlot(comparison: ReaderComparison, result: MeasureResult): PlotSpec {
  const { modalities, standalone, level, scope } = comparison;
  const row = (
    reader: string,
    modality: string,
    estimate: { value: number; interval: readonly [number, number] },
  ) => ({
    reader,
    modality,
    value: estimate.value,
    low: estimate.interval[0],
    high: estimate.interval[1],
  });
  const rows = [
    ...result.readers.map(({ reader, modality, estimate }) => row(reader, modality, estimate)),
    ...result.modalities.flatMap(({ modality, byScope }) => {
      const estimate = byScope[scope];
      return estimate === null ? [] : [row(meanName, modality, estimate)];
    }),
    ...result.standalone.map(({ modality, estimate }) => row(modality, modality, estimate)),
  ];
  const series = [...modalities, ...standalone];
  const shapes = ['circle', 'square', 'triangle-up', 'diamond', 'cross', 'triangle-down'];
  const y = {
    field: 'reader',
    type: 'nominal' as const,
    sort: null,
    title: null,
    axis: { ticks: false, labelLimit: 260 },
  };
  const yOffset = { field: 'modality', sort: series };
  const colour = {
    field: 'modality',
    type: 'nominal' as const,
    scale: { domain: series, range: [...palette].slice(0, series.length) },
    legend: { title: null, symbolSize: 90 },
  };
  return {
    title: {
      text: `${result.name[0]?.toUpperCase()}${result.name.slice(1)} of the readers`,
      subtitle: `${percent(level)} intervals; single readers over cases, mean: ${scope.replaceAll('-', ' ')}`,
    },
    description: `${result.name} of ${comparison.readers.length} readers in ${modalities.length} modalities with intervals.`,
    width: 420,
    height: { step: 14, for: 'offset' },
    data: { values: rows },
    encoding: { y, yOffset },
    layer: [
      {
        mark: { type: 'rule', strokeWidth: 1.6 },
        encoding: {
          x: {
            field: 'low',
            type: 'quantitative',
            scale: { zero: false, nice: true },
            axis: { tickCount: 6 },
            title: result.name[0]?.toUpperCase() + result.name.slice(1),
          },
          x2: { field: 'high' },
          color: colour,
        },
      },
      {
        mark: { type: 'point', filled: true, size: 70, opacity: 1 },
        encoding: {
          x: { field: 'value', type: 'quantitative' },
          color: colour,
          shape: {
            field: 'modality',
            type: 'nominal',
            scale: { domain: series, range: shapes.slice(0, series.length) },
            legend: { title: null, symbolSize: 90 },
          },
        },
      },
    ],
  };
}
