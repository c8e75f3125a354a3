import type { Config } from 'vega-lite';

/** Okabe and Ito's palette: told apart by people with any colour vision, in the order in which series use it. */
export const palette = [
  '#0072B2',
  '#D55E00',
  '#009E73',
  '#CC79A7',
  '#E69F00',
  '#56B4E9',
  '#000000',
  '#F0E442',
] as const;

/** Grey of reference lines (chance, perfect calibration). */
export const referenceColour = '#767676';

/** Fonts that share the metrics of `textWidth`. */
export const plotFont = 'Helvetica, Arial, "Liberation Sans", sans-serif';

/** Side of the square plots, in pixels. */
export const plotSide = 380;

/** Line patterns that tell series apart where colours cannot (grey prints). */
export const dashes = [
  [1, 0],
  [6, 3],
  [2, 2],
  [8, 3, 2, 3],
  [12, 4],
] as const;

/** The look of every plot. */
export const plotConfig: Config = {
  background: 'white',
  font: plotFont,
  padding: 12,
  view: { stroke: '#b0b0b0' },
  title: {
    anchor: 'start',
    fontSize: 15,
    fontWeight: 600,
    subtitleFontSize: 12,
    subtitleColor: '#444444',
    offset: 12,
  },
  axis: {
    gridColor: '#e4e4e4',
    domainColor: '#767676',
    tickColor: '#767676',
    labelFlush: false,
    labelFontSize: 12,
    titleFontSize: 13,
    titleFontWeight: 'normal',
    titlePadding: 8,
    labelColor: '#222222',
    titleColor: '#111111',
  },
  legend: {
    labelFontSize: 12,
    titleFontSize: 12,
    symbolSize: 500,
    labelLimit: 420,
    orient: 'bottom',
    direction: 'vertical',
    columns: 1,
  },
  range: { category: [...palette] },
};
