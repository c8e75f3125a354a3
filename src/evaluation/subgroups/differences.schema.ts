import { z } from 'zod';
import { figureSchema } from '../figure.schema.js';

/** One test of one difference. */
export const testSchema = z.object({
  /** Such as "DeLong, paired, by group"; "McNemar, exact"; "permutation by group". */
  test: z.string(),
  statistic: z.number().nullable(),
  p: z.number().nullable(),
  /** Holm-corrected over the tests of the same kind in the same table. */
  adjustedP: z.number().nullable(),
  reason: z.string().optional(),
});
export type DifferenceTest = z.infer<typeof testSchema>;

/** A difference of one measure between two models, or between a subgroup and the rest. */
export const differenceSchema = z
  .object({
    /** `auc`, `averagePrecision`, `sensitivity`, `specificity`, `accuracy`. */
    measure: z.string(),
    /** Name of the operating point; null for measures without one. */
    operatingPoint: z.string().nullable(),
    /** What is compared: the first less the second. */
    first: z.string(),
    second: z.string(),
    firstValue: z.number().nullable(),
    secondValue: z.number().nullable(),
    difference: figureSchema,
    tests: z.array(testSchema),
  })
  .meta({ id: 'difference' });
export type Difference = z.infer<typeof differenceSchema>;

export const modelComparisonSchema = z.object({
  /** Images that both models have scored. */
  items: z.number().int().nonnegative(),
  groups: z.number().int().nonnegative(),
  differences: z.array(differenceSchema),
});
export type ModelComparison = z.infer<typeof modelComparisonSchema>;
