import type { Reading } from '../../core/reading.js';

/** A bar of a round length in mm. */
export interface ScaleBar {
  /** Length in picture pixels. */
  readonly length: number;
  /** Such as "20 mm" or "20 mm at detector" (a body part away from the detector is shown magnified). */
  readonly label: string;
}

const ROUND_LENGTHS_MM = [200, 100, 50, 20, 10, 5, 2, 1];

/**
 * The longest round scale bar of at most `share` of the picture's width; null where no spacing is known.
 *
 * @param scaleX picture pixels per image pixel
 */
export function scaleBar(image: Reading['image'], scaleX: number, share: number): ScaleBar | null {
  const columnSpacingMm = image.pixelSpacingMm?.[1];
  if (columnSpacingMm === undefined || !(columnSpacingMm > 0)) return null;
  const pixelsPerMm = scaleX / columnSpacingMm;
  const longest = image.width * scaleX * share;
  const millimetres = ROUND_LENGTHS_MM.find((length) => length * pixelsPerMm <= longest);
  if (millimetres === undefined) return null;
  const where = image.spacingSource === 'ImagerPixelSpacing' ? ' at detector' : '';
  return { length: Math.round(millimetres * pixelsPerMm), label: `${millimetres} mm${where}` };
}
