import type { HeatMap } from '../../core/heat-map.js';
import { type HeatMapLabel, topOfScale } from '../../core/heat-map-words.js';
import type { Radiograph } from '../../core/radiograph.js';
import type { Reading } from '../../core/reading.js';
import { annotatedPicture } from './annotate.js';
import { greyJpeg } from './grey-picture.js';
import { type HeatMapBase, heatMapBase, heatMapOverlay, heatMapPictureOver } from './heat-map.js';

/** Everything that is drawn of one reading, as file contents. */
export interface PictureSet {
  /** PNG, the image with boxes, labels and strip; null when not asked for. */
  readonly annotated: Uint8Array | null;
  /** Modest greyscale JPEG of the untouched image, for the report. */
  readonly view: Uint8Array;
  /** Small greyscale JPEG, for the table of the report. */
  readonly thumbnail: Uint8Array;
  readonly heatMaps: readonly HeatMapFiles[];
  /** Volumes only: cuts through findings and overviews. */
  readonly panels: readonly PanelFile[];
}

/** A picture of a volume, with all words that it needs drawn on it. */
export interface PanelFile {
  /** Part of its file name, such as `finding-1`. */
  readonly name: string;
  readonly title: string;
  /** Finding that it shows; null for an overview. */
  readonly findingId: number | null;
  readonly png: Uint8Array;
}

export interface HeatMapFiles extends HeatMapLabel {
  /** The value that gets the last colour; 0 when the map is empty. */
  readonly top: number;
  /** Transparent PNG that is stretched over the view. */
  readonly overlay: Uint8Array;
  /** PNG of the map over the image with its legend; null when not asked for. */
  readonly picture: Uint8Array | null;
}

export interface PictureSetOptions {
  /** Draw the annotated picture. @default true */
  readonly annotated?: boolean;
  /** Draw each heat map over the image as a picture of its own, besides the overlay. @default false */
  readonly heatMapPictures?: boolean;
  /** Longest side of the annotated picture. @default 1536 */
  readonly maxSidePixels?: number;
  /** Also draw findings of certainty `candidate`. @default false */
  readonly candidates?: boolean;
}

const VIEW_SIDE_PIXELS = 768;
const THUMBNAIL_SIDE_PIXELS = 96;

/** Draws all pictures of one reading. The work is done by libvips outside of the event loop. */
export async function drawPictures(
  radiograph: Radiograph,
  reading: Reading,
  heatMaps: readonly HeatMap[],
  options: PictureSetOptions = {},
): Promise<PictureSet> {
  const wantsBase = options.heatMapPictures === true && heatMaps.length > 0;
  const base = wantsBase ? heatMapBase(radiograph) : Promise.resolve(null);
  const [annotated, view, thumbnail, maps] = await Promise.all([
    options.annotated === false ? null : annotatedPicture(radiograph, reading, options),
    greyJpeg(radiograph, VIEW_SIDE_PIXELS, 80),
    greyJpeg(radiograph, THUMBNAIL_SIDE_PIXELS, 65),
    base.then((made) => Promise.all(heatMaps.map((map) => drawHeatMap(radiograph, map, made)))),
  ]);
  return { annotated, view, thumbnail, heatMaps: maps, panels: [] };
}

async function drawHeatMap(
  radiograph: Radiograph,
  map: HeatMap,
  base: HeatMapBase | null,
): Promise<HeatMapFiles> {
  return {
    model: map.model,
    findingId: map.findingId,
    method: map.method,
    top: topOfScale(map),
    overlay: await heatMapOverlay(map, radiograph),
    picture: base ? await heatMapPictureOver(base, map) : null,
  };
}
