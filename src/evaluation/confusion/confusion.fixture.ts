import { intervalOf } from '../figure.js';
import type { Figure, IntervalMethod } from '../figure.schema.js';

export function covers(figure: Figure, method: IntervalMethod, truth: number): boolean {
  const interval = intervalOf(figure, method);
  return interval !== null && interval.lower <= truth && truth <= interval.upper;
}
