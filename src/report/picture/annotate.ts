import type { Sharp } from 'sharp';
import { largest, smallest } from '../../core/extremes.js';
import type { Radiograph } from '../../core/radiograph.js';
import type { Certainty, Finding, Reading } from '../../core/reading.js';
import { findingLabel, modelsLine, NOTICE, verdictLine } from '../../core/reading-words.js';
import { type BoxOutline, boxOutline, type PixelRect, rectPath } from './box-outline.js';
import { colours } from './colours.js';
import { CAP_HEIGHT, type Glyphs, loadGlyphs } from './glyphs.js';
import { greyPicture } from './grey-picture.js';
import { type PlacedLabel, placeLabels } from './label-layout.js';
import {
  NARROWEST_IN_TEXT_SIZES,
  type PictureScale,
  pictureScale,
  scaled,
  textSize,
} from './picture-scale.js';
import { scaleBar } from './scale-bar.js';
import { layoutStrip, type Strip, type StripAside, type StripText } from './strip.js';

export interface AnnotateOptions {
  /**
   * Picture pixels per image pixel. Left out: images smaller than 800 pixels are enlarged by a whole number, images
   * larger than `maxSidePixels` are reduced, all others are drawn pixel for pixel.
   */
  readonly scale?: number;
  /** Longest side of the image part of the picture. @default 1536 */
  readonly maxSidePixels?: number;
  /** Also draw findings of certainty `candidate`. @default false */
  readonly candidates?: boolean;
}

/**
 * The image with its findings drawn on it, as PNG: solid box = definite, dashed box = doubtful, each with type and
 * score; below the image (never over it) verdict, probability, scale bar, models and the notice. Boxes and labels
 * leave the pixels inside every box as they are (only where boxes touch does the line of one lie on the rim of the
 * other), and the radiograph itself is not changed.
 */
export async function annotatedPicture(
  radiograph: Radiograph,
  reading: Reading,
  options: AnnotateOptions = {},
): Promise<Uint8Array> {
  const size =
    options.scale === undefined
      ? pictureScale(radiograph.width, radiograph.height, options.maxSidePixels ?? 1536)
      : scaled(radiograph.width, radiograph.height, options.scale);
  const drawn = await draw(radiograph, reading, size, options.candidates ?? false);
  return drawn.png({ compressionLevel: 3 }).toBuffer();
}

/** The same picture pixel for pixel, as 8-bit RGB, row-major, three bytes a pixel; the strip below the image included. */
export async function annotatedPixels(
  radiograph: Radiograph,
  reading: Reading,
): Promise<{ width: number; height: number; pixels: Uint8Array }> {
  const drawn = await draw(radiograph, reading, scaled(radiograph.width, radiograph.height, 1), false);
  const { data, info } = await drawn.removeAlpha().raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, pixels: data };
}

async function draw(
  radiograph: Radiograph,
  reading: Reading,
  size: PictureScale,
  candidates: boolean,
): Promise<Sharp> {
  const drawing = drawAnnotations(reading, size, await loadGlyphs(), candidates);
  return greyPicture(radiograph, size)
    .toColourspace('srgb')
    .extend({
      right: drawing.width - size.width,
      bottom: drawing.height - size.height,
      background: colours.strip,
    })
    .composite([{ input: Buffer.from(drawing.svg), top: 0, left: 0 }]);
}

/** The annotations of a picture as SVG without text elements, and the size of the picture with its strip. */
export interface AnnotationDrawing {
  readonly width: number;
  readonly height: number;
  readonly svg: string;
}

/** Draws boxes, labels and strip for an image shown at `size`. */
export function drawAnnotations(
  reading: Reading,
  size: PictureScale,
  glyphs: Glyphs,
  candidates: boolean,
): AnnotationDrawing {
  const unit = textSize(size);
  const width = Math.max(size.width, Math.round(unit * NARROWEST_IN_TEXT_SIZES));
  const picture = {
    width: size.width,
    height: size.height,
    scaleX: size.width / reading.image.width,
    scaleY: size.height / reading.image.height,
  };
  const thickness = Math.max(2, Math.round(unit / 7));
  const findings = reading.findings
    .filter((finding) => candidates || finding.certainty !== 'candidate')
    .sort((a, b) => b.score - a.score);
  const outlines = findings.flatMap((finding) =>
    finding.box
      ? [
          {
            finding,
            outline: boxOutline(finding.box, picture, {
              thickness,
              dashed: finding.certainty !== 'definite',
            }),
          },
        ]
      : [],
  );
  const labels = layoutLabels(outlines, picture, unit, glyphs);
  const crowdedOut = outlines.filter((_, index) => !labels[index]).map(({ finding }) => finding);
  const strip = captionStrip(reading, findings, crowdedOut, {
    width,
    size: unit,
    scaleX: picture.scaleX,
    glyphs,
  });
  const body = [
    ...outlines.map(
      ({ outline }) => `<path fill="${colours.rim}" fill-opacity="0.6" d="${rectPath(outline.rim)}"/>`,
    ),
    ...outlines.map(
      ({ finding, outline }) => `<path fill="${colours[finding.certainty]}" d="${rectPath(outline.line)}"/>`,
    ),
    ...outlines.map(({ finding }, index) => drawLabel(finding, labels[index] ?? null, unit, glyphs)),
    strip.draw(size.height),
  ];
  const height = size.height + strip.height;
  return {
    width,
    height,
    svg: `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${body.join('')}</svg>`,
  };
}

