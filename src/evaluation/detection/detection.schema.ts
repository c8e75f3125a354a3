import { z } from 'zod';
import { figureSchema } from '../figure.schema.js';
import { namedThresholdSchema } from '../operating-point.schema.js';

/** COCO's twelve figures. */
export const cocoFiguresSchema = z.object({
  /** Mean over IoU .50, .55, ... .95. */
  ap: figureSchema,
  ap50: figureSchema,
  ap75: figureSchema,
  apSmall: figureSchema,
  apMedium: figureSchema,
  apLarge: figureSchema,
  ar1: figureSchema,
  ar10: figureSchema,
  ar100: figureSchema,
  arSmall: figureSchema,
  arMedium: figureSchema,
  arLarge: figureSchema,
});
export type CocoFigures = z.infer<typeof cocoFiguresSchema>;

export const frocFiguresSchema = z
  .object({
    /** When a box finds a lesion, in words. */
    hitRule: z.string(),
    /** How sensitivity is read between two operating points. */
    reading: z.enum(['step', 'linear']),
    /** Highest number of false positives per image that the detections reach. */
    end: z.number().nonnegative(),
    points: z.array(
      z.object({
        /** Mean over all images, normal ones included. */
        falsePositivesPerImage: z.number().positive(),
        sensitivity: figureSchema,
        /** False where the curve ends before this rate: the sensitivity is then that at its end. */
        reached: z.boolean(),
      }),
    ),
    /** Mean sensitivity over the points. */
    mean: figureSchema,
  })
  .meta({ id: 'frocFigures' });
export type FrocFigures = z.infer<typeof frocFiguresSchema>;

export const lesionPointSchema = namedThresholdSchema.extend({
  found: z.number().int().nonnegative(),
  missed: z.number().int().nonnegative(),
  falsePositives: z.number().int().nonnegative(),
  recall: figureSchema,
  precision: figureSchema,
  f1: figureSchema,
  falsePositivesPerImage: figureSchema,
  localisation: z.object({
    meanPixels: figureSchema,
    medianPixels: figureSchema,
    meanMillimetres: figureSchema,
    medianMillimetres: figureSchema,
    meanOverlap: figureSchema,
  }),
});
export type LesionPoint = z.infer<typeof lesionPointSchema>;

/** How well lesions are located. */
export const lesionLevelSchema = z.object({
  images: z.number().int().nonnegative(),
  normalImages: z.number().int().nonnegative(),
  groups: z.number().int().nonnegative(),
  lesions: z.number().int().nonnegative(),
  crowds: z.number().int().nonnegative(),
  detections: z.number().int().nonnegative(),
  /** Null for volumes. */
  coco: cocoFiguresSchema.nullable(),
  /** True where all categories were taken for one, as the predictions name none. */
  categoriesMerged: z.boolean(),
  froc: frocFiguresSchema,
  /** By the rules of the RibFrac challenge; null for images. */
  ribFrac: frocFiguresSchema.nullable(),
  /** Area under the precision-recall curve of lesions, by the hit rule, without interpolation. */
  averagePrecision: figureSchema,
  afroc: figureSchema,
  wafroc: figureSchema,
  /** The same with false positives counted on all images, diseased ones included. */
  afroc1: figureSchema,
  wafroc1: figureSchema,
  operatingPoints: z.array(lesionPointSchema),
});
export type LesionLevel = z.infer<typeof lesionLevelSchema>;
