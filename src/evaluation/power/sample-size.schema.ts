import { z } from 'zod';

/** Result of `lucency sample-size --json`: the contract `lucency.sample-size/1`. */
export const sampleSizeSchema = z.object({
  schema: z.literal('lucency.sample-size/1'),
  measure: z.enum(['sensitivity', 'specificity']),
  expected: z.number(),
  interval: z.enum(['wilson', 'clopper-pearson', 'normal']),
  level: z.number(),
  /** Chance with which the aims are to be met. */
  power: z.number(),
  /** To put the whole interval above `atLeast`; null when not asked for. */
  show: z
    .object({
      atLeast: z.number(),
      cases: z.number().int(),
      /** Exact chance with that many cases. */
      power: z.number(),
      /** Fewest successes of `cases` that show it. */
      successesNeeded: z.number().int(),
    })
    .nullable(),
  /** To get an interval no wider than +- `within`; null when not asked for. */
  precision: z
    .object({
      within: z.number(),
      /** Enough when the expected proportion is found exactly. */
      casesAtExpected: z.number().int(),
      /** Enough with the chance `power`. */
      cases: z.number().int(),
      chance: z.number(),
    })
    .nullable(),
  /** Cases of the class that the measure is about (diseased for sensitivity), if all are independent. */
  independentCases: z.number().int(),
  /** 1 when cases are independent. */
  designEffect: z.number(),
  clusters: z.object({
    size: z.number(),
    icc: z.number(),
    sizeVariation: z.number(),
    /** Patients, when each brings `size` cases; null when cases are independent. */
    count: z.number().int().nullable(),
  }),
  /** Cases of the class after the design effect. */
  cases: z.number().int(),
  /** All cases to collect at the prevalence; null without one. */
  total: z
    .object({
      prevalence: z.number(),
      /** Gives the needed cases on average. */
      expected: z.number().int(),
      /** Gives them with the chance `power`. */
      assured: z.number().int(),
    })
    .nullable(),
});
export type SampleSize = z.infer<typeof sampleSizeSchema>;
