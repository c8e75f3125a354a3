/** Beyond this many cases a study is not planned but abandoned. */
export const sampleLimit = 1_000_000;

/**
 * The smallest n from which a condition holds for good, or null above the limit. Conditions on binomial counts jump up
 * and down as n grows, so the last failure is looked for in a band beyond the first success, not assumed away.
 *
 * @param guess rough answer from a normal approximation; the search starts well below it, but not among the few cases
 *   where intervals of width zero meet any condition
 * @param period rough distance, in cases, between two jumps
 */
export function smallestSample(holds: (n: number) => boolean, guess: number, period: number): number | null {
  let high = Math.max(1, Math.floor(guess / 2));
  let low = 0;
  while (!(holds(high) && holds(Math.ceil(high * 1.1)) && holds(Math.ceil(high * 1.2)))) {
    low = high;
    high *= 2;
    if (high > sampleLimit) return null;
  }
  let top = high;
  while (top - low > 1) {
    const middle = Math.floor((low + top) / 2);
    if (holds(middle)) top = middle;
    else low = middle;
  }
  const band = Math.ceil(top * 1.1 + 8 * period);
  for (let n = band; n >= 1; n--) if (!holds(n)) return n + 1;
  return 1;
}
