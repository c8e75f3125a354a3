import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { rasterHeatMap } from '../../core/heat-map-raster.js';
import { heatMapMeaning, scaleEnd, topOfScale } from '../../core/heat-map-words.js';
import { heatAlpha, heatColour, heatPixels } from './colour-map.js';
import { heatMapOverlay, heatMapPicture } from './heat-map.js';
import { sampleHeatMap, sampleRadiograph } from './sample.fixture.js';

describe('heat map over an image', () => {
  const image = { width: 120, height: 90 };

  it('puts each cell where its affine says', () => {
    const affine = { scaleX: 20, scaleY: 25, offsetX: -10, offsetY: 5 };
    const map = sampleHeatMap(image, 6, 3, (column, row) => (column === 3 && row === 1 ? 1 : 0), { affine });
    const raster = rasterHeatMap(map, image, image);
    const peak = raster.indexOf(Math.max(...raster));
    // The centre of cell (3, 1): x = 20 * 3.5 - 10 = 60, y = 25 * 1.5 + 5 = 42.5.
    expect([59, 60]).toContain(peak % 120);
    expect(Math.floor(peak / 120)).toBe(42);
    // Half way to the next cell it has fallen to a half (pixel centres lie half a pixel beside it).
    expect(raster[42 * 120 + 70]).toBeCloseTo(0.475, 3);
  });

  it('is exact for values that change evenly, between the outer cell centres', () => {
    const affine = { scaleX: 10, scaleY: 9, offsetX: 0, offsetY: 0 };
    const map = sampleHeatMap(image, 12, 10, (column, row) => 2 * column + 3 * row, { affine });
    const size = { width: 60, height: 45 };
    const raster = rasterHeatMap(map, image, size);
    for (let y = 3; y < 42; y++) {
      for (let x = 3; x < 57; x++) {
        const expected = 2 * (((x + 0.5) * 2) / 10 - 0.5) + 3 * (((y + 0.5) * 2) / 9 - 0.5);
        expect(raster[y * 60 + x]).toBeCloseTo(expected, 4);
      }
    }
  });

  it('says nothing where the map does not reach', () => {
    const affine = { scaleX: 10, scaleY: 10, offsetX: 40, offsetY: 20 };
    const raster = rasterHeatMap(
      sampleHeatMap(image, 4, 4, () => 1, { affine }),
      image,
      image,
    );
    expect(raster[25 * 120 + 39]).toBe(0);
    expect(raster[25 * 120 + 40]).toBe(1);
    expect(raster[59 * 120 + 79]).toBe(1);
    expect(raster[60 * 120 + 79]).toBe(0);
  });

  it('leaves out the padding of a letterboxed map', () => {
    // A square input of 12 x 12 cells over a 120 x 90 image: 10 pixels a cell, 1.5 cells of padding above and below.
    const affine = { scaleX: 10, scaleY: 10, offsetX: 0, offsetY: -15 };
    const map = sampleHeatMap(image, 12, 12, (_, row) => (row < 1 || row > 10 ? 1 : 0), { affine });
    const raster = rasterHeatMap(map, image, image);
    expect(Math.max(...raster.subarray(120 * 10, 120 * 80))).toBe(0);
  });

  it('is an overlay of the whole image, transparent where the map is zero', async () => {
    const affine = { scaleX: 20, scaleY: 25, offsetX: -10, offsetY: 5 };
    const map = sampleHeatMap(image, 6, 3, (column, row) => (column === 3 && row === 1 ? 0.2 : 0), {
      affine,
    });
    const png = await heatMapOverlay(map, image);
    const { data, info } = await sharp(png).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
    expect([info.width, info.height]).toEqual([120, 90]);
    let weight = 0;
    let x = 0;
    let y = 0;
    for (let index = 0; index < 120 * 90; index++) {
      const alpha = data[index * 4 + 3] ?? 0;
      weight += alpha;
      x += alpha * ((index % 120) + 0.5);
      y += alpha * (Math.floor(index / 120) + 0.5);
    }
    expect(x / weight).toBeCloseTo(60, 0);
    expect(y / weight).toBeCloseTo(42.5, 0);
    expect(data[3]).toBe(0);
  });

  it('keeps an overlay modest', async () => {
    const big = { width: 2304, height: 2880 };
    const png = await heatMapOverlay(
      sampleHeatMap(big, 20, 20, (column, row) => column * row),
      big,
    );
    const info = await sharp(png).metadata();
    expect(Math.max(info.width, info.height)).toBe(256);
    expect(png.length).toBeLessThan(40_000);
  });
});

