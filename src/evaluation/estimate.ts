import { z } from 'zod';

/** A number with its confidence interval. */
export const estimateSchema = z
  .object({ value: z.number(), interval: z.tuple([z.number(), z.number()]) })
  .meta({ id: 'estimate' });
export type Estimate = z.infer<typeof estimateSchema>;

/** A monotone function of an estimate and of its limits, the smaller limit first. */
export function mapEstimate({ value, interval: [low, high] }: Estimate, f: (x: number) => number): Estimate {
  const limits: [number, number] = [f(low), f(high)];
  return { value: f(value), interval: limits[0] <= limits[1] ? limits : [limits[1], limits[0]] };
}

/** The symmetric interval `value` +- `quantile` * `error`. */
export function symmetricEstimate(value: number, error: number, quantile: number): Estimate {
  return { value, interval: [value - quantile * error, value + quantile * error] };
}
