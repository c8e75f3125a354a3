/** Size of a picture made of an image, and how many picture pixels stand for one image pixel. */
export interface PictureScale {
  readonly scale: number;
  readonly width: number;
  readonly height: number;
}

/** Small images are enlarged by whole numbers up to about this longer side, so that lines and letters stay legible. */
const SMALLEST_LONGER_SIDE = 800;
const LARGEST_ENLARGEMENT = 8;

/**
 * Picture size for an image of `width` x `height` pixels: enlarged by a whole number when it is small, reduced when
 * its longer side passes `maxSide`, else pixel for pixel.
 */
export function pictureScale(width: number, height: number, maxSide: number): PictureScale {
  const longer = Math.max(width, height);
  if (longer > maxSide) return scaled(width, height, maxSide / longer);
  const wanted = Math.ceil(Math.min(SMALLEST_LONGER_SIDE, maxSide) / longer);
  return scaled(
    width,
    height,
    Math.max(1, Math.min(wanted, LARGEST_ENLARGEMENT, Math.floor(maxSide / longer))),
  );
}

/** Picture size at a given number of picture pixels per image pixel. */
export function scaled(width: number, height: number, scale: number): PictureScale {
  return {
    scale,
    width: Math.max(1, Math.round(width * scale)),
    height: Math.max(1, Math.round(height * scale)),
  };
}

/** A picture is at least this many text sizes wide, so that the words below it find room. */
export const NARROWEST_IN_TEXT_SIZES = 26;

/** Text size that stays legible when the whole picture is looked at on a screen; whole pixels. */
export function textSize({ width, height }: { width: number; height: number }): number {
  return Math.max(13, Math.round(Math.min(Math.sqrt(width * height) / 50, width / NARROWEST_IN_TEXT_SIZES)));
}
