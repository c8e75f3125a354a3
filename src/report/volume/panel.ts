import sharp from 'sharp';
import { largest } from '../../core/extremes.js';
import { NOTICE } from '../../core/reading-words.js';
import { colours } from '../picture/colours.js';
import type { Glyphs } from '../picture/glyphs.js';
import { layoutStrip, type StripText } from '../picture/strip.js';

/** A part of a panel: grey pixels with what is drawn over them. */
export interface PanelPart {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** RGB, row by row. */
  readonly pixels: Uint8Array;
  /** SVG elements in pixels of the part. */
  readonly marks: string;
}

const gap = 6;
/** Narrower panels would break their words. */
const narrowest = 480;

/** Parts side by side, their tops in line. */
export function sideBySide(parts: readonly Omit<PanelPart, 'left' | 'top'>[]): PanelPart[] {
  let left = 0;
  return parts.map((part) => {
    const placed = { ...part, left, top: 0 };
    left += part.width + gap;
    return placed;
  });
}

/** Grey bytes as RGB. */
export function rgbOfGrey(grey: Uint8Array): Uint8Array {
  const pixels = new Uint8Array(grey.length * 3);
  for (let at = 0; at < grey.length; at += 1) pixels.fill(grey[at] as number, 3 * at, 3 * at + 3);
  return pixels;
}

/** Lays RGBA pixels over RGB ones. */
export function blend(pixels: Uint8Array, over: Uint8Array): void {
  for (let at = 0; at < pixels.length / 3; at += 1) {
    const alpha = (over[4 * at + 3] as number) / 255;
    for (let channel = 0; channel < 3; channel += 1) {
      const below = pixels[3 * at + channel] as number;
      pixels[3 * at + channel] = Math.round(below + alpha * ((over[4 * at + channel] as number) - below));
    }
  }
}

/**
 * A panel as PNG: its parts, and below them, never over their pixels, a strip of text that ends with the notice.
 */
export async function panelPng(
  parts: readonly PanelPart[],
  words: readonly StripText[],
  glyphs: Glyphs,
): Promise<Uint8Array> {
  const width = largest(
    parts.map((part) => part.left + part.width),
    narrowest,
  );
  const height = largest(parts.map((part) => part.top + part.height));
  const size = 15;
  const strip = layoutStrip([...words, { text: NOTICE, colour: colours.quiet }], null, {
    width,
    size,
    glyphs,
  });
  const marks = parts.map(
    ({ left, top, marks: drawn }) => `<g transform="translate(${left} ${top})">${drawn}</g>`,
  );
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height + strip.height}">${marks.join('')}${strip.draw(height)}</svg>`;
  return sharp({ create: { width, height: height + strip.height, channels: 3, background: colours.strip } })
    .composite([
      ...parts.map(({ left, top, width: partWidth, height: partHeight, pixels }) => ({
        input: Buffer.from(pixels.buffer, pixels.byteOffset, pixels.byteLength),
        raw: { width: partWidth, height: partHeight, channels: 3 as const },
        left,
        top,
      })),
      { input: Buffer.from(svg), left: 0, top: 0 },
    ])
    .png({ compressionLevel: 6 })
    .toBuffer();
}
