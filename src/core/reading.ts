import { z } from 'zod';
import { boxSchema } from './box.js';

/** What a reader says of one study. `refused`: outside what the models were validated for. */
export const verdictSchema = z.enum(['fracture', 'doubt', 'no-fracture', 'refused']);
export type Verdict = z.infer<typeof verdictSchema>;

/**
 * `definite`: above the high-specificity threshold (solid box). `doubtful`: above the high-sensitivity threshold
 * (dashed box). `candidate`: below both, listed only on request, for evaluation.
 */
export const certaintySchema = z.enum(['definite', 'doubtful', 'candidate']);
export type Certainty = z.infer<typeof certaintySchema>;

const probability = z.number().min(0).max(1);

/** A classification of a finding: calibrated probabilities (sum 1) and the conformal set. */
export const typeSchema = z.object({
  label: z.string(),
  probabilities: z.record(z.string(), probability),
  /** Conformal prediction set: the labels that cannot be ruled out at the coverage stated in the card. */
  set: z.array(z.string()),
});
export type FindingType = z.infer<typeof typeSchema>;

/** One located abnormality. */
export const findingSchema = z.object({
  id: z.number().int().positive(),
  /** Pixels of the stored image: [x, y, width, height]. Absent for volumes. */
  box: boxSchema.optional(),
  /** Voxels: [x, y, z, width, height, depth]. Absent for radiographs. */
  box3d: z.tuple([z.number(), z.number(), z.number(), z.number(), z.number(), z.number()]).optional(),
  /** Centre in DICOM patient coordinates (LPS), mm. Volumes only. */
  centerMm: z.tuple([z.number(), z.number(), z.number()]).optional(),
  /** Calibrated probability that the box holds a fracture. */
  score: probability,
  certainty: certaintySchema,
  type: typeSchema.optional(),
  /** Words of the finding, such as "right 7th rib, lateral". Volumes only. */
  description: z.string().optional(),
});
export type Finding = z.infer<typeof findingSchema>;

export const regionSchema = z.object({ label: z.string(), probability });

/** Identifies one model that took part in a reading. */
export const modelUseSchema = z.object({
  id: z.string(),
  version: z.string(),
  sha256: z.string(),
  trainedOnSimulatedDataOnly: z.boolean().optional(),
});
export type ModelUse = z.infer<typeof modelUseSchema>;

/** Everything one reader says of one study or image: the contract `lucency.reading/1`. */
export const readingSchema = z.object({
  schema: z.literal('lucency.reading/1'),
  /** Path of the input as given; a member of an archive is `archive.zip/path/in/archive`. */
  input: z.string(),
  kind: z.enum(['radiograph', 'ribs', 'infection']),
  /** Frame number (1-based); only for multi-frame sources. */
  frame: z.number().int().positive().optional(),
  /** Ties the views of one study: StudyInstanceUID, or the folder for pictures. */
  study: z.string().optional(),
  image: z.object({
    width: z.number().int().positive(),
    height: z.number().int().positive(),
    depth: z.number().int().positive().optional(),
    /** [row spacing, column spacing], mm. */
    pixelSpacingMm: z.tuple([z.number(), z.number()]).nullable(),
    spacingSource: z.enum(['PixelSpacing', 'ImagerPixelSpacing']).nullable().optional(),
    region: regionSchema.nullable(),
  }),
  verdict: verdictSchema,
  /** Why the study was refused, in words and as a catalogue code; only with verdict `refused`. */
  refusal: z.object({ code: z.string(), reason: z.string() }).optional(),
  /** Calibrated probability that the image shows a fracture; null when refused. */
  probability: probability.nullable(),
  /** The probability of each network by itself (calibrated), by model id. */
  probabilities: z.record(z.string(), probability).optional(),
  findings: z.array(findingSchema),
  models: z.array(modelUseSchema),
  /** Milliseconds of each step and in total. */
  timingsMs: z.record(z.string(), z.number().nonnegative()),
});
export type Reading = z.infer<typeof readingSchema>;

/** The views of one study summed up: the contract `lucency.study/1`. The per-image readings stay as they are. */
export const studySummarySchema = z.object({
  schema: z.literal('lucency.study/1'),
  study: z.string(),
  verdict: verdictSchema,
  /** The highest calibrated image probability of the study: a fracture is often seen in one view only. */
  probability: probability.nullable(),
  images: z.array(
    z.object({
      input: z.string(),
      frame: z.number().int().positive().optional(),
      verdict: verdictSchema,
      probability: probability.nullable(),
      findings: z.number().int().nonnegative(),
    }),
  ),
});
export type StudySummary = z.infer<typeof studySummarySchema>;
