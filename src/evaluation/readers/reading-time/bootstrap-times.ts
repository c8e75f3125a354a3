import { acceleration, bcaInterval } from '../../bootstrap/bca.js';
import { createRandom } from '../../bootstrap/random.js';
import type { StudyCase } from '../reader-study.js';
import { meanOverReaders, type TimePair } from './paired-times.js';

export interface BootstrappedDifference {
  /** Mean difference in seconds. */
  readonly value: number;
  /** Bias-corrected and accelerated; null when all resamples give the same value. */
  readonly interval: [number, number] | null;
  readonly replicates: number;
  readonly seed: number;
}

/**
 * Mean difference of reading times with cases drawn anew within the diseased and within the normal ones, so that every
 * resample has the prevalence of the study; the readers stay the same.
 */
export function bootstrapTimes(
  pairs: readonly TimePair[],
  cases: readonly StudyCase[],
  options: { readonly replicates: number; readonly seed: number; readonly level: number },
): BootstrappedDifference {
  const { replicates, seed, level } = options;
  const value = meanOverReaders(pairs, () => 1);
  const timed = [...new Set(pairs.map((pair) => pair.case))];
  const strata = [0, 1].map((truth) => timed.filter((index) => cases[index]?.truth === truth));
  const random = createRandom(seed);
  const weights = new Float64Array(cases.length);
  const drawn: number[] = [];
  for (let replicate = 0; replicate < replicates; replicate++) {
    weights.fill(0);
    for (const stratum of strata) {
      for (let draw = 0; draw < stratum.length; draw++) {
        const index = stratum[random.below(stratum.length)] ?? 0;
        weights[index] = (weights[index] ?? 0) + 1;
      }
    }
    const mean = meanOverReaders(pairs, (pair) => weights[pair.case] ?? 0);
    // A resample may miss every case that a reader with few times has read.
    if (Number.isFinite(mean)) drawn.push(mean);
  }
  const sorted = Float64Array.from(drawn).sort();
  if (sorted.length < replicates * 0.9 || sorted[0] === sorted.at(-1)) {
    return { value, interval: null, replicates, seed };
  }
  const leftOut = Float64Array.from(timed, (left) =>
    meanOverReaders(pairs, (pair) => (pair.case === left ? 0 : 1)),
  );
  return { value, interval: bcaInterval(value, sorted, acceleration(leftOut), level), replicates, seed };
}
