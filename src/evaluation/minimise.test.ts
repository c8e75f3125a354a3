import { describe, expect, it } from 'vitest';
import { minimise, minimiseFromAll } from './minimise.js';

const get = (x: readonly number[], i: number) => x[i] ?? Number.NaN;

describe('minimise', () => {
  it('finds the minimum of the Rosenbrock valley', () => {
    const rosenbrock = (x: readonly number[]) =>
      100 * (get(x, 1) - get(x, 0) ** 2) ** 2 + (1 - get(x, 0)) ** 2;
    const { x, failure } = minimise(rosenbrock, [-1.2, 1]);
    expect(failure).toBeNull();
    expect(x[0]).toBeCloseTo(1, 7);
    expect(x[1]).toBeCloseTo(1, 7);
  });

  it('settles where an even function is flat at zero', () => {
    const { x, failure } = minimise((p) => get(p, 0) ** 2 + (get(p, 1) - 3) ** 2, [0.5, 0]);
    expect(failure).toBeNull();
    expect(x[0]).toBeCloseTo(0, 7);
    expect(x[1]).toBeCloseTo(3, 7);
  });

  it('says so when the function falls without end', () => {
    expect(minimise((p) => -get(p, 0), [0]).failure).not.toBeNull();
    expect(minimise(() => Number.NaN, [0]).failure).toMatch(/not finite/);
  });

  it('chooses the lower of two valleys', () => {
    const twoValleys = (p: readonly number[]) => (get(p, 0) ** 2 - 1) ** 2 + 0.3 * get(p, 0);
    expect(minimiseFromAll(twoValleys, [[0.8], [-0.8]]).x[0]).toBeLessThan(-0.9);
  });
});
