import { z } from 'zod';
import { volumeReaderKinds } from '../core/reader-kinds.js';

/**
 * What a model is for. `combine` has no network: it fuses the probabilities of the others. Networks of
 * volumes have the kind of their reader as task.
 */
export const taskSchema = z.enum(['detect', 'classify', 'region', 'type', 'combine', ...volumeReaderKinds]);

const dataSetSchema = z.object({
  name: z.string(),
  licence: z.string(),
  citation: z.string(),
  images: z.number().int().nonnegative(),
  groups: z.number().int().nonnegative().optional(),
  /** Which part of the data was used, such as "folds 2, 3, 4 of 5, split by patient group". */
  split: z.string(),
  /** File of image ids, relative to the card; null for data made by a program (give its command in `split`). */
  idsFile: z.string().nullable(),
  simulated: z.boolean(),
});

/** One measured figure. A figure without interval, set and size does not count. */
export const resultSchema = z.object({
  /** Such as "AUC", "AP@0.5", "sensitivity", "accuracy", "ECE (15 equal-mass bins)". */
  metric: z.string(),
  value: z.number(),
  /** Lower and upper bound; null only where no interval can be given, with the reason in `intervalMethod`. */
  interval: z.tuple([z.number(), z.number()]).nullable(),
  level: z.literal(0.95),
  intervalMethod: z.string(),
  /** The exact set, such as "FracAtlas fold 0 (held out)". */
  set: z.string(),
  /** "all", "without hardware", "region: hand", "borders cropped", "ankle_foot". */
  subset: z.string(),
  unit: z.enum(['image', 'box', 'fracture', 'rib', 'patient-group', 'study']),
  n: z.number().int().positive(),
  positives: z.number().int().nonnegative().nullable(),
  simulated: z.boolean(),
  note: z.string().optional(),
});

/** Of the images of a set that got this verdict, in this region: how many had a fracture. */
export const recordSchema = z.object({
  /** Body region as the data set names it; null for all images. */
  region: z.string().nullable(),
  verdict: z.enum(['fracture', 'doubt', 'no-fracture']),
  n: z.number().int().positive(),
  fractured: z.number().int().nonnegative(),
  /** 95 % interval of the share; null where none can be given, with the reason in `method`. */
  interval: z.tuple([z.number(), z.number()]).nullable(),
  method: z.string(),
  set: z.string(),
});

/** A threshold on the calibrated probability, chosen by a named rule on a named set that is not the set reported. */
export const operatingPointSchema = z.object({
  certainty: z.enum(['definite', 'doubtful']),
  /** Body region that it holds for; null for all others. */
  region: z.string().nullable(),
  threshold: z.number().min(0).max(1),
  rule: z.string(),
  chosenOn: z.string(),
});

/** Platt-style calibration of one logit: `p = sigmoid(scale * logit + shift)`; for softmax `softmax(logits * scale)`. */
export const calibrationSchema = z.object({
  method: z.enum(['temperature', 'platt', 'none']),
  scale: z.number(),
  shift: z.number(),
  fittedOn: z.string(),
});

export const inputSchema = z.object({
  name: z.string(),
  width: z.number().int().positive(),
  height: z.number().int().positive(),
  /** Cells along the third axis; volumes only. */
  depth: z.number().int().positive().optional(),
  channels: z.number().int().positive(),
  layout: z.enum(['NCHW', 'NCDHW']),
  /** Lowest and highest value; what goes beyond is cut inside the graph. Images: 0 and 1. */
  range: z.tuple([z.number(), z.number()]),
  /**
   * Letterbox: longest side to the input's side, antialiased bilinear, centred, zero padding. Crop: see `context`.
   * Volume: a grid of `spacingMm` laid through the patient.
   */
  resize: z.enum(['letterbox', 'crop', 'volume']),
  /** Size of a cell along width, height and depth, mm; volumes only. */
  spacingMm: z.tuple([z.number().positive(), z.number().positive(), z.number().positive()]).optional(),
  /** Crops only: side of the square crop as a multiple of the longer side of the box. */
  context: z.number().positive().optional(),
  /** Crops only: smallest side of the crop in pixels of the source image. */
  minimumSide: z.number().positive().optional(),
  normalisation: z.string(),
});

export const outputSchema = z.object({
  name: z.string(),
  shape: z.array(z.union([z.number(), z.string()])),
  meaning: z.string(),
});

/** Rule of the refusal of images that are unlike the training data: distance output above threshold -> refused. */
export const outOfDistributionSchema = z.object({
  output: z.string(),
  method: z.string(),
  threshold: z.number(),
  rule: z.string(),
  chosenOn: z.string(),
});

/** Logistic combiner: `p = sigmoid(intercept + sum(weight * logit(p_model)))`. */
export const combinerSchema = z.object({
  intercept: z.number(),
  weights: z.record(z.string(), z.number()),
  /**
   * Turns a detector's highest raw box score into a probability of the image: `sigmoid(scale * logit + shift)`; null
   * where every network that is weighed answers for the image itself.
   */
  detectorImageCalibration: calibrationSchema.nullable(),
  fittedOn: z.string(),
});

/** Detectors that also answer for the whole image: which output holds that logit, and its calibration. */
export const imageAnswerSchema = z.object({ output: z.string(), calibration: calibrationSchema });

export const conformalSchema = z.object({
  method: z.string(),
  coverage: z.number().min(0).max(1),
  /** A label joins the set when its probability is at least this. One number, or one per label. */
  thresholds: z.record(z.string(), z.number()),
  fittedOn: z.string(),
});

/** A model's facts, machine readable: the contract `lucency.card/1`. Filled by the training program, never by hand. */
export const cardSchema = z.object({
  schema: z.literal('lucency.card/1'),
  id: z.string().regex(/^[a-z0-9][a-z0-9-]*$/),
  version: z.string(),
  title: z.string(),
  task: taskSchema,
  architecture: z.string(),
  source: z.string(),
  parameters: z.number().int().nonnegative(),
  licence: z.string(),
  file: z
    .object({
      name: z.string(),
      bytes: z.number().int().positive(),
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
      precision: z.enum(['fp32', 'fp16', 'int8']),
      opset: z.number().int(),
    })
    .nullable(),
  input: inputSchema.nullable(),
  outputs: z.array(outputSchema),
  classes: z.array(z.string()),
  training: z.object({
    data: z.array(dataSetSchema),
    protocol: z.string(),
    device: z.string(),
    epochs: z.number(),
    seconds: z.number(),
    seed: z.number().int(),
    command: z.string(),
    labelledBy: z.string(),
  }),
  simulatedOnly: z.boolean(),
  calibration: calibrationSchema.nullable(),
  operatingPoints: z.array(operatingPointSchema),
  imageAnswer: imageAnswerSchema.optional(),
  outOfDistribution: outOfDistributionSchema.nullable(),
  combiner: combinerSchema.nullable(),
  conformal: conformalSchema.nullable(),
  results: z.array(resultSchema),
  /** What became of earlier answers; the first thing that a person reads of a verdict. */
  records: z.array(recordSchema).optional(),
  intendedUse: z.string(),
  notFor: z.array(z.string()),
  limits: z.array(z.string()),
});
export type Card = z.infer<typeof cardSchema>;
