import { dashes, palette, plotSide, referenceColour } from './plot-style.js';
import type { PlotSpec } from './render.js';

/** Everything that a layered plot is made of. */
export type PlotLayer = Extract<PlotSpec, { layer: unknown }>['layer'][number];

export interface CurvePoint {
  readonly x: number;
  readonly y: number;
}

export interface Curve {
  /** Shown in the legend. */
  readonly name: string;
  readonly points: readonly CurvePoint[];
  /** Pointwise bounds, drawn as a band. */
  readonly band?: readonly { readonly x: number; readonly lower: number; readonly upper: number }[];
}

/** A single point with intervals, such as an operating point. */
export interface MarkedPoint extends CurvePoint {
  readonly name: string;
  readonly xInterval?: readonly [number, number] | null;
  readonly yInterval?: readonly [number, number] | null;
}

export interface CurveAxis {
  /** With its unit. */
  readonly title: string;
  readonly domain: readonly [number, number];
  readonly values?: readonly number[];
  readonly format?: string;
  readonly logarithmic?: boolean;
}

/** A line to compare with, such as chance, and where its name stands. */
export interface ReferenceLine {
  readonly name: string;
  readonly points: readonly CurvePoint[];
  /** The name begins here, below the line. */
  readonly nameAt: CurvePoint;
}

/** The diagonal of a square plot. */
export function diagonal(name: string): ReferenceLine {
  const points = [
    { x: 0, y: 0 },
    { x: 1, y: 1 },
  ];
  return { name, points, nameAt: { x: 0.62, y: 0.6 } };
}

export interface CurvePlot {
  readonly title: string;
  readonly subtitle?: string;
  readonly description: string;
  readonly x: CurveAxis;
  readonly y: CurveAxis;
  readonly curves: readonly Curve[];
  /** How the line runs between points. @default 'linear' */
  readonly interpolate?: 'linear' | 'step-after' | 'step-before';
  readonly marks?: readonly MarkedPoint[];
  readonly reference?: ReferenceLine;
  /** Also draw the points themselves. */
  readonly dots?: boolean;
}

/** Axis of a share, 0 to 1. */
export function shareAxis(title: string): CurveAxis {
  return { title, domain: [0, 1], values: [0, 0.2, 0.4, 0.6, 0.8, 1], format: '.1f' };
}

/** Most points that a line is drawn with: more cannot be seen. */
const mostPoints = 1500;

/** Leaves out points that lie on the straight line between their neighbours, then every so-manieth of too many. */
export function thin<T extends CurvePoint>(points: readonly T[]): readonly T[] {
  const corners = points.filter((point, index) => {
    const before = points[index - 1];
    const after = points[index + 1];
    if (before === undefined || after === undefined) return true;
    const cross = (point.x - before.x) * (after.y - before.y) - (point.y - before.y) * (after.x - before.x);
    return Math.abs(cross) > 1e-15;
  });
  if (corners.length <= mostPoints) return corners;
  const step = (corners.length - 1) / (mostPoints - 1);
  return Array.from({ length: mostPoints }, (_, index) => corners[Math.round(index * step)]).filter(
    (point) => point !== undefined,
  );
}

function channel(field: string, axis: CurveAxis) {
  return {
    field,
    type: 'quantitative' as const,
    scale: {
      domain: [...axis.domain],
      nice: false,
      ...(axis.logarithmic ? { type: 'log' as const } : {}),
    },
    title: axis.title,
    axis: {
      ...(axis.values === undefined ? {} : { values: [...axis.values] }),
      ...(axis.format === undefined ? {} : { format: axis.format }),
    },
  };
}

function colourAt(index: number): string {
  return palette[index % palette.length] ?? palette[0];
}

function colourOf(names: readonly string[]) {
  return {
    field: 'series',
    type: 'nominal' as const,
    scale: { domain: [...names], range: names.map((_, index) => colourAt(index)) },
    legend: { title: null },
  };
}

function dashOf(names: readonly string[]) {
  return {
    field: 'series',
    type: 'nominal' as const,
    scale: {
      domain: [...names],
      range: names.map((_, index) => [...(dashes[index % dashes.length] ?? dashes[0])]),
    },
    legend: { title: null },
  };
}

