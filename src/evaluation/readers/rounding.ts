/**
 * Differences that are nothing in exact arithmetic come out as some 1e-16 of what they were taken of. Ratios of two such
 * remainders look like test statistics and are noise.
 */
const relativeNoise = 1e-12;

/** `value`, or 0 where it is no more than the rounding of numbers as large as `scale`. */
export function aboveRounding(value: number, scale: number): number {
  return Math.abs(value) <= relativeNoise * Math.abs(scale) ? 0 : value;
}

/** As `aboveRounding`, for a sum of squared differences of numbers whose squares sum to `scale`. */
export function squaresAboveRounding(sum: number, scale: number): number {
  return sum <= relativeNoise ** 2 * scale ? 0 : sum;
}