interface OutlinedFinding {
  readonly finding: Finding;
  readonly outline: BoxOutline;
}

function layoutLabels(
  outlines: readonly OutlinedFinding[],
  picture: { width: number; height: number },
  unit: number,
  glyphs: Glyphs,
): (PlacedLabel | null)[] {
  const requests = outlines.map(({ finding, outline }) => ({
    target: boundsOf([outline.inside, ...outline.line, ...outline.rim]),
    width: Math.ceil(glyphs.measure(findingLabel(finding), unit) + unit * 0.7),
    height: Math.ceil(unit * 1.4),
  }));
  return placeLabels(requests, picture, Math.max(4, Math.round(unit / 2)));
}

function boundsOf(rects: readonly PixelRect[]): PixelRect {
  return {
    left: smallest(rects.map((rect) => rect.left)),
    top: smallest(rects.map((rect) => rect.top)),
    right: largest(rects.map((rect) => rect.right)),
    bottom: largest(rects.map((rect) => rect.bottom)),
  };
}

function drawLabel(finding: Finding, label: PlacedLabel | null, unit: number, glyphs: Glyphs): string {
  if (!label) return '';
  const colour = colours[finding.certainty];
  const { rect, leader } = label;
  const baseline = (rect.top + rect.bottom) / 2 + (unit * CAP_HEIGHT) / 2;
  const line = leader
    ? `<path d="M${leader[0]} ${leader[1]}L${leader[2]} ${leader[3]}" stroke="${colour}" stroke-width="${Math.max(1.5, unit / 12)}"/>`
    : '';
  return (
    `${line}<rect x="${rect.left}" y="${rect.top}" width="${rect.right - rect.left}" height="${rect.bottom - rect.top}"` +
    ` fill="${colours.plate}" fill-opacity="0.85"/>` +
    glyphs.draw(findingLabel(finding), rect.left + unit * 0.35, baseline, unit, colour)
  );
}

function captionStrip(
  reading: Reading,
  findings: readonly Finding[],
  crowdedOut: readonly Finding[],
  { width, size, scaleX, glyphs }: { width: number; size: number; scaleX: number; glyphs: Glyphs },
): Strip {
  const paragraphs: StripText[] = [
    { text: verdictLine(reading), emphasis: 1.25 },
    ...crowdedOut.map((finding) => ({ text: findingLabel(finding), colour: colours[finding.certainty] })),
    ...(findings.length > 0 ? [{ text: keyLine(findings), colour: colours.quiet }] : []),
    ...(reading.models.length > 0 ? [{ text: modelsLine(reading), colour: colours.quiet }] : []),
    { text: NOTICE },
  ];
  return layoutStrip(paragraphs, scaleAside(reading, scaleX, size, glyphs), { width, size, glyphs });
}

function keyLine(findings: readonly Finding[]): string {
  const shown = new Set<Certainty>(findings.map((finding) => finding.certainty));
  const lines = [
    shown.has('definite') ? 'Solid box: definite.' : '',
    shown.has('doubtful') ? 'Dashed box: doubtful.' : '',
    shown.has('candidate') ? 'Dashed grey box: candidate below the thresholds.' : '',
    'Percent: probability that the box holds a fracture.',
  ];
  return lines.filter((line) => line !== '').join(' ');
}

function scaleAside(reading: Reading, scaleX: number, size: number, glyphs: Glyphs): StripAside | null {
  const bar = scaleBar(reading.image, scaleX, 0.25);
  if (!bar) return null;
  const line = Math.max(2, Math.round(size / 8));
  const tick = Math.round(size * 0.5);
  const width = Math.ceil(Math.max(bar.length, glyphs.measure(bar.label, size)));
  const textTop = tick + Math.round(size * 0.35);
  return {
    width,
    height: textTop + size,
    draw: (x, y) => {
      const left = Math.round(x + width - bar.length);
      const top = Math.round(y);
      const rects = [
        { left, top: top + tick - line, right: left + bar.length, bottom: top + tick },
        { left, top, right: left + line, bottom: top + tick },
        { left: left + bar.length - line, top, right: left + bar.length, bottom: top + tick },
      ];
      const baseline = top + textTop + size * CAP_HEIGHT;
      const textLeft = x + width - glyphs.measure(bar.label, size);
      return (
        `<path fill="${colours.text}" d="${rectPath(rects)}"/>` +
        glyphs.draw(bar.label, textLeft, baseline, size, colours.text)
      );
    },
  };
}
