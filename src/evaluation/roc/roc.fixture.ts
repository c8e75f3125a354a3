import { createRandom } from '../bootstrap/random.js';
import { normalQuantile } from '../distributions.js';

export function simulate(
  seed: number,
  n: number,
  separation: number,
  rounded = false,
): { scores: number[]; labels: number[] } {
  const random = createRandom(seed);
  const labels = Array.from({ length: n }, (_, index) => (index < n / 3 ? 1 : 0));
  const scores = labels.map((label) => {
    const score = separation * label + normalQuantile(random.uniform());
    return rounded ? Math.round(score * 2) / 2 : score;
  });
  return { scores, labels };
}
