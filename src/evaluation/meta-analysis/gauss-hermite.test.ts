import { describe, expect, it } from 'vitest';
import { gaussHermite } from './gauss-hermite.js';

describe('gaussHermite', () => {
  it('integrates the even moments of exp(-x^2) exactly up to its degree', () => {
    for (const points of [1, 2, 5, 9, 20]) {
      const { nodes, weights } = gaussHermite(points);
      let moment = Math.sqrt(Math.PI);
      for (let degree = 0; degree <= 2 * points - 2; degree += 2) {
        const sum = nodes.reduce((total, x, i) => total + (weights[i] ?? 0) * x ** degree, 0);
        expect(sum / moment).toBeCloseTo(1, 10);
        moment *= (degree + 1) / 2;
      }
    }
  });

  it('is the mode alone with one point', () => {
    const { nodes, weights } = gaussHermite(1);
    expect(nodes[0]).toBeCloseTo(0, 14);
    expect(weights[0]).toBeCloseTo(Math.sqrt(Math.PI), 14);
  });
});
