import { z } from 'zod';
import { estimateSchema } from '../estimate.js';

const methodSchema = z.enum(['reml', 'ml', 'glmm-laplace', 'glmm-quadrature']);

const summaryPointSchema = z
  .object({
    sensitivity: estimateSchema,
    specificity: estimateSchema,
    falsePositiveRate: estimateSchema,
    positiveLikelihoodRatio: estimateSchema,
    negativeLikelihoodRatio: estimateSchema,
    diagnosticOddsRatio: estimateSchema,
  })
  .meta({ id: 'summaryPoint' });

const betweenSchema = z.object({
  varianceSensitivity: z.number(),
  varianceFpr: z.number(),
  covariance: z.number(),
});

const coefficientSchema = estimateSchema.extend({ standardError: z.number() });

const areaSchema = z.object({ full: z.number(), partial: z.number().nullable() });

/** One bivariate model; `likelihood` says what was maximised, because the estimates differ. */
const fitSchema = z.object({
  method: methodSchema,
  likelihood: z.string(),
  logitSensitivity: coefficientSchema,
  logitFpr: coefficientSchema,
  /** Of the two mean logits. */
  covariance: z.number(),
  between: betweenSchema.extend({
    sdSensitivity: z.number(),
    sdFpr: z.number(),
    /** Of logit sensitivity and logit false positive rate; with logit specificity it has the other sign. */
    correlation: z.number().nullable(),
  }),
  logLikelihood: z.number(),
  parameters: z.number().int(),
  summary: summaryPointSchema,
  warnings: z.array(z.string()),
});
export type FitResult = z.infer<typeof fitSchema>;

const failedFitSchema = z.object({ method: methodSchema, likelihood: z.string(), reason: z.string() });

const rocPointSchema = z
  .object({ falsePositiveRate: z.number(), sensitivity: z.number() })
  .meta({ id: 'rocPoint' });

const srocSchema = z.object({
  /** Parameters of Rutter and Gatsonis, after Harbord et al.; null when a between-study variance is zero. */
  hsroc: z
    .object({
      lambda: z.number(),
      theta: z.number(),
      beta: z.number(),
      varianceAlpha: z.number(),
      varianceTheta: z.number(),
    })
    .nullable(),
  /** The summary curve over the false positive rates that were observed; empty without HSROC parameters. */
  curve: z.array(rocPointSchema),
  observedFpr: z.tuple([z.number(), z.number()]),
  /** Area by integration; `partial` is the mean height over the observed false positive rates. */
  area: areaSchema.nullable(),
  /** The same by the 99-point rule of R's mada. */
  areaByMada: areaSchema.nullable(),
  confidenceRegion: z.array(rocPointSchema),
  predictionRegion: z.array(rocPointSchema),
});

const heterogeneitySchema = z.object({ q: z.number(), degrees: z.number(), p: z.number(), i2: z.number() });

const randomEffectsSchema = z.object({
  tau2: estimateSchema,
  heterogeneity: heterogeneitySchema,
  qRandomWeights: z.number(),
});

const chiSquareTestSchema = z.object({ chiSquare: z.number(), degrees: z.number(), p: z.number() });
export type ChiSquareTest = z.infer<typeof chiSquareTestSchema>;

const regressionSchema = z.object({
  covariate: z.string(),
  kind: z.enum(['number', 'group']),
  method: methodSchema,
  coefficients: z.array(
    z.object({
      outcome: z.enum(['logit sensitivity', 'logit false positive rate']),
      /** "intercept", "per unit of year", "design: retrospective (against prospective)". */
      term: z.string(),
      estimate: estimateSchema,
      standardError: z.number(),
      z: z.number(),
      p: z.number(),
    }),
  ),
  /** Wald tests: does the covariate change sensitivity, the false positive rate, or either? */
  tests: z.object({
    sensitivity: chiSquareTestSchema,
    falsePositiveRate: chiSquareTestSchema,
    either: chiSquareTestSchema,
  }),
  /** Against the model without covariate; null for REML, whose likelihoods do not compare. */
  likelihoodRatio: chiSquareTestSchema.nullable(),
  between: betweenSchema,
  /** Sensitivity and specificity in each group, or at the lowest, median and highest value. */
  predictions: z.array(
    z.object({ at: z.string(), studies: z.number().int().nullable(), point: summaryPointSchema }),
  ),
  warnings: z.array(z.string()),
});

export type MetaRegression = z.infer<typeof regressionSchema>;

/** Funnel plot asymmetry; `slope` is of the log odds ratio on 1 / sqrt(effective sample size). */
const deeksSchema = z.object({
  slope: estimateSchema,
  intercept: z.number(),
  t: z.number(),
  degrees: z.number(),
  p: z.number(),
  points: z.array(z.object({ study: z.string(), inverseRootEss: z.number(), logOddsRatio: z.number() })),
});
export type DeeksTest = z.infer<typeof deeksSchema>;

/** Result of `lucency meta-analysis --json`: the contract `lucency.meta-analysis/1`. */
export const metaAnalysisSchema = z.object({
  schema: z.literal('lucency.meta-analysis/1'),
  input: z.string(),
  level: z.number(),
  correction: z.object({
    rule: z.enum(['all', 'single', 'always', 'none']),
    amount: z.number(),
    description: z.string(),
  }),
  /** Each study as given, with Clopper-Pearson intervals. */
  studies: z.array(
    z.object({
      study: z.string(),
      tp: z.number().int(),
      fn: z.number().int(),
      fp: z.number().int(),
      tn: z.number().int(),
      sensitivity: estimateSchema,
      specificity: estimateSchema,
    }),
  ),
  /** The model that the summary, the curve, the regression and leave-one-out are of. */
  method: methodSchema,
  fit: fitSchema,
  /** All bivariate models side by side, those that failed with the reason. */
  fits: z.array(z.union([fitSchema, failedFitSchema])),
  sroc: srocSchema,
  heterogeneity: z.object({
    /** Cochran's Q, I2 and DerSimonian-Laird tau2 of each margin by itself; null without a continuity correction. */
    sensitivity: randomEffectsSchema.nullable(),
    specificity: randomEffectsSchema.nullable(),
    /** Zhou and Dendukuri, from the chosen bivariate model. */
    i2: z.object({ sensitivity: z.number(), specificity: z.number(), bivariate: z.number() }),
  }),
  oddsRatio: z.object({
    derSimonianLaird: randomEffectsSchema.extend({ oddsRatio: estimateSchema }).nullable(),
    mantelHaenszel: z.object({ oddsRatio: estimateSchema, oddsRatioByMada: estimateSchema }).nullable(),
  }),
  deeks: deeksSchema.nullable(),
  /** The summary without each study in turn; null with its reason in `warnings`. */
  leaveOneOut: z
    .array(
      z.object({
        without: z.string(),
        summary: summaryPointSchema.nullable(),
        reason: z.string().nullable(),
      }),
    )
    .nullable(),
  metaRegression: regressionSchema.nullable(),
  warnings: z.array(z.string()),
});
export type MetaAnalysis = z.infer<typeof metaAnalysisSchema>;
