import { z } from 'zod';

const interval = z.tuple([z.number(), z.number()]);

/** `degrees` of Student's t; null for a normal interval. */
const tEstimateSchema = z.object({
  value: z.number(),
  standardError: z.number(),
  degrees: z.number().nullable(),
  interval,
});

/** Null where every difference is the same and nothing is left to test with. */
const testedDifferenceSchema = tEstimateSchema.extend({ t: z.number(), p: z.number() });

const overallTestSchema = z.object({
  f: z.number(),
  numerator: z.number(),
  /** Null for infinity: F times numerator is chi-square then. */
  denominator: z.number().nullable(),
  p: z.number(),
});

function perScope<T extends z.ZodType>(schema: T) {
  return z.object({
    'random-readers-random-cases': schema.nullable(),
    'fixed-readers-random-cases': schema.nullable(),
    'random-readers-fixed-cases': schema.nullable(),
  });
}

const nonInferioritySchema = z.object({
  margin: z.number(),
  t: z.number(),
  /** One-sided. */
  p: z.number(),
  /** The lower bound of the interval lies above -margin. */
  shown: z.boolean(),
});

/** `value` is the figure of merit of `a` minus that of `b`. */
const differenceSchema = z.object({
  a: z.string(),
  b: z.string(),
  value: z.number(),
  byScope: perScope(testedDifferenceSchema),
  /** In the chosen scope, of `a` against the reference `b`; null without a margin. */
  nonInferiority: nonInferioritySchema.nullable(),
});

const readerResultSchema = z.object({ reader: z.string(), modality: z.string(), estimate: tEstimateSchema });

export const measureSchema = z.enum(['auc', 'wafroc', 'sensitivity', 'specificity']);
export const scopeSchema = z.enum([
  'random-readers-random-cases',
  'fixed-readers-random-cases',
  'random-readers-fixed-cases',
]);

const measureResultSchema = z.object({
  measure: measureSchema,
  name: z.string(),
  /** Of each reader in each modality; normal interval over cases. */
  readers: z.array(readerResultSchema),
  /** Mean over the readers of each modality. */
  modalities: z.array(
    z.object({ modality: z.string(), value: z.number(), byScope: perScope(tEstimateSchema) }),
  ),
  /** Of each reader between modalities; paired, over cases. */
  readerDifferences: z.array(
    z.object({
      reader: z.string(),
      a: z.string(),
      b: z.string(),
      value: z.number(),
      test: testedDifferenceSchema.nullable(),
    }),
  ),
  /** Null with one modality. */
  obuchowskiRockette: z
    .object({
      meanSquares: z.object({
        modality: z.number(),
        reader: z.number().nullable(),
        interaction: z.number().nullable(),
      }),
      variance: z.number(),
      cov1: z.number().nullable(),
      cov2: z.number().nullable(),
      cov3: z.number().nullable(),
      byScope: perScope(overallTestSchema),
    })
    .nullable(),
  /** Null with one modality or one reader. */
  dorfmanBerbaumMetz: z
    .object({
      meanSquares: z.object({
        modality: z.number(),
        reader: z.number(),
        case: z.number(),
        modalityReader: z.number(),
        modalityCase: z.number(),
        readerCase: z.number(),
        modalityReaderCase: z.number(),
      }),
      byScope: perScope(overallTestSchema),
    })
    .nullable(),
  differences: z.array(differenceSchema),
  /** Programs that read alone: their own figure, and the readers of each modality minus the program. */
  standalone: z.array(
    z.object({
      modality: z.string(),
      estimate: tEstimateSchema,
      readersMinusProgram: z.array(differenceSchema),
    }),
  ),
});
export type MeasureResult = z.infer<typeof measureResultSchema>;

const timeDifferenceSchema = z.object({
  a: z.string(),
  b: z.string(),
  /** Cases read by the same reader in both modalities with a time in both. */
  pairs: z.number().int(),
  /** Mean difference in seconds of each reader, paired over cases. */
  readers: z.array(
    z.object({
      reader: z.string(),
      pairs: z.number().int(),
      seconds: testedDifferenceSchema.nullable(),
    }),
  ),
  /** Mean over readers of their mean differences, the readers being the sample; null with one reader. */
  acrossReaders: testedDifferenceSchema.nullable(),
  /** Mean difference in seconds; cases resampled within truth. */
  bootstrap: z.object({
    value: z.number(),
    interval: interval.nullable(),
    replicates: z.number().int(),
    seed: z.number(),
  }),
  /** Ratio of geometric mean times `a` / `b` from the mixed model; `standardError` and `t` are of its logarithm. */
  ratio: tEstimateSchema.extend({ t: z.number(), p: z.number() }).nullable(),
});

const readingTimesSchema = z.object({
  modalities: z.array(
    z.object({
      modality: z.string(),
      readings: z.number().int(),
      medianSeconds: z.number(),
      quartiles: interval,
      meanSeconds: z.number(),
    }),
  ),
  differences: z.array(timeDifferenceSchema),
  /** Mixed model of ln(seconds); null with the reason where it has no estimate. */
  mixedModel: z
    .object({
      formula: z.string(),
      variances: z.object({
        reader: z.number(),
        case: z.number(),
        readerModality: z.number().nullable(),
        residual: z.number(),
      }),
      restrictedLogLikelihood: z.number(),
    })
    .nullable(),
  mixedModelReason: z.string().nullable(),
});
export type ReadingTimes = z.infer<typeof readingTimesSchema>;

/** Result of `lucency compare --json`: the contract `lucency.readers/1`. */
export const readerComparisonSchema = z.object({
  schema: z.literal('lucency.readers/1'),
  input: z.string(),
  level: z.number(),
  readers: z.array(z.string()),
  modalities: z.array(z.string()),
  standalone: z.array(z.string()),
  cases: z.object({ diseased: z.number().int(), normal: z.number().int() }),
  /** What the readers and cases stand for in the tables. */
  scope: scopeSchema,
  covariance: z.enum(['jackknife', 'delong']),
  /** Cases are called diseased at this score; null where recorded calls were used. */
  threshold: z.number().nullable(),
  reference: z.string().nullable(),
  margin: z.number().nullable(),
  measures: z.array(measureResultSchema),
  readingTimes: readingTimesSchema.nullable(),
  warnings: z.array(z.string()),
});
export type ReaderComparison = z.infer<typeof readerComparisonSchema>;
