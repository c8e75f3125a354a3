import type { HeatMap } from './heat-map.js';

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
  const { values } = map;
  for (let y = 0; y < size.height; y++) {
    const row = rows[y];
    if (!row) continue;
    const upper = row.low * map.width;
    const lower = row.high * map.width;
    for (let x = 0; x < size.width; x++) {
      const column = columns[x];
      if (!column) continue;
      const { low, high, share } = column;
      const above = (values[upper + low] ?? 0) * (1 - share) + (values[upper + high] ?? 0) * share;
      const below = (values[lower + low] ?? 0) * (1 - share) + (values[lower + high] ?? 0) * share;
      raster[y * size.width + x] = above * (1 - row.share) + below * row.share;
    }
  }
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
