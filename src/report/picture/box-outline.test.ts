import { describe, expect, it } from 'vitest';
import { boxOutline, type PixelRect } from './box-outline.js';
import { overlap } from './label-layout.js';

const picture = { width: 200, height: 150, scaleX: 1, scaleY: 1 };

function area(rects: readonly PixelRect[]): number {
  return rects.reduce((sum, r) => sum + (r.right - r.left) * (r.bottom - r.top), 0);
}

describe('box outline', () => {
  it('leaves the pixels of the box to the finding', () => {
    const { inside, line, rim } = boxOutline([20, 30, 40, 25], picture, { thickness: 3, dashed: false });
    expect(inside).toEqual({ left: 20, top: 30, right: 60, bottom: 55 });
    for (const part of [...line, ...rim]) expect(overlap(part, inside)).toBe(false);
  });

  it('takes in every pixel that a box with fractions touches', () => {
    const { inside } = boxOutline([20.4, 30.6, 40.2, 25.1], picture, { thickness: 2, dashed: false });
    expect(inside).toEqual({ left: 20, top: 30, right: 61, bottom: 56 });
  });

  it('is scaled with the picture', () => {
    const half = { width: 100, height: 75, scaleX: 0.5, scaleY: 0.5 };
    const { inside } = boxOutline([20, 30, 40, 26], half, { thickness: 2, dashed: false });
    expect(inside).toEqual({ left: 10, top: 15, right: 30, bottom: 28 });
  });

  it('stays inside the picture when the box reaches its border or passes it', () => {
    for (const box of [
      [0, 0, 200, 150],
      [-10, -10, 400, 400],
      [190, 140, 30, 30],
    ] as [number, number, number, number][]) {
      const { line } = boxOutline(box, picture, { thickness: 3, dashed: true });
      for (const part of line) {
        expect(Math.min(part.left, part.top)).toBeGreaterThanOrEqual(0);
        expect(part.right).toBeLessThanOrEqual(200);
        expect(part.bottom).toBeLessThanOrEqual(150);
      }
    }
  });

  it('is broken into dashes when dashed, with the corners drawn', () => {
    const solid = boxOutline([20, 30, 60, 40], picture, { thickness: 2, dashed: false });
    const dashed = boxOutline([20, 30, 60, 40], picture, { thickness: 2, dashed: true });
    expect(dashed.line.length).toBeGreaterThan(12);
    expect(area(dashed.line) / area(solid.line)).toBeGreaterThan(0.4);
    expect(area(dashed.line) / area(solid.line)).toBeLessThan(0.75);
    const covers = (x: number, y: number): boolean =>
      dashed.line.some((r) => x >= r.left && x < r.right && y >= r.top && y < r.bottom);
    for (const [x, y] of [
      [18, 28],
      [81, 28],
      [18, 71],
      [81, 71],
    ] as const) {
      expect(covers(x, y)).toBe(true);
    }
  });

  it('still has a gap on each side of a tiny box', () => {
    const { line } = boxOutline([50, 50, 4, 4], picture, { thickness: 2, dashed: true });
    expect(line).toHaveLength(8);
    for (const part of line) expect(part.right > part.left && part.bottom > part.top).toBe(true);
  });
});
