import { z } from 'zod';
import { figureSchema } from './figure.schema.js';

/** A threshold that was fixed before the evaluation or chosen on another set, or the reader's own verdict. */
export const namedThresholdSchema = z.object({
  name: z.string(),
  /** Scores of at least this much are positive; null where the threshold differs by body region, and for verdicts. */
  threshold: z.number().nullable(),
  /** "fixed beforehand", the rule that chose it, the card that states it, or "verdict of the reading". */
  rule: z.string(),
  /** The set that the rule chose it on, or where it was fixed. */
  chosenOn: z.string(),
});
export type NamedThreshold = z.infer<typeof namedThresholdSchema>;

const count = z.number().int().nonnegative();

/** Every figure of a two-by-two table. */
export const tableFiguresSchema = z
  .object({
    sensitivity: figureSchema,
    specificity: figureSchema,
    positivePredictiveValue: figureSchema,
    negativePredictiveValue: figureSchema,
    accuracy: figureSchema,
    balancedAccuracy: figureSchema,
    f1: figureSchema,
    matthewsCorrelation: figureSchema,
    positiveLikelihoodRatio: figureSchema,
    negativeLikelihoodRatio: figureSchema,
    diagnosticOddsRatio: figureSchema,
    /** At the prevalence stated in the settings; null without one. */
    positivePredictiveValueAtPrevalence: figureSchema,
    negativePredictiveValueAtPrevalence: figureSchema,
  })
  .meta({ id: 'tableFigures' });

export const operatingPointSchema = namedThresholdSchema.extend({
  truePositives: count,
  falsePositives: count,
  falseNegatives: count,
  trueNegatives: count,
  figures: tableFiguresSchema,
});
export type OperatingPoint = z.infer<typeof operatingPointSchema>;
