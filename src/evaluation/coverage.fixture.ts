import { createRandom, type Random } from './bootstrap/random.js';
import { normalQuantile } from './distributions.js';

/** A standard normal number. */
export function normal(random: Random): number {
  return normalQuantile(Math.min(1 - 1e-12, Math.max(1e-12, random.uniform())));
}

/** Successes of `trials` at chance `p`. */
export function binomial(random: Random, trials: number, p: number): number {
  let successes = 0;
  for (let trial = 0; trial < trials; trial++) if (random.uniform() < p) successes++;
  return successes;
}

type Bounds = readonly [number | null | undefined, number | null | undefined] | null | undefined;

/** Does an interval hold a value? An interval without bounds does not. */
export function holds(bounds: Bounds, truth: number): boolean {
  const [lower, upper] = bounds ?? [null, null];
  return typeof lower === 'number' && typeof upper === 'number' && lower <= truth && truth <= upper;
}

/**
 * How often each of several intervals holds its truth in simulated studies, by name.
 *
 * @param study draws one study and says of each interval whether it holds
 */
export function coverage(
  runs: number,
  seed: number,
  study: (random: Random, run: number) => Readonly<Record<string, boolean>>,
): Record<string, number> {
  const hits: Record<string, number> = {};
  for (let run = 0; run < runs; run++) {
    for (const [name, hit] of Object.entries(study(createRandom(seed + run), run))) {
      hits[name] = (hits[name] ?? 0) + (hit ? 1 : 0);
    }
  }
  return Object.fromEntries(Object.entries(hits).map(([name, count]) => [name, count / runs]));
}
