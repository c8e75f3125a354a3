import { createRandom } from '../bootstrap/random.js';
import { normalQuantile } from '../distributions.js';
import { makeScoredSet, type ScoredSet } from '../roc/scored-set.js';

export const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

/** Truth drawn from `sigmoid(intercept + slope * logit)`, where the score is `sigmoid(logit)`. */
export function simulate(seed: number, n: number, intercept: number, slope: number, perGroup = 1): ScoredSet {
  const random = createRandom(seed);
  const logits = Array.from({ length: n }, () => 1.5 * normalQuantile(random.uniform()) - 1);
  const labels = logits.map((logit) => (random.uniform() < sigmoid(intercept + slope * logit) ? 1 : 0));
  return makeScoredSet(
    logits.map(sigmoid),
    labels,
    logits.map((_, item) => Math.floor(item / perGroup)),
  );
}
