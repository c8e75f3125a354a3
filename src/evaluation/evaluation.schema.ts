import { z } from 'zod';
import { modelUseSchema } from '../core/reading.js';
import { calibrationFiguresSchema } from './calibration/calibration.schema.js';
import { lesionLevelSchema } from './detection/detection.schema.js';
import { figureSchema } from './figure.schema.js';
import { operatingPointSchema } from './operating-point.schema.js';
import { modelComparisonSchema } from './subgroups/differences.schema.js';
import { breakdownSchema } from './subgroups/subgroups.schema.js';
import { typeFiguresSchema } from './types/types.schema.js';

const count = z.number().int().nonnegative();

/** Detection of disease in images, or in groups (patients) of images. */
export const classificationLevelSchema = z
  .object({
    /** `group`: the highest score of a group, positive when any of its images is. */
    unit: z.enum(['image', 'group']),
    items: count,
    positives: count,
    negatives: count,
    /** Groups that were resampled. */
    groups: count,
    auc: figureSchema,
    averagePrecision: figureSchema,
    /** False positive rates 0..to: the area, and McClish's standardised area. */
    partialAuc: z.object({ to: z.number(), area: figureSchema, standardised: figureSchema }),
    operatingPoints: z.array(operatingPointSchema),
  })
  .meta({ id: 'classificationLevel' });
export type ClassificationLevel = z.infer<typeof classificationLevelSchema>;

const inputFileSchema = z.object({
  path: z.string(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

const namedCountSchema = z.object({
  count,
  /** The first of them. */
  ids: z.array(z.string()),
});

/** Where the numbers come from. */
export const evaluationDataSchema = z.object({
  truth: inputFileSchema,
  predictions: inputFileSchema.extend({
    kind: z.enum(['readings', 'coco-results', 'scores']),
    /** Column of a CSV of scores. */
    scoreColumn: z.string().nullable(),
  }),
  images: inputFileSchema.nullable(),
  /** Images evaluated. */
  items: count,
  positives: count.nullable(),
  negatives: count.nullable(),
  groups: count,
  /** How the ids of predictions and truth were brought together. */
  matched: z.object({ exactly: count, byFileName: count, byNameWithoutExtension: count }),
  /** Images without a prediction, left out. */
  withoutPrediction: namedCountSchema,
  /** Predictions that name no image of the truth, left out. */
  withoutTruth: namedCountSchema,
  /** Images that the reader refused to read. */
  refused: z.object({
    count,
    positives: count.nullable(),
    handling: z.enum(['exclude', 'positive', 'negative']),
  }),
  /** Images left out by --where, and as repetitions by --once. */
  filteredOut: count,
  repeated: count,
  /** Models named by readings. */
  models: z.array(modelUseSchema),
  /** True when truth or a model says that it rests on simulated images only. */
  simulated: z.boolean(),
});
export type EvaluationData = z.infer<typeof evaluationDataSchema>;

export const evaluationSettingsSchema = z.object({
  level: z.number(),
  replicates: z.number().int().positive(),
  permutations: z.number().int().positive(),
  seed: z.number().int(),
  /** Column that ties images of one patient; null: every image is a group of its own. */
  group: z.string().nullable(),
  by: z.array(z.string()),
  where: z.array(z.string()),
  once: z.string().nullable(),
  minimum: count,
  prevalence: z.number().nullable(),
  hitRule: z.string(),
  calibrationBins: z.number().int().positive(),
});

/** Everything that `lucency evaluate` measures: the contract `lucency.evaluation/1`. A part without data is null. */
export const evaluationSchema = z.object({
  schema: z.literal('lucency.evaluation/1'),
  software: z.object({ name: z.literal('lucency'), version: z.string() }),
  /** Arguments that repeat it; null when it was made by the library. */
  command: z.array(z.string()).nullable(),
  settings: evaluationSettingsSchema,
  data: evaluationDataSchema,
  imageLevel: classificationLevelSchema.nullable(),
  groupLevel: classificationLevelSchema.nullable(),
  lesionLevel: lesionLevelSchema.nullable(),
  types: typeFiguresSchema.nullable(),
  calibration: calibrationFiguresSchema.nullable(),
  breakdowns: z.array(breakdownSchema),
  /** Against the predictions of --compare. */
  comparison: modelComparisonSchema.extend({ other: inputFileSchema }).nullable(),
  /** What a reader of the numbers must know: parts that could not be computed and why, and choices that were made. */
  notes: z.array(z.string()),
});
export type Evaluation = z.infer<typeof evaluationSchema>;
