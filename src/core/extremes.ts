/*
 * largest(values) puts every value on the stack and ends with a RangeError above some hundred thousand; these go
 * through them. As Math.max and Math.min, they give NaN where a value is NaN, and infinity where there is none.
 */

/** Largest of the values and of `start`. */
export function largest(values: Iterable<number>, start = Number.NEGATIVE_INFINITY): number {
  let found = start;
  for (const value of values) found = Math.max(found, value);
  return found;
}

/** Smallest of the values and of `start`. */
export function smallest(values: Iterable<number>, start = Number.POSITIVE_INFINITY): number {
  let found = start;
  for (const value of values) found = Math.min(found, value);
  return found;
}
