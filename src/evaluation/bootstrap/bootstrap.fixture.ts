import { normalQuantile } from '../distributions.js';
import { makeScoredSet, type ScoredSet } from '../roc/scored-set.js';
import { createRandom } from './random.js';
import type { WeightedStatistic } from './weighted-statistic.js';

export interface Plan {
  seed: number;
  patients: number;
  images: number;
  separation: number;
  rounded?: boolean;
}

export function simulate({ seed, patients, images, separation, rounded = false }: Plan): ScoredSet {
  const random = createRandom(seed);
  const scores: number[] = [];
  const labels: number[] = [];
  const groups: number[] = [];
  for (let patient = 0; patient < patients; patient++) {
    const shared = Math.SQRT1_2 * normalQuantile(random.uniform());
    for (let image = 0; image < images; image++) {
      const label = patient % 3 === 0 ? 1 : 0;
      const score = separation * label + shared + Math.SQRT1_2 * normalQuantile(random.uniform());
      labels.push(label);
      groups.push(patient);
      scores.push(rounded ? Math.round(score * 2) / 2 : score);
    }
  }
  return makeScoredSet(scores, labels, groups);
}

/** The mean of one number per group: its bootstrap has known answers. */
export function meanStatistic(values: number[]): WeightedStatistic {
  return {
    size: 1,
    cost: values.length,
    compute(weights, out, offset) {
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      out[offset] = values.reduce((sum, value, group) => sum + value * (weights[group] ?? 0), 0) / total;
    },
  };
}
