import { z } from 'zod';
import { figureSchema } from '../figure.schema.js';

/** A calibration error and the bins that it was computed in. */
export const calibrationErrorSchema = z.object({
  bins: z.number().int().positive(),
  error: figureSchema,
  /** Mean error of the same scores if they were perfectly calibrated, and its 95th percentile. */
  byChance: z.object({ mean: z.number(), upper: z.number() }),
});
export type CalibrationErrorFigures = z.infer<typeof calibrationErrorSchema>;

export const reliabilityBinSchema = z.object({
  items: z.number().int().positive(),
  meanScore: z.number(),
  observed: figureSchema,
});

/** One point of a decision curve; bounds are pointwise bootstrap percentiles. */
export const decisionPointSchema = z.object({
  /** Probability at which one would act. */
  threshold: z.number(),
  /** True positives per item, less false positives weighed by the odds of the threshold. */
  netBenefit: z.number(),
  lower: z.number().nullable(),
  upper: z.number().nullable(),
  /** Net benefit of treating everybody; treating nobody has 0. */
  treatAll: z.number(),
});
export type DecisionPoint = z.infer<typeof decisionPointSchema>;

/** How far scores may be taken for probabilities. */
export const calibrationFiguresSchema = z.object({
  items: z.number().int().positive(),
  /** Scores of exactly 0 or 1, moved inside by 1e-9 for slope and intercept. */
  clipped: z.number().int().nonnegative(),
  equalWidth: calibrationErrorSchema,
  equalMass: calibrationErrorSchema,
  /** Equal-mass bins, as many as keep the observed frequencies rising. */
  adaptive: calibrationErrorSchema,
  brier: figureSchema,
  /** Over the equal-mass bins: reliability - resolution + uncertainty + withinBinVariance - withinBinCovariance. */
  brierParts: z.object({
    reliability: figureSchema,
    resolution: figureSchema,
    uncertainty: figureSchema,
    withinBinVariance: figureSchema,
    withinBinCovariance: figureSchema,
  }),
  slope: figureSchema,
  intercept: figureSchema,
  /** The intercept with the slope held at 1. */
  inTheLarge: figureSchema,
  /** The reliability diagram, equal-mass bins. */
  reliability: z.array(reliabilityBinSchema),
  /** Null where a class is missing. */
  decisionCurve: z.array(decisionPointSchema).nullable(),
});
export type CalibrationFigures = z.infer<typeof calibrationFiguresSchema>;
