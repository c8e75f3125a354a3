import type { HeatMap } from './heat-map.js';

/** What identifies a heat map, without its values. */
export type HeatMapLabel = Pick<HeatMap, 'model' | 'findingId' | 'method'>;

const methodNames: Readonly<Record<HeatMap['method'], string>> = {
  'grad-cam': 'Grad-CAM',
  'detector-scores': 'Detector scores',
};

/** Such as "Grad-CAM, resnet18-fracture" or "Grad-CAM, swin-type, finding 1". */
export function heatMapTitle({ method, model, findingId }: HeatMapLabel): string {
  return `${methodNames[method]}, ${model}${findingId === null ? '' : `, finding ${findingId}`}`;
}

/** What a heat map is, and what it is not. */
export function heatMapMeaning({ method, findingId }: HeatMapLabel): string {
  if (method === 'detector-scores') {
    return (
      'Shows how high the detector scored a fracture at each place, before its thresholds; mind the end of the ' +
      'scale. It does not outline a fracture.'
    );
  }
  const what = findingId === null ? 'score for a fracture' : 'answer on the type of the finding';
  return (
    `Shows which parts of the image raised this network's ${what}. It does not outline a fracture, and its colour is ` +
    'not a probability: it is relative to the strongest place of this map.'
  );
}

/** Said when a map is zero everywhere. */
export const EMPTY_MAP = 'This map is empty: no part of the image raised the score.';

/** Ends of the scale for scores: few and round, so that maps can be compared, and never so low that noise glows. */
const SCORE_SCALES = [0.1, 0.2, 0.5, 1];

/**
 * The value that gets the last colour: for scores, which mean the same in every image, the smallest round scale that
 * holds the map; else the map's own maximum, because the units of Grad-CAM mean nothing across images. 0 when the map
 * is empty.
 */
export function topOfScale({ method, values }: Pick<HeatMap, 'method' | 'values'>): number {
  let highest = 0;
  for (const value of values) if (value > highest) highest = value;
  if (highest === 0 || method === 'grad-cam') return highest;
  return SCORE_SCALES.find((scale) => scale >= highest) ?? highest;
}

/** What stands at the upper end of the colour scale: "0.2" for scores, "highest (1.3)" for Grad-CAM. */
export function scaleEnd(method: HeatMap['method'], top: number): string {
  return method === 'detector-scores' ? scaleValue(top) : `highest (${scaleValue(top)})`;
}

/** A value of a map's scale in two digits. */
function scaleValue(value: number): string {
  return value === 0 ? '0' : String(Number(value.toPrecision(2)));
}
