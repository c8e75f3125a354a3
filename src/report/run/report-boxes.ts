import type { Finding, Reading } from '../../core/reading.js';
import { html, type SafeHtml } from './safe-html.js';

export interface BoxesOptions {
  /** Size at which the picture is shown, in CSS pixels, when the page does not size it. */
  readonly width?: number;
  readonly height?: number;
  /** Whether each box carries the number of its finding. */
  readonly tags: boolean;
}

/**
 * The boxes of a reading as a layer that is laid over the picture: solid = definite, dashed = doubtful, in pixels of
 * the image, so that it fits at any size. Every box has a dark line below the coloured one, to show on bright bone.
 */
export function boxesSvg(reading: Reading, options: BoxesOptions): SafeHtml {
  const { width, height } = reading.image;
  const size =
    options.width === undefined || options.height === undefined
      ? null
      : html` width="${options.width}" height="${options.height}"`;
  const findings = reading.findings.filter((finding) => finding.certainty !== 'candidate');
  return html`<svg class="boxes"${size} viewBox="0 0 ${width} ${height}" preserveAspectRatio="none" aria-hidden="true" focusable="false">${findings.map((finding) => boxMark(finding, { width, height }, options.tags))}</svg>`;
}

/** Side of a tag as a share of the picture's longer side. */
const TAG_SHARE = 0.045;

function boxMark(finding: Finding, image: { width: number; height: number }, tag: boolean): SafeHtml | null {
  if (!finding.box) return null;
  const [x, y, width, height] = finding.box;
  const place = html`x="${x}" y="${y}" width="${width}" height="${height}"`;
  return html`<rect class="rim" ${place}/><rect class="line ${finding.certainty}" ${place}/>${tag ? boxTag(finding, image) : null}`;
}

/** The number of the finding, beside the box and inside the picture. */
function boxTag(finding: Finding, image: { width: number; height: number }): SafeHtml | null {
  if (!finding.box) return null;
  const [x, y, width, height] = finding.box;
  const side = Math.max(image.width, image.height) * TAG_SHARE;
  const gap = side * 0.12;
  const left = x - side - gap >= 0 ? x - side - gap : Math.min(x + width + gap, image.width - side);
  const top = Math.max(0, Math.min(x - side - gap >= 0 ? y : y + height - side, image.height - side));
  const digits = String(finding.id);
  const fontSize = side * (digits.length > 2 ? 0.5 : 0.75);
  return html`<g class="tag ${finding.certainty}"><rect x="${round(left)}" y="${round(top)}" width="${round(side)}" height="${round(side)}"/><text x="${round(left + side / 2)}" y="${round(top + side / 2 + fontSize * 0.35)}" font-size="${round(fontSize)}" text-anchor="middle">${digits}</text></g>`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
