import { describe, expect, it } from 'vitest';
import { type PlotSpec, renderPlot } from './render.js';
import { textWidth } from './text-width.js';

const spec: PlotSpec = {
  title: 'Sensitivity & specificity',
  description: 'Two points <joined> by a line.',
  data: {
    values: [
      { x: 0, y: 0 },
      { x: 1, y: 1 },
    ],
  },
  mark: 'line',
  encoding: {
    x: { field: 'x', type: 'quantitative', title: 'False positive rate' },
    y: { field: 'y', type: 'quantitative', title: 'Sensitivity' },
  },
};

describe('renderPlot', () => {
  it('draws SVG with a name and a description for screen readers, escaped', async () => {
    const svg = await renderPlot(spec);
    expect(svg.startsWith('<svg role="img"')).toBe(true);
    expect(svg).toContain('<title>Sensitivity &amp; specificity</title>');
    expect(svg).toContain('<desc>Two points &lt;joined&gt; by a line.</desc>');
    expect(svg).toContain('False positive rate');
  });

  it('gives the same bytes for the same specification', async () => {
    expect(await renderPlot(spec)).toBe(await renderPlot(spec));
  });

  it('lays text out with the widths of the font, not with a guess per character', () => {
    expect(textWidth('Helvetica', 10)).toBeCloseTo(
      7.22 + 5.56 + 2.22 + 5 + 5.56 + 2.78 + 2.22 + 5 + 5.56,
      10,
    );
    expect(textWidth('iiii', 12)).toBeLessThan(textWidth('MMMM', 12) / 3);
  });
});