describe('heat map picture', () => {
  const radiograph = sampleRadiograph(800, 600);

  async function pixels(png: Uint8Array): Promise<{ data: Buffer; width: number; height: number }> {
    const { data, info } = await sharp(png).removeAlpha().raw().toBuffer({ resolveWithObject: true });
    return { data, width: info.width, height: info.height };
  }

  it('colours the image where the map is high and leaves it grey where it is zero', async () => {
    const map = sampleHeatMap(radiograph, 8, 6, (column) => (column >= 4 ? 1 : 0));
    const { data, width, height } = await pixels(await heatMapPicture(radiograph, map));
    expect(width).toBe(800);
    expect(height).toBeGreaterThan(640);
    const at = (x: number, y: number): number[] => [
      ...data.subarray((y * width + x) * 3, (y * width + x) * 3 + 3),
    ];
    const grey = (radiograph.pixels[300 * 800 + 100] ?? 0) >> 8;
    expect(at(100, 300)).toEqual([grey, grey, grey]);
    const [red = 0, green = 0, blue = 0] = at(700, 300);
    expect(red - blue).toBeGreaterThan(60);
    expect(green - blue).toBeGreaterThan(60);
  });

  it('shows the image alone, and says so, when the map is empty', async () => {
    const map = sampleHeatMap(radiograph, 8, 6, () => 0);
    const { data, width } = await pixels(await heatMapPicture(radiograph, map));
    for (let x = 0; x < 800; x += 13) {
      const grey = (radiograph.pixels[100 * 800 + x] ?? 0) >> 8;
      expect(data[(100 * width + x) * 3]).toBe(grey);
    }
  });

  it('scales Grad-CAM by its own maximum and scores by a round number that is said', () => {
    const top = (method: 'grad-cam' | 'detector-scores', highest: number) =>
      topOfScale({ method, values: Float32Array.of(0, highest, highest / 2) });
    expect(top('grad-cam', 0.25)).toBe(0.25);
    expect([0, 0.001, 0.09, 0.15, 0.3, 0.9, 2].map((highest) => top('detector-scores', highest))).toEqual([
      0, 0.1, 0.1, 0.2, 0.5, 1, 2,
    ]);
    expect([scaleEnd('grad-cam', 1.267), scaleEnd('detector-scores', 0.2)]).toEqual(['highest (1.3)', '0.2']);
  });

  it('says what a map is not', () => {
    for (const method of ['grad-cam', 'detector-scores'] as const) {
      expect(heatMapMeaning({ method, model: 'm', findingId: null })).toContain(
        'does not outline a fracture',
      );
    }
  });
});

describe('colours of a heat map', () => {
  it('are viridis (values of matplotlib)', () => {
    expect([0, 0.5, 1].map(heatColour)).toEqual(['#440154', '#21918c', '#fde725']);
  });

  it('grow lighter all the way, so that they can be read without colour', () => {
    const lightness = Array.from({ length: 256 }, (_, step) => {
      const [r = 0, g = 0, b = 0] = heatPixels(Float32Array.of(step / 255), 1);
      const linear = (channel: number): number => (channel / 255) ** 2.2;
      return 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
    });
    for (let step = 1; step < 256; step++) {
      expect(lightness[step]).toBeGreaterThanOrEqual((lightness[step - 1] ?? 0) - 1e-3);
    }
  });

  it('are transparent at zero and let the bone through at the top', () => {
    expect(heatAlpha(0)).toBe(0);
    expect(heatAlpha(1)).toBeLessThan(0.75);
  });
});
