import { normalQuantile } from '../distributions.js';
import { clopperPearsonInterval } from '../proportions/clopper-pearson.js';
import { wilsonInterval } from '../proportions/wilson.js';

export type ProportionMethod = 'wilson' | 'clopper-pearson' | 'normal';

/** The textbook interval p +- z sqrt(p (1 - p) / n); of width zero at 0 and n, so a poor guide there. */
function normalInterval(successes: number, trials: number, level: number): [number, number] {
  const p = successes / trials;
  const half = normalQuantile((1 + level) / 2) * Math.sqrt((p * (1 - p)) / trials);
  return [p - half, p + half];
}

/** Two-sided interval of a proportion by a named method. */
export function proportionInterval(
  method: ProportionMethod,
  successes: number,
  trials: number,
  level: number,
): [number, number] {
  switch (method) {
    case 'wilson':
      return wilsonInterval(successes, trials, level);
    case 'clopper-pearson':
      return clopperPearsonInterval(successes, trials, level);
    case 'normal':
      return normalInterval(successes, trials, level);
  }
}

/** Half the width of the interval. */
export function halfWidth(
  method: ProportionMethod,
  successes: number,
  trials: number,
  level: number,
): number {
  const [low, high] = proportionInterval(method, successes, trials, level);
  return (high - low) / 2;
}
