import { describe, expect, it } from 'vitest';
import { createRandom } from './random.js';

describe('createRandom', () => {
  it('repeats itself for a seed and differs between seeds', () => {
    const take = (seed: number) => {
      const random = createRandom(seed);
      return Array.from({ length: 8 }, () => random.bits());
    };
    expect(take(1)).toEqual(take(1));
    expect(take(1)).not.toEqual(take(2));
    expect(new Set([0, 1, 2, 3].map((seed) => take(seed)[0])).size).toBe(4);
  });

  it('fills its range evenly: chi-square over 64 cells, and bit by bit', () => {
    const random = createRandom(7);
    const draws = 64_000;
    const cells = new Array<number>(64).fill(0);
    const ones = new Array<number>(32).fill(0);
    for (let draw = 0; draw < draws; draw++) {
      const cell = random.below(64);
      cells[cell] = (cells[cell] ?? 0) + 1;
      const bits = random.bits();
      for (let bit = 0; bit < 32; bit++) ones[bit] = (ones[bit] ?? 0) + ((bits >>> bit) & 1);
    }
    const chiSquare = cells.reduce((sum, count) => sum + (count - draws / 64) ** 2 / (draws / 64), 0);
    // 1st and 99th percentile of chi-square with 63 degrees of freedom.
    expect(chiSquare).toBeGreaterThan(39);
    expect(chiSquare).toBeLessThan(93);
    for (const count of ones) expect(Math.abs(count / draws - 0.5)).toBeLessThan(0.01);
  });

  it('gives uniform numbers in [0, 1) with mean 1/2 and variance 1/12', () => {
    const random = createRandom(3);
    let sum = 0;
    let squares = 0;
    let outside = 0;
    for (let draw = 0; draw < 100_000; draw++) {
      const value = random.uniform();
      if (!(value >= 0 && value < 1)) outside++;
      sum += value;
      squares += value * value;
    }
    expect(outside).toBe(0);
    expect(sum / 1e5).toBeCloseTo(0.5, 2);
    expect(squares / 1e5 - (sum / 1e5) ** 2).toBeCloseTo(1 / 12, 2);
  });
});
