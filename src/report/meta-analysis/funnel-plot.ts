import { largest, smallest } from '../../core/extremes.js';
import type { DeeksTest } from '../../evaluation/meta-analysis/meta-analysis.schema.js';
import { palette, plotSide } from '../plots/plot-style.js';
import type { PlotSpec } from '../plots/render.js';
import { pValue } from '../tables/numbers.js';

/** Deeks' funnel plot: small studies at the bottom; the line leans when they find other odds ratios than large ones. */
export function funnelPlot(deeks: DeeksTest): PlotSpec {
  const inverse = deeks.points.map(({ inverseRootEss }) => inverseRootEss);
  const ends = [smallest(inverse), largest(inverse)].map((x) => ({
    inverseRootEss: x,
    logOddsRatio: deeks.intercept + deeks.slope.value * x,
  }));
  const y = {
    field: 'inverseRootEss',
    type: 'quantitative' as const,
    scale: { reverse: true, zero: false, nice: true },
    axis: { tickCount: 6 },
    title: '1 / \u221a(effective sample size)',
  };
  const x = {
    field: 'logOddsRatio',
    type: 'quantitative' as const,
    scale: { zero: false },
    axis: { tickCount: 6 },
    title: 'ln(diagnostic odds ratio)',
  };
  return {
    title: {
      text: 'Small-study effects',
      subtitle: [`Deeks' test: P ${pValue(deeks.p)} (the authors judge P < 0.10)`],
    },
    description: `Funnel plot of ${deeks.points.length} studies with the weighted regression line of Deeks' test.`,
    width: plotSide,
    height: plotSide * 0.75,
    layer: [
      {
        data: { values: ends },
        mark: { type: 'line', color: palette[1], strokeDash: [6, 3], strokeWidth: 1.8 },
        encoding: { x, y, order: { field: 'inverseRootEss', type: 'quantitative' } },
      },
      {
        data: { values: [...deeks.points] },
        mark: { type: 'point', filled: true, color: palette[0], size: 60, opacity: 1 },
        encoding: { x, y },
      },
    ],
  };
}
