import type { HeatMap } from '../../core/heat-map.js';
import { rasterHeatMap } from '../../core/heat-map-raster.js';
import { heatMapMeaning, heatMapTitle, topOfScale } from '../../core/heat-map-words.js';
import { type ResultContext, sourceReference } from '../results/result-context.js';
import { modelVersion, type Segment, segmentKinds } from './segment.js';

const fullFraction = 255;

/** Scores keep their own scale, 0 to 1; the units of Grad-CAM mean nothing, so its strongest place is the full fraction. */
function scaleOf(map: HeatMap): number {
  return map.method === 'detector-scores' ? 1 : topOfScale(map);
}

function fractions(map: HeatMap, image: { width: number; height: number }): Uint8Array {
  const raster = rasterHeatMap(map, image, image);
  const factor = fullFraction / scaleOf(map);
  const bytes = new Uint8Array(raster.length);
  for (let at = 0; at < raster.length; at++) {
    bytes[at] = Math.min(fullFraction, Math.round((raster[at] as number) * factor));
  }
  return bytes;
}

/** Heat maps as segments on the pixels of the image; a map that is zero everywhere says nothing and is left out. */
export function heatMapSegments(context: ResultContext, heatMaps: readonly HeatMap[]): Segment[] {
  const { image, models } = context.reading;
  return heatMaps
    .filter((map) => topOfScale(map) > 0)
    .map((map) => {
      const simulated = models.find(({ id }) => id === map.model)?.trainedOnSimulatedDataOnly;
      return {
        label: heatMapTitle(map),
        description: `${heatMapMeaning(map)} AI output, not for diagnosis.${
          simulated ? ' The model was trained on simulated data only.' : ''
        }`,
        ...segmentKinds.heatMap,
        algorithm: map.model,
        algorithmVersion: modelVersion(context, map.model),
        tracking: null,
        colour: [51180, 38564, 53613],
        frames: [{ fractions: fractions(map, image), source: sourceReference(context), positionMm: null }],
      };
    });
}
