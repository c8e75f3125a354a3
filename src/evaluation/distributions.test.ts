import chisquare from '@stdlib/stats-base-dists-chisquare';
import { describe, expect, it } from 'vitest';
import {
  chiSquareQuantile,
  chiSquareUpperTail,
  fQuantile,
  fUpperTail,
  normalQuantile,
  normalTwoSidedP,
  tQuantile,
  tTwoSidedP,
} from './distributions.js';

describe('distributions', () => {
  it('gives the chi-square tail of the library where that has digits, for odd and even degrees', () => {
    for (const degrees of [1, 2, 3, 4, 7, 13, 40]) {
      for (const value of [0.1, 1, 5, 20]) {
        expect(chiSquareUpperTail(value, degrees)).toBeCloseTo(1 - chisquare.cdf(value, degrees), 12);
      }
    }
  });

  it('keeps the digits of p values far below 1e-16', () => {
    // exp(-100) for two degrees of freedom.
    expect(chiSquareUpperTail(200, 2) / 3.720075976020836e-44).toBeCloseTo(1, 10);
    expect(normalTwoSidedP(-20) / 5.507248237212467e-89).toBeCloseTo(1, 10);
  });

  it('meets the textbook quantiles', () => {
    expect(normalQuantile(0.975)).toBeCloseTo(1.959963984540054, 12);
    expect(tQuantile(0.975, 10)).toBeCloseTo(2.2281388519649385, 10);
    expect(tQuantile(0.975, Number.POSITIVE_INFINITY)).toBeCloseTo(1.959963984540054, 12);
    expect(chiSquareQuantile(0.95, 2)).toBeCloseTo(5.991464547107979, 10);
    expect(fQuantile(0.95, 2, Number.POSITIVE_INFINITY)).toBeCloseTo(5.991464547107979 / 2, 10);
  });

  it('ties F with one numerator degree to the square of t', () => {
    expect(fUpperTail(2.5 ** 2, 1, 15.3)).toBeCloseTo(tTwoSidedP(2.5, 15.3), 12);
    expect(fUpperTail(4, 1, Number.POSITIVE_INFINITY)).toBeCloseTo(normalTwoSidedP(2), 12);
  });
});
