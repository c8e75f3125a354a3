import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { resizeBilinear } from './resize.js';

interface Case {
  readonly width: number;
  readonly height: number;
  readonly outWidth: number;
  readonly outHeight: number;
  readonly expected: readonly number[];
}

const fixture = JSON.parse(readFileSync(new URL('./resize.fixture.json', import.meta.url), 'utf8')) as {
  readonly cases: readonly Case[];
};

/** The generator that made the fixture's inputs: 16-bit values. */
function generatedValues(count: number, seed: number): Uint16Array {
  let state = seed;
  return Uint16Array.from({ length: count }, () => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return (state >>> 15) & 0xffff;
  });
}

function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  let largest = 0;
  for (let index = 0; index < a.length; index += 1) {
    largest = Math.max(largest, Math.abs((a[index] ?? Number.NaN) - (b[index] ?? Number.NaN)));
  }
  return largest;
}

describe('resizeBilinear', () => {
  it.each(fixture.cases)(
    'gives what torch gives for $width x $height -> $outWidth x $outHeight',
    (example) => {
      const { width, height, outWidth, outHeight, expected } = example;
      const values = generatedValues(width * height, width * 1000 + height);
      const unit = Float32Array.from(values, (value) => value / 65535);
      expect(
        largestDifference(resizeBilinear(unit, width, height, outWidth, outHeight), expected),
      ).toBeLessThan(1e-5);
      const fromIntegers = resizeBilinear(values, width, height, outWidth, outHeight);
      const scaled = fromIntegers.map((value) => value / 65535);
      expect(largestDifference(scaled, expected)).toBeLessThan(1e-5);
    },
  );

  it('keeps a constant image constant at every size', () => {
    const flat = new Float32Array(37 * 11).fill(0.25);
    for (const size of [1, 5, 37, 90]) {
      for (const value of resizeBilinear(flat, 37, 11, size, size)) expect(value).toBeCloseTo(0.25, 6);
    }
  });

  it('leaves an image alone when its size does not change', () => {
    const values = generatedValues(13 * 9, 3);
    expect(Array.from(resizeBilinear(values, 13, 9, 13, 9))).toEqual(Array.from(values));
  });
});
