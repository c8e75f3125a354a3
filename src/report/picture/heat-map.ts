import sharp, { type Sharp } from 'sharp';
import type { HeatMap } from '../../core/heat-map.js';
import { rasterHeatMap } from '../../core/heat-map-raster.js';
import { EMPTY_MAP, heatMapMeaning, heatMapTitle, scaleEnd, topOfScale } from '../../core/heat-map-words.js';
import type { Radiograph } from '../../core/radiograph.js';
import { NOTICE } from '../../core/reading-words.js';
import { heatAlpha, heatColour, heatPixels } from './colour-map.js';
import { colours } from './colours.js';
import { CAP_HEIGHT, type Glyphs, loadGlyphs } from './glyphs.js';
import { greyPicture } from './grey-picture.js';
import { NARROWEST_IN_TEXT_SIZES, type PictureScale, pictureScale, textSize } from './picture-scale.js';
import { layoutStrip, type StripAside } from './strip.js';

export interface HeatMapPictureOptions {
  /** Longest side of the image part of the picture. @default 1024 */
  readonly maxSidePixels?: number;
}

export interface HeatMapOverlayOptions {
  /** Longest side of the overlay; it is stretched over the image where it is shown. @default 256 */
  readonly maxSidePixels?: number;
}

/** Maps have a few dozen cells a side: more than this shows nothing more. */
const OVERLAY_SIDE_PIXELS = 256;

/** A heat map drawn over its image, with a legend below that says what it is and what it is not; PNG. */
export async function heatMapPicture(
  radiograph: Radiograph,
  map: HeatMap,
  options: HeatMapPictureOptions = {},
): Promise<Uint8Array> {
  return heatMapPictureOver(await heatMapBase(radiograph, options), map);
}

/** The image below heat maps, reduced once for all maps of one image. */
export interface HeatMapBase {
  readonly image: { readonly width: number; readonly height: number };
  readonly size: PictureScale;
  /** 8-bit grey as RGB triples, row-major, of `size`. */
  readonly pixels: Uint8Array;
}

export async function heatMapBase(
  radiograph: Radiograph,
  options: HeatMapPictureOptions = {},
): Promise<HeatMapBase> {
  const size = pictureScale(radiograph.width, radiograph.height, options.maxSidePixels ?? 1024);
  const pixels = await greyPicture(radiograph, size).toColourspace('srgb').raw().toBuffer();
  return { image: { width: radiograph.width, height: radiograph.height }, size, pixels };
}

/** A heat map drawn over a base that was made before; see `heatMapPicture`. */
export async function heatMapPictureOver(base: HeatMapBase, map: HeatMap): Promise<Uint8Array> {
  return (await drawOver(base, map)).png({ compressionLevel: 3 }).toBuffer();
}

/** The same picture as 8-bit RGB, row-major, three bytes a pixel. */
export async function heatMapPixelsOver(
  base: HeatMapBase,
  map: HeatMap,
): Promise<{ width: number; height: number; pixels: Uint8Array }> {
  const drawn = await drawOver(base, map);
  const { data, info } = await drawn.removeAlpha().raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, pixels: data };
}

async function drawOver({ image, size, pixels }: HeatMapBase, map: HeatMap): Promise<Sharp> {
  const unit = textSize(size);
  const glyphs = await loadGlyphs();
  const top = topOfScale(map);
  const width = Math.max(size.width, unit * NARROWEST_IN_TEXT_SIZES);
  const strip = layoutStrip(
    [
      { text: heatMapTitle(map), emphasis: 1.15 },
      { text: top === 0 ? EMPTY_MAP : heatMapMeaning(map), colour: colours.quiet },
      { text: NOTICE },
    ],
    top === 0 ? null : legend(map, top, unit, glyphs),
    { width, size: unit, glyphs },
  );
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${strip.height}">${strip.draw(0)}</svg>`;
  const overlay = await overlayOf(map, image, OVERLAY_SIDE_PIXELS)
    .resize(size.width, size.height, { fit: 'fill', kernel: 'linear' })
    .raw()
    .toBuffer();
  return sharp(pixels, { raw: { width: size.width, height: size.height, channels: 3 } })
    .extend({ right: width - size.width, bottom: strip.height, background: colours.strip })
    .composite([
      { input: overlay, raw: { width: size.width, height: size.height, channels: 4 }, top: 0, left: 0 },
      { input: Buffer.from(svg), top: size.height, left: 0 },
    ]);
}

/**
 * A heat map alone, transparent where it says nothing, as PNG that covers the whole image when it is stretched over
 * it.
 *
 * @param image size of the image in pixels, which the map's affine refers to
 */
export async function heatMapOverlay(
  map: HeatMap,
  image: { width: number; height: number },
  options: HeatMapOverlayOptions = {},
): Promise<Uint8Array> {
  return overlayOf(map, image, options.maxSidePixels ?? OVERLAY_SIDE_PIXELS)
    .png({ palette: true, compressionLevel: 9, effort: 4 })
    .toBuffer();
}

function overlayOf(map: HeatMap, image: { width: number; height: number }, maxSide: number): Sharp {
  const factor = Math.min(1, maxSide / Math.max(image.width, image.height));
  const size = {
    width: Math.max(1, Math.round(image.width * factor)),
    height: Math.max(1, Math.round(image.height * factor)),
  };
  const pixels = heatPixels(rasterHeatMap(map, image, size), topOfScale(map) || 1);
  return sharp(pixels, { raw: { ...size, channels: 4 } });
}

const LEGEND_STEPS = 32;

/** The colour bar, from 0 at its left to the top of the scale at its right, as transparent as over the image. */
function legend(map: HeatMap, top: number, size: number, glyphs: Glyphs): StripAside {
  const width = Math.round(size * 10);
  const step = width / LEGEND_STEPS;
  const barHeight = Math.round(size * 0.8);
  const high = scaleEnd(map.method, top);
  const textTop = barHeight + Math.round(size * 0.3);
  return {
    width,
    height: textTop + size,
    draw: (x, y) => {
      const baseline = y + textTop + size * CAP_HEIGHT;
      const cells = Array.from({ length: LEGEND_STEPS }, (_, index) => {
        const share = (index + 0.5) / LEGEND_STEPS;
        return `<rect x="${x + index * step}" y="${y}" width="${step}" height="${barHeight}" fill="${heatColour(share)}" fill-opacity="${heatAlpha(share)}"/>`;
      });
      return (
        `<rect x="${x}" y="${y}" width="${width}" height="${barHeight}" fill="#808080"/>${cells.join('')}` +
        glyphs.draw('0', x, baseline, size, colours.text) +
        glyphs.draw(high, x + width - glyphs.measure(high, size), baseline, size, colours.text)
      );
    },
  };
}
