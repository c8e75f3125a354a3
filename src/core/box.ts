import { z } from 'zod';

/**
 * Axis-aligned rectangle in pixels of the stored image: `[x, y, width, height]`, x and y of the top left
 * corner, x to the right and y down, before any resizing. Fractions of a pixel are allowed.
 */
export const boxSchema = z.tuple([
  z.number(),
  z.number(),
  z.number().nonnegative(),
  z.number().nonnegative(),
]);
export type Box = z.infer<typeof boxSchema>;

/** Area of a box in square pixels. */
export function boxArea([, , width, height]: Box): number {
  return width * height;
}

/** Area that two boxes share, in square pixels; 0 when they do not touch. */
export function intersectionArea(a: Box, b: Box): number {
  const width = Math.min(a[0] + a[2], b[0] + b[2]) - Math.max(a[0], b[0]);
  const height = Math.min(a[1] + a[3], b[1] + b[3]) - Math.max(a[1], b[1]);
  return width > 0 && height > 0 ? width * height : 0;
}

/** Intersection over union of two boxes, 0 to 1; 0 when both are empty. */
export function intersectionOverUnion(a: Box, b: Box): number {
  const shared = intersectionArea(a, b);
  const union = boxArea(a) + boxArea(b) - shared;
  return union > 0 ? shared / union : 0;
}

/** The part of a box that lies inside an image of `width` x `height` pixels. */
export function clipBox([x, y, w, h]: Box, width: number, height: number): Box {
  const left = Math.min(Math.max(x, 0), width);
  const top = Math.min(Math.max(y, 0), height);
  const right = Math.min(Math.max(x + w, left), width);
  const bottom = Math.min(Math.max(y + h, top), height);
  return [left, top, right - left, bottom - top];
}
