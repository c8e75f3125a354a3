import { describe, expect, it } from 'vitest';
import { centreAt, locate, newTubePoint, outerRadiusAt, tubeOf } from './radial-tube.js';

const leaning = tubeOf(-50, 50, 2, (z) => ({
  x: 0.1 * z,
  y: 3,
  trabecular: 0.5,
  outer: () => 12,
  inner: () => 8,
}));

describe('a tube given by radii', () => {
  it('tells how far a point lies from its surface and from its inside', () => {
    const point = newTubePoint();
    expect(locate(leaning, 2 + 15, 3, 20, 10, point)).toBe(true);
    expect(point.outside).toBeCloseTo(3, 4);
    expect(point.beyondInner).toBeCloseTo(7, 4);
    expect(point.angle).toBeCloseTo(0, 6);
    expect(point.trabecular).toBeCloseTo(0.5, 6);
  });

  it('does not look closer at points that are out of reach', () => {
    expect(locate(leaning, 60, 3, 0, 10, newTubePoint())).toBe(false);
  });

  it('goes on straight beyond its ends', () => {
    expect(centreAt(leaning, 500)[0]).toBeCloseTo(5, 1);
    expect(outerRadiusAt(leaning, 500, 1)).toBe(12);
  });
});
