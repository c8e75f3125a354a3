import { z } from 'zod';
import { figureSchema } from '../figure.schema.js';

/** How well items are sorted into types. */
export const typeFiguresSchema = z.object({
  items: z.number().int().nonnegative(),
  groups: z.number().int().nonnegative(),
  classes: z.array(z.string()),
  /** Row: truth, column: prediction, both in the order of `classes`. */
  confusion: z.array(z.array(z.number().int().nonnegative())),
  accuracy: figureSchema,
  microF1: figureSchema,
  macroF1: figureSchema,
  weightedF1: figureSchema,
  kappa: figureSchema,
  kappaWeights: z.enum(['linear', 'quadratic']),
  /** Meaningful only where the order of `classes` is. */
  weightedKappa: figureSchema,
  perClass: z.array(
    z.object({
      label: z.string(),
      items: z.number().int().nonnegative(),
      recall: figureSchema,
      precision: figureSchema,
      f1: figureSchema,
      auc: figureSchema,
    }),
  ),
  /** Null where the predictions hold no conformal sets. */
  conformal: z
    .object({
      coverage: figureSchema,
      meanSetSize: figureSchema,
      emptySets: z.number().int().nonnegative(),
      coverageByClass: z.array(z.object({ label: z.string(), coverage: figureSchema })),
    })
    .nullable(),
});
export type TypeFigures = z.infer<typeof typeFiguresSchema>;
