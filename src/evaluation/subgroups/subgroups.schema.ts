import { z } from 'zod';
import { figureSchema } from '../figure.schema.js';
import { namedThresholdSchema } from '../operating-point.schema.js';
import { differenceSchema } from './differences.schema.js';

const count = z.number().int().nonnegative();

export const subgroupPointSchema = namedThresholdSchema.extend({
  sensitivity: figureSchema,
  specificity: figureSchema,
  positivePredictiveValue: figureSchema,
  negativePredictiveValue: figureSchema,
});

/** One value of a column. Figures that rest on fewer cases than the stated minimum are null: "too few to say". */
export const subgroupSchema = z.object({
  value: z.string(),
  items: count,
  positives: count,
  negatives: count,
  groups: count,
  auc: figureSchema,
  averagePrecision: figureSchema,
  operatingPoints: z.array(subgroupPointSchema),
  /** Null without boxes. */
  lesions: z
    .object({
      lesions: count,
      ap50: figureSchema,
      /** FROC sensitivity at 0.5 false positives per image. */
      sensitivityAtHalf: figureSchema,
    })
    .nullable(),
});
export type Subgroup = z.infer<typeof subgroupSchema>;

/** Everything broken down by one column. */
export const breakdownSchema = z.object({
  column: z.string(),
  subgroups: z.array(subgroupSchema),
  /** Each subgroup against all other images. */
  differences: z.array(differenceSchema),
});
export type Breakdown = z.infer<typeof breakdownSchema>;
