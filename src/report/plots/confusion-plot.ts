import type { TypeFigures } from '../../evaluation/types/types.schema.js';
import type { PlotSpec } from './render.js';

const cellSide = 64;

/** Confusion matrix: counts, shaded by the share of each true class. */
export function confusionPlot(types: TypeFigures): PlotSpec {
  const { classes, confusion } = types;
  const values = confusion.flatMap((row, truth) => {
    const total = row.reduce((sum, count) => sum + count, 0);
    return row.map((count, predicted) => ({
      truth: classes[truth] ?? '',
      predicted: classes[predicted] ?? '',
      count,
      share: total === 0 ? 0 : count / total,
      text: total === 0 ? '0' : `${count}`,
      percent: total === 0 ? '' : `${Math.round((100 * count) / total)} %`,
    }));
  });
  const ink = { condition: { test: 'datum.share > 0.5', value: 'white' }, value: '#111111' };
  const sort = [...classes];
  const x = {
    field: 'predicted',
    type: 'nominal' as const,
    sort,
    title: 'Predicted type',
    axis: { labelAngle: -35, grid: false },
  };
  const y = { field: 'truth', type: 'nominal' as const, sort, title: 'True type', axis: { grid: false } };
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    title: {
      text: 'Confusion matrix',
      subtitle: `${types.items} fractures; shade and percentage: share of the true type`,
    },
    description: `Counts by true and predicted type; accuracy ${types.accuracy.value?.toFixed(3) ?? 'not given'}.`,
    width: { step: cellSide },
    height: { step: cellSide },
    data: { values },
    encoding: { x, y },
    layer: [
      {
        mark: { type: 'rect', stroke: 'white' },
        encoding: {
          color: {
            field: 'share',
            type: 'quantitative',
            scale: { domain: [0, 1], range: ['#f2f6fa', '#08436e'] },
            legend: null,
          },
        },
      },
      {
        mark: { type: 'text', fontSize: 15, fontWeight: 600, dy: -7 },
        encoding: { text: { field: 'text' }, color: ink },
      },
      { mark: { type: 'text', fontSize: 11, dy: 11 }, encoding: { text: { field: 'percent' }, color: ink } },
    ],
  };
}
