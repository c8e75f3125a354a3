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
    reliability: z.number(),
    resolution: z.number(),
    uncertainty: z.number(),
    withinBinVariance: z.number(),
    withinBinCovariance: z.number(),
  }),
  slope: figureSchema,
  intercept: figureSchema,
  /** The intercept with the slope held at 1. */
  inTheLarge: figureSchema,
  /** The reliability diagram, equal-mass bins. */
  reliability: z.array(reliabilityBinSchema),
});
export type CalibrationFigures = z.infer<typeof calibrationFiguresSchema>;
