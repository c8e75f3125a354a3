import type { TopLevelSpec } from 'vega-lite';
import { plotConfig } from './plot-style.js';
import { textWidth } from './text-width.js';

export type { TopLevelSpec as PlotSpec } from 'vega-lite';

interface TextItem {
  fontSize?: number | undefined;
  fontWeight?: string | number | undefined;
}

function escapeXml(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
}

function plainTitle(spec: TopLevelSpec): string {
  const title = spec.title;
  if (typeof title === 'string') return title;
  if (title !== undefined && !Array.isArray(title) && 'text' in title && typeof title.text === 'string')
    return title.text;
  return 'Plot';
}

/** A screen reader meets one picture with a name and a description, not hundreds of marks. */
function withNames(svg: string, spec: TopLevelSpec): string {
  const title = `<title>${escapeXml(plainTitle(spec))}</title>`;
  const description = spec.description === undefined ? '' : `<desc>${escapeXml(spec.description)}</desc>`;
  return svg.replace(
    /^<svg ([^>]*)>/,
    (_whole, attributes: string) => `<svg role="img" ${attributes}>${title}${description}`,
  );
}

/** Where none of the fonts of `plotFont` is installed, the one that stands in is wider: DejaVu Sans by a sixth. */
const fallbackAllowance = 7 / 6;

function itemTextWidth(item: TextItem, text: unknown): number {
  if (text === undefined || text === null) return 0;
  const weight = item.fontWeight === 'bold' || Number(item.fontWeight) >= 600 ? 'bold' : 'regular';
  return fallbackAllowance * textWidth(String(text), item.fontSize ?? 11, weight);
}

/**
 * Without a canvas Vega guesses 0.8 em per character, which spreads legends and axis titles far apart. Its object of
 * text measures is exported, though its types leave it out.
 */
function measureTextExactly(library: object): void {
  if ('textMetrics' in library && typeof library.textMetrics === 'object') {
    Object.assign(library.textMetrics ?? {}, { width: itemTextWidth });
  }
}

/** Loaded on the first plot only: the two programs take longer to load than a short command takes to run. */
async function loadPrograms() {
  const [vega, vegaLite] = await Promise.all([import('vega'), import('vega-lite')]);
  measureTextExactly(vega);
  return { vega, vegaLite };
}

/**
 * Draws a Vega-Lite specification as SVG text, without a browser and without a canvas, in the look of `plotConfig`
 * (a `config` of the specification wins over it). The same specification gives the same bytes.
 */
export async function renderPlot(spec: TopLevelSpec): Promise<string> {
  const { vega, vegaLite } = await loadPrograms();
  const compiled = vegaLite.compile(spec, { config: plotConfig });
  const view = new vega.View(vega.parse(compiled.spec), { renderer: 'none', logLevel: vega.Error });
  try {
    return withNames(await view.toSVG(), spec);
  } finally {
    view.finalize();
  }
}
