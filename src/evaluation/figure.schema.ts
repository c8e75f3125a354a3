import { z } from 'zod';

/**
 * How an interval was made: `wilson`, `clopper-pearson` (proportions, images taken as independent), `delong` (AUC,
 * independent images), `delong-clustered` (AUC, images of one group may be alike; Obuchowski 1997), `bca` (bootstrap of
 * groups, bias-corrected and accelerated), `percentile` (bootstrap of groups), `log` and `logit` (delta method on that
 * scale), `wald` (normal), `sandwich` (normal, variance robust to groups).
 */
export const intervalMethodSchema = z.enum([
  'wilson',
  'clopper-pearson',
  'delong',
  'delong-clustered',
  'bca',
  'percentile',
  'log',
  'logit',
  'wald',
  'sandwich',
]);
export type IntervalMethod = z.infer<typeof intervalMethodSchema>;

/** Lower and upper bound at the level of the document; both null, with the reason, where none can be given. */
export const intervalSchema = z
  .object({
    method: intervalMethodSchema,
    lower: z.number().nullable(),
    upper: z.number().nullable(),
    reason: z.string().optional(),
  })
  .meta({ id: 'interval' });
export type Interval = z.infer<typeof intervalSchema>;

/** One figure: its value, or null with the reason why there is none; a proportion also has its two counts. */
export const figureSchema = z
  .object({
    value: z.number().nullable(),
    reason: z.string().optional(),
    numerator: z.number().int().nonnegative().optional(),
    denominator: z.number().int().nonnegative().optional(),
    intervals: z.array(intervalSchema),
  })
  .meta({ id: 'figure' });
export type Figure = z.infer<typeof figureSchema>;
