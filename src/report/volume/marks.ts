import type { Finding } from '../../core/reading.js';
import { colours } from '../picture/colours.js';
import type { Glyphs } from '../picture/glyphs.js';

/** Text with a dark plate below it; its left upper corner at (x, y). */
export function plate(
  text: string,
  x: number,
  y: number,
  size: number,
  colour: string,
  glyphs: Glyphs,
): string {
  const width = glyphs.measure(text, size) + size * 0.6;
  return (
    `<rect x="${x.toFixed(1)}" y="${y.toFixed(1)}" width="${width.toFixed(1)}" height="${(size * 1.35).toFixed(1)}" fill="${colours.plate}" fill-opacity="0.75"/>` +
    glyphs.draw(text, x + size * 0.3, y + size * 1.02, size, colour)
  );
}

/** A rectangle around a finding: solid where definite, dashed where doubtful, on a dark rim. */
export function outline(finding: Finding, x: number, y: number, width: number, height: number): string {
  const dash = finding.certainty === 'definite' ? '' : ' stroke-dasharray="6 4"';
  const place = `x="${x.toFixed(1)}" y="${y.toFixed(1)}" width="${width.toFixed(1)}" height="${height.toFixed(1)}" fill="none"`;
  return (
    `<rect ${place} stroke="${colours.rim}" stroke-opacity="0.6" stroke-width="4"/>` +
    `<rect ${place} stroke="${colours[finding.certainty]}" stroke-width="2"${dash}/>`
  );
}

/** A ring around a finding with its number beside it, inside of a picture `width` wide. */
export function ring(finding: Finding, x: number, y: number, width: number, glyphs: Glyphs): string {
  const radius = 9;
  const dash = finding.certainty === 'definite' ? '' : ' stroke-dasharray="5 3"';
  const circle = `cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="${radius}" fill="none"`;
  const colour = colours[finding.certainty];
  const text = String(finding.id);
  const room = glyphs.measure(text, 13) + 8;
  const left = x + radius + 3 + room < width ? x + radius + 3 : x - radius - 3 - room;
  return (
    `<circle ${circle} stroke="${colours.rim}" stroke-opacity="0.6" stroke-width="4"/>` +
    `<circle ${circle} stroke="${colour}" stroke-width="2"${dash}/>` +
    plate(text, left, y - 9, 13, colour, glyphs)
  );
}
