import { z } from 'zod';
import { boxSchema } from './box.js';
import type { Sought } from './reader-kinds.js';

/**
 * What a reader says of one study. `fracture` and `no-fracture` are of radiographs and ribs, `infection` and
 * `no-infection` of PET/CT; `doubt` is of all. `refused`: outside what the models were validated for.
 */
export const verdictSchema = z.enum([
  'fracture',
  'infection',
  'doubt',
  'no-fracture',
  'no-infection',
  'refused',
]);
export type Verdict = z.infer<typeof verdictSchema>;

/** Verdicts that say that what was looked for is there. */
export const positiveVerdicts: readonly Verdict[] = ['fracture', 'infection'] satisfies readonly Sought[];

/** Verdicts, most urgent first. */
export const verdictsByUrgency: readonly Verdict[] = verdictSchema.options;

/**
 * `definite`: above the high-specificity threshold (solid box). `doubtful`: above the high-sensitivity threshold
 * (dashed box). `candidate`: below both, listed only on request, for evaluation.
 */
export const certaintySchema = z.enum(['definite', 'doubtful', 'candidate']);
export type Certainty = z.infer<typeof certaintySchema>;

const probability = z.number().min(0).max(1);

/** A classification of a finding: calibrated probabilities (sum 1) and the conformal set. */
export const typeSchema = z.object({
  /** The most probable label; null where the set holds more than two: then no type is named or shown. */
  label: z.string().nullable(),
  probabilities: z.record(z.string(), probability),
  /** Conformal prediction set: the labels that cannot be ruled out at the coverage stated in the card. */
  set: z.array(z.string()),
});
export type FindingType = z.infer<typeof typeSchema>;

const point = z.tuple([z.number(), z.number(), z.number()]);

/** Where along which rib a finding lies; the number is null where the rib could not be numbered. */
export const ribPlaceSchema = z.object({
  side: z.enum(['left', 'right']),
  number: z.number().int().min(1).max(12).nullable(),
  part: z.enum(['posterior', 'lateral', 'anterior']),
});
export type RibPlace = z.infer<typeof ribPlaceSchema>;

/** Uptake of one region in body-weight SUV (g/ml). */
export const suvMeasuresSchema = z.object({
  suvMax: z.number().nonnegative(),
  /** Highest mean of a 1 ml sphere. */
  suvPeak: z.number().nonnegative(),
  suvMean: z.number().nonnegative(),
  /** Volume at or above `thresholdSuv` around the hottest voxel, ml. */
  metabolicVolumeMl: z.number().nonnegative(),
  thresholdSuv: z.number().nonnegative(),
});
export type SuvMeasures = z.infer<typeof suvMeasuresSchema>;

/** One located abnormality. */
export const findingSchema = z.object({
  id: z.number().int().positive(),
  /** Pixels of the stored image: [x, y, width, height]. Absent for volumes. */
  box: boxSchema.optional(),
  /** Voxels: [x, y, z, width, height, depth]. Absent for radiographs. */
  box3d: z.tuple([z.number(), z.number(), z.number(), z.number(), z.number(), z.number()]).optional(),
  /** Centre in DICOM patient coordinates (LPS), mm. Volumes only. */
  centerMm: point.optional(),
  /** Calibrated probability that the box holds a fracture (an infection, on PET/CT). */
  score: probability,
  certainty: certaintySchema,
  /** Kind of fracture on radiographs; `fresh` or `old` of a rib fracture. */
  type: typeSchema.optional(),
  /** `displaced` or `nondisplaced`. Rib fractures only. */
  displacement: typeSchema.optional(),
  rib: ribPlaceSchema.optional(),
  /** Uptake inside the finding. PET/CT only. */
  suv: suvMeasuresSchema.optional(),
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

/** What limits a reading without forbidding it: slices filled in, metal everywhere, ribs that could not be numbered. */
export const limitationSchema = z.object({ code: z.string(), text: z.string() });
export type Limitation = z.infer<typeof limitationSchema>;

/**
 * What became of earlier answers like this one, on the set of the card: of `n` images of the region (null: of all
 * regions) with this verdict, `fractured` had a fracture; `interval`: 95 % interval of that share.
 */
export const answerRecordSchema = z.object({
  region: z.string().nullable(),
  n: z.number().int().positive(),
  fractured: z.number().int().nonnegative(),
  interval: z.tuple([probability, probability]).nullable(),
  set: z.string(),
});
export type AnswerRecord = z.infer<typeof answerRecordSchema>;

/** The rib fractures of one chest, counted without candidates. */
export const ribSummarySchema = z.object({
  /** Ribs that were found, and how many of them got a number. */
  ribsFound: z.number().int().nonnegative(),
  ribsNumbered: z.number().int().nonnegative(),
  fractures: z.object({
    total: z.number().int().nonnegative(),
    left: z.number().int().nonnegative(),
    right: z.number().int().nonnegative(),
    fresh: z.number().int().nonnegative(),
    old: z.number().int().nonnegative(),
    displaced: z.number().int().nonnegative(),
  }),
  /** Three or more adjacent ribs of one side, each broken in two or more places. */
  flailSegments: z.array(
    z.object({ side: z.enum(['left', 'right']), ribs: z.array(z.number().int().min(1).max(12)) }),
  ),
});
export type RibSummary = z.infer<typeof ribSummarySchema>;

/** Uptake of the hottest region of a PET/CT, and what the plain SUVmax rule says of it. */
export const suvSummarySchema = z.object({
  hottest: suvMeasuresSchema.extend({ centerMm: point }),
  /** The baseline: infected when SUVmax is at or above `cutOff`. */
  rule: z.object({ cutOff: z.number().positive(), positive: z.boolean() }),
});
export type SuvSummary = z.infer<typeof suvSummarySchema>;

/** One DICOM series that a reading of a volume used. */
export const seriesUseSchema = z.object({
  modality: z.enum(['CT', 'PT']),
  seriesInstanceUid: z.string().optional(),
  width: z.number().int().positive(),
  height: z.number().int().positive(),
  depth: z.number().int().positive(),
  /** Between columns, rows and slices, mm. */
  spacingMm: point,
});
export type SeriesUse = z.infer<typeof seriesUseSchema>;

/** Who says what a reading says. */
export const authorSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('software'), name: z.string(), version: z.string() }),
  /** Whoever signs: a name as the site knows the person. */
  z.object({ kind: z.literal('person'), name: z.string() }),
]);
export type Author = z.infer<typeof authorSchema>;

