/** A floating map over an image, such as a Grad-CAM: low resolution, tied to image pixels by its affine. */
export interface HeatMap {
  /** Model id that it explains. */
  readonly model: string;
  /** Finding that it belongs to; null for a map of the whole image. */
  readonly findingId: number | null;
  readonly method: 'grad-cam' | 'detector-scores';
  readonly width: number;
  readonly height: number;
  /** Row-major, `width * height`, non-negative, in the method's own units (not stretched to 0..1). */
  readonly values: Float32Array;
  /**
   * Map cell (column, row), measured from the corner of the map, to image pixels, measured from the corner of the
   * image: `x = scaleX * column + offsetX`, `y = scaleY * row + offsetY`. The centre of the first cell is (0.5, 0.5).
   */
  readonly affine: { scaleX: number; scaleY: number; offsetX: number; offsetY: number };
}
