import sharp from 'sharp';
import type { Finding } from '../../core/reading.js';
import type { Volume } from '../../core/volume.js';
import { colours } from '../picture/colours.js';
import type { Glyphs } from '../picture/glyphs.js';
import { type GreyWindow, greyOf } from './grey-window.js';
import { plate, ring } from './marks.js';
import { type PanelPart, rgbOfGrey, sideBySide } from './panel.js';
import { type Projection, project, projectionPixel } from './projection.js';

export interface ProjectionLook {
  /** Values at or below take no part. */
  readonly floor: number;
  readonly window: GreyWindow;
  /** Dark on white, as PET is shown. */
  readonly inverted: boolean;
}

const height = 560;

const views = [
  { turnDegrees: 0, title: 'from the front' },
  { turnDegrees: 45, title: 'from the left front' },
  { turnDegrees: 90, title: 'from the left' },
] as const;

async function greyPart(
  projection: Projection,
  { window, inverted }: ProjectionLook,
  mmPerPixel: readonly [number, number],
): Promise<{ width: number; pixels: Uint8Array; scale: readonly [number, number] }> {
  const bytes = Uint8Array.from(projection.values, (value) => {
    const grey = greyOf(value, window);
    return inverted ? 255 - grey : grey;
  });
  const down = height / projection.height;
  const across = (down * mmPerPixel[0]) / mmPerPixel[1];
  const width = Math.max(1, Math.round(projection.width * across));
  const raw = { width: projection.width, height: projection.height, channels: 1 as const };
  const pixels = await sharp(bytes, { raw })
    .resize(width, height, { fit: 'fill', kernel: 'cubic' })
    .toColourspace('b-w')
    .raw()
    .toBuffer();
  return { width, pixels, scale: [across, down] };
}

/** The whole volume as its highest values, seen from three sides, with a ring around every finding. */
export async function projections(
  volume: Volume,
  findings: readonly Finding[],
  look: ProjectionLook,
  glyphs: Glyphs,
): Promise<PanelPart[]> {
  const mmPerPixel = projectionPixel(volume);
  const parts: Omit<PanelPart, 'left' | 'top'>[] = [];
  for (const { turnDegrees, title } of views) {
    const projection = project(volume, { turnDegrees, mmPerPixel, floor: look.floor });
    const { width, pixels, scale } = await greyPart(projection, look, mmPerPixel);
    const rings = findings.flatMap((finding) => {
      if (!finding.centerMm) return [];
      const [x, y] = projection.place(finding.centerMm);
      return [ring(finding, x * scale[0], y * scale[1], width, glyphs)];
    });
    const marks = [...rings, plate(title, 2, 2, 13, colours.text, glyphs)].join('');
    parts.push({ width, height, pixels: rgbOfGrey(pixels), marks });
  }
  return sideBySide(parts);
}

/** The volume from the front as modest grey JPEGs: one for the report, one for its table. */
export async function frontView(
  volume: Volume,
  look: ProjectionLook,
): Promise<{ view: Uint8Array; thumbnail: Uint8Array }> {
  const mmPerPixel = projectionPixel(volume);
  const projection = project(volume, { turnDegrees: 0, mmPerPixel, floor: look.floor });
  const { width, pixels } = await greyPart(projection, look, mmPerPixel);
  const picture = sharp(pixels, { raw: { width, height, channels: 1 } });
  const background = look.inverted ? '#ffffff' : '#000000';
  return {
    view: await picture.clone().jpeg({ quality: 80 }).toBuffer(),
    // As wide and high as the table shows a slice.
    thumbnail: await picture.resize(96, 96, { fit: 'contain', background }).jpeg({ quality: 65 }).toBuffer(),
  };
}