/** Whether a person has checked a reading and stands for it (DICOM PS3.3 C.17.2, Verification Flag). */
export const verificationSchema = z.enum(['unverified', 'verified']);
export type Verification = z.infer<typeof verificationSchema>;

/** What readings of all kinds have in common. */
const readingBase = z.object({
  schema: z.literal('lucency.reading/1'),
  /** Digest of what is said (SHA-256): of two readings with the same id both say the same. Absent in readings of before. */
  id: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
  /** When it was made, ISO 8601, UTC. */
  created: z.iso.datetime().optional(),
  /** Id of the reading of the same study that this one takes the place of, as when late slices have come. */
  supersedes: z.string().optional(),
  author: authorSchema.optional(),
  /** @default 'unverified' */
  verification: verificationSchema.optional(),
  /** Path of the input as given; a member of an archive is `archive.zip/path/in/archive`. */
  input: z.string(),
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
  /** Calibrated probability that the image shows a fracture (an infection, on PET/CT); null when refused. */
  probability: probability.nullable(),
  /** How often such an answer was right; radiographs whose models state it. */
  record: answerRecordSchema.optional(),
  /** The probability of each network by itself (calibrated), by model id. */
  probabilities: z.record(z.string(), probability).optional(),
  findings: z.array(findingSchema),
  /** What limits it; volumes state them. */
  limitations: z.array(limitationSchema).optional(),
  models: z.array(modelUseSchema),
  /** Milliseconds of each step and in total. */
  timingsMs: z.record(z.string(), z.number().nonnegative()),
});

export const radiographReadingSchema = readingBase.extend({ kind: z.literal('radiograph') });
export type RadiographReading = z.infer<typeof radiographReadingSchema>;

const volumeReadingBase = readingBase.extend({
  /** The series that were read, the one that voxels and boxes refer to first. */
  series: z.array(seriesUseSchema).optional(),
});

export const ribsReadingSchema = volumeReadingBase.extend({
  kind: z.literal('ribs'),
  /** Absent when refused. */
  ribs: ribSummarySchema.optional(),
});
export type RibsReading = z.infer<typeof ribsReadingSchema>;

export const infectionReadingSchema = volumeReadingBase.extend({
  kind: z.literal('infection'),
  /** Absent when refused. */
  suv: suvSummarySchema.optional(),
});
export type InfectionReading = z.infer<typeof infectionReadingSchema>;

/** Everything one reader says of one study or image: the contract `lucency.reading/1`. */
export const readingSchema = z.discriminatedUnion('kind', [
  radiographReadingSchema,
  ribsReadingSchema,
  infectionReadingSchema,
]);
export type Reading = z.infer<typeof readingSchema>;
export type VolumeReading = RibsReading | InfectionReading;

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
