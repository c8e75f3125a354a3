import type { HeatMap } from '../../core/heat-map.js';

/**
 * A heat map laid over a whole image: its values at the centres of `size.width` x `size.height` equal cells of the
 * image, interpolated between the centres of the map's cells, 0 where the map does not reach.
 *
 * @param image size of the image in pixels, which the map's affine refers to
 */
export function rasterHeatMap(
  map: HeatMap,
  image: { width: number; height: number },
  size: { width: number; height: number },
): Float32Array {
  const columns = axisSamples(size.width, image.width, map.affine.scaleX, map.affine.offsetX, map.width);
  const rows = axisSamples(size.height, image.height, map.affine.scaleY, map.affine.offsetY, map.height);
  const raster = new Float32Array(size.width * size.height);
  const at = (index: number): number => map.values[index] ?? 0;
  rows.forEach((row, y) => {
    if (!row) return;
    columns.forEach((column, x) => {
      if (!column) return;
      const upper = row.low * map.width;
      const lower = row.high * map.width;
      const above = at(upper + column.low) * (1 - column.share) + at(upper + column.high) * column.share;
      const below = at(lower + column.low) * (1 - column.share) + at(lower + column.high) * column.share;
      raster[y * size.width + x] = above * (1 - row.share) + below * row.share;
    });
  });
  return raster;
}

/** The two map cells that a sample lies between, and how near it is to the second; null outside of the map. */
interface AxisSample {
  readonly low: number;
  readonly high: number;
  readonly share: number;
}

function axisSamples(
  samples: number,
  imageLength: number,
  scale: number,
  offset: number,
  cells: number,
): (AxisSample | null)[] {
  return Array.from({ length: samples }, (_, index) => {
    const pixel = ((index + 0.5) * imageLength) / samples;
    const cell = (pixel - offset) / scale;
    if (!(cell >= 0 && cell <= cells)) return null;
    const fromCentre = Math.min(Math.max(cell - 0.5, 0), cells - 1);
    const low = Math.min(Math.floor(fromCentre), cells - 1);
    return { low, high: Math.min(low + 1, cells - 1), share: fromCentre - low };
  });
}