/** Behind text, so that lines do not cut through it. */
const halo = { stroke: 'white', strokeWidth: 4, strokeOpacity: 0.85 } as const;

function bandLayers({ curves, x, y }: CurvePlot): PlotLayer[] {
  return curves.flatMap(({ band }, index): PlotLayer[] => {
    if (band === undefined) return [];
    return [
      {
        data: { values: [...band] },
        mark: { type: 'area', opacity: 0.18, clip: true, color: colourAt(index) },
        encoding: { x: channel('x', x), y: channel('lower', y), y2: { field: 'upper' } },
      },
    ];
  });
}

function referenceLayers({ reference, x, y }: CurvePlot): PlotLayer[] {
  if (reference === undefined) return [];
  const encoding = { x: channel('x', x), y: channel('y', y) };
  return [
    {
      data: { values: [...reference.points] },
      mark: { type: 'line', strokeDash: [3, 3], color: referenceColour, strokeWidth: 1.2, clip: true },
      encoding: { ...encoding, order: { field: 'x', type: 'quantitative' } },
    },
    {
      data: { values: [{ ...reference.nameAt, text: reference.name }] },
      mark: { type: 'text', align: 'left', baseline: 'top', dx: 4, dy: 4, color: '#555555', fontSize: 11 },
      encoding: { ...encoding, text: { field: 'text' } },
    },
  ];
}

function lineLayers(plot: CurvePlot): PlotLayer[] {
  const { curves, interpolate, x, y, dots } = plot;
  const names = curves.map(({ name }) => name);
  const values = curves.flatMap(({ name, points }) =>
    thin(points).map((point, order) => ({ series: name, order, x: point.x, y: point.y })),
  );
  const encoding = { x: channel('x', x), y: channel('y', y), color: colourOf(names) };
  const line: PlotLayer = {
    data: { values },
    mark: { type: 'line', strokeWidth: 2, clip: true, ...(interpolate === undefined ? {} : { interpolate }) },
    encoding: { ...encoding, strokeDash: dashOf(names), order: { field: 'order', type: 'quantitative' } },
  };
  const points: PlotLayer = {
    data: { values },
    mark: { type: 'point', filled: true, size: 36, opacity: 1, clip: true },
    encoding,
  };
  return dots ? [line, points] : [line];
}

function markLayers({ marks = [], x, y }: CurvePlot): PlotLayer[] {
  if (marks.length === 0) return [];
  const values = marks.map((mark) => ({
    x: mark.x,
    y: mark.y,
    name: mark.name,
    xLow: mark.xInterval?.[0] ?? mark.x,
    xHigh: mark.xInterval?.[1] ?? mark.x,
    yLow: mark.yInterval?.[0] ?? mark.y,
    yHigh: mark.yInterval?.[1] ?? mark.y,
  }));
  const data = { values };
  const label = {
    type: 'text' as const,
    align: 'left' as const,
    baseline: 'top' as const,
    dx: 8,
    dy: 6,
    fontSize: 11,
    color: '#111111',
  };
  const named = { x: channel('x', x), y: channel('y', y), text: { field: 'name' } };
  const rule = { type: 'rule' as const, color: '#333333', strokeWidth: 1.2, clip: true };
  return [
    { data, mark: rule, encoding: { x: channel('xLow', x), x2: { field: 'xHigh' }, y: channel('y', y) } },
    { data, mark: rule, encoding: { x: channel('x', x), y: channel('yLow', y), y2: { field: 'yHigh' } } },
    {
      data,
      mark: { type: 'point', shape: 'diamond', filled: true, size: 90, color: '#111111', opacity: 1 },
      encoding: { x: channel('x', x), y: channel('y', y) },
    },
    { data, mark: { ...label, ...halo }, encoding: named },
    { data, mark: label, encoding: named },
  ];
}

/** Lines with bands, marked points and a line to compare with, on two named axes. */
export function curvePlot(plot: CurvePlot): PlotSpec {
  const { title, subtitle, description } = plot;
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    title: { text: title, ...(subtitle === undefined ? {} : { subtitle }) },
    description,
    width: plotSide,
    height: plotSide,
    layer: [...bandLayers(plot), ...referenceLayers(plot), ...lineLayers(plot), ...markLayers(plot)],
    resolve: { legend: { color: 'shared', strokeDash: 'shared' } },
  };
}
