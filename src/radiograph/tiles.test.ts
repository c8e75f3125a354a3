import { describe, expect, it } from 'vitest';
import { planTiles } from './tiles.js';

describe('tiles', () => {
  it('are not used while the whole image keeps a quarter of its scale', () => {
    expect(planTiles(2048, 1500, 512)).toEqual([]);
  });

  it('cover every pixel of a larger image and stay inside it', () => {
    const [width, height] = [2900, 2304];
    const tiles = planTiles(width, height, 512);
    const covered = new Uint8Array(width * height);
    for (const [x, y, w, h] of tiles) {
      expect(x + w).toBeLessThanOrEqual(width);
      expect(y + h).toBeLessThanOrEqual(height);
      for (let row = y; row < y + h; row++) covered.fill(1, row * width + x, row * width + x + w);
    }
    expect(covered.every((value) => value === 1)).toBe(true);
  });

  it('overlap by at least a quarter of their side', () => {
    const columns = [...new Set(planTiles(4000, 900, 512).map(([x]) => x))];
    const steps = columns.slice(1).map((x, i) => x - (columns[i] ?? 0));
    expect(Math.max(...steps)).toBeLessThanOrEqual(768);
  });
});
