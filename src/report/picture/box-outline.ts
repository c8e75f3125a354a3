import type { Box } from '../../core/box.js';

/** Whole-pixel rectangle of a picture: left, top (inclusive), right, bottom (exclusive). */
export interface PixelRect {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** The outline of one box as filled rectangles on whole pixels, so that nothing of it is blurred between two pixels. */
export interface BoxOutline {
  /** The pixels inside the line: the box itself, untouched. */
  readonly inside: PixelRect;
  readonly line: readonly PixelRect[];
  /** A dark rim outside of the line, so that it shows on bright bone as well. */
  readonly rim: readonly PixelRect[];
}

interface OutlineStyle {
  /** Line width in picture pixels. */
  readonly thickness: number;
  readonly dashed: boolean;
}

const DASH_TO_THICKNESS = 4;
const GAP_TO_THICKNESS = 3;

/**
 * Outline of a box on a picture. The line runs around the box and leaves every pixel of it visible, except where
 * the box touches the border of the picture: there the line lies just inside.
 *
 * @param box in image pixels
 * @param picture size in picture pixels, and picture pixels per image pixel in x and y
 */
export function boxOutline(
  box: Box,
  picture: { width: number; height: number; scaleX: number; scaleY: number },
  { thickness, dashed }: OutlineStyle,
): BoxOutline {
  const inside: PixelRect = {
    left: clamp(Math.floor(box[0] * picture.scaleX + 1e-6), thickness, picture.width - thickness),
    top: clamp(Math.floor(box[1] * picture.scaleY + 1e-6), thickness, picture.height - thickness),
    right: clamp(Math.ceil((box[0] + box[2]) * picture.scaleX - 1e-6), thickness, picture.width - thickness),
    bottom: clamp(
      Math.ceil((box[1] + box[3]) * picture.scaleY - 1e-6),
      thickness,
      picture.height - thickness,
    ),
  };
  const { left, top, right, bottom } = inside;
  const t = thickness;
  const across = spans(left - t, right + t, t, dashed);
  const down = spans(top - t, bottom + t, t, dashed);
  const line = [
    ...across.flatMap(([from, to]) => [
      { left: from, top: top - t, right: to, bottom: top },
      { left: from, top: bottom, right: to, bottom: bottom + t },
    ]),
    ...down.flatMap(([from, to]) => [
      { left: left - t, top: from, right: left, bottom: to },
      { left: right, top: from, right: right + t, bottom: to },
    ]),
  ];
  return { inside, line, rim: line.map((part) => rimOf(part, inside, Math.max(1, Math.round(t / 3)))) };
}

/** The rectangles as SVG path data. */
export function rectPath(rects: readonly PixelRect[]): string {
  return rects.map((r) => `M${r.left} ${r.top}H${r.right}V${r.bottom}H${r.left}Z`).join('');
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), Math.max(least, most));
}

/** Dashes from `from` to `to`, beginning and ending with a dash so that the corners are always drawn. */
function spans(from: number, to: number, thickness: number, dashed: boolean): [number, number][] {
  if (!dashed) return [[from, to]];
  const length = to - from;
  const gap = Math.min(GAP_TO_THICKNESS * thickness, length / 3);
  const count = Math.max(2, Math.round((length + gap) / (DASH_TO_THICKNESS * thickness + gap)));
  const dash = (length - (count - 1) * gap) / count;
  return Array.from({ length: count }, (_, index) => {
    const start = from + index * (dash + gap);
    return [Math.round(start), Math.round(start + dash)];
  });
}

/** A part of the line grown by `width` to every side but the box's. */
function rimOf(part: PixelRect, inside: PixelRect, width: number): PixelRect {
  return {
    left: part.left >= inside.right ? part.left : part.left - width,
    top: part.top >= inside.bottom ? part.top : part.top - width,
    right: part.right <= inside.left ? part.right : part.right + width,
    bottom: part.bottom <= inside.top ? part.bottom : part.bottom + width,
  };
}
