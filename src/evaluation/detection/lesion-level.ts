import { type BootstrapOptions, type BootstrappedFigure, bootstrapGroups } from '../bootstrap/bootstrap.js';
import { fromBootstrap, withBootstrap } from '../bootstrap/bootstrapped-figure.js';
import { makeFigure } from '../figure.js';
import type { Figure } from '../figure.schema.js';
import type { NamedThreshold } from '../operating-point.schema.js';
import { proportion } from '../proportions/proportion.js';
import { type AfrocKind, afrocStatistic, freeResponseRatings } from './afroc.js';
import type { BoxSet } from './box-set.js';
import { type CocoSummary, rankCategories, summariseCategories } from './coco-ap.js';
import { cocoBootstrapFigures, cocoStatistic } from './coco-statistic.js';
import type { CocoFigures, FrocFigures, LesionLevel, LesionPoint } from './detection.schema.js';
import { type FrocReading, frocCurve, frocRates, frocStatistic, ribFracRates } from './froc.js';
import { type BoxHits, describeHitRule, findHits, type HitRule, ribFracRule } from './hits.js';
import { lesionPrecisionStatistic } from './lesion-precision.js';
import { lesionTableFigures, lesionTableOf, lesionTableStatistic } from './lesion-table.js';
import { localisationErrors, localisationFigures, localisationStatistic } from './localisation.js';

export interface LesionOptions extends BootstrapOptions {
  /** @default intersection over union at least 0.5 */
  readonly hitRule?: HitRule;
  readonly points?: readonly ShownDetections[];
  /** Millimetres per pixel by axis (x, y[, z]) of every image; null where not known. */
  readonly spacing?: readonly (readonly number[] | null)[];
  /** The predictions name no categories, so all were taken for one. @default false */
  readonly categoriesMerged?: boolean;
}

/** An operating point: which detections are shown (1) at it. */
export interface ShownDetections extends NamedThreshold {
  readonly shown: Uint8Array;
}

/** Groups of the images of a box set. */
export interface ImageGroups {
  readonly groups: Int32Array;
  readonly groupCount: number;
}

const noLesion = 'no lesion counts';

function cocoFigures(set: BoxSet, { groups, groupCount }: ImageGroups, options: LesionOptions): CocoFigures {
  const categories = rankCategories(set);
  const summary = summariseCategories(categories);
  const bootstrapped = bootstrapGroups([cocoStatistic(categories, groups)], groupCount, options);
  const names: readonly (keyof CocoSummary)[] = cocoBootstrapFigures;
  const figure = (name: keyof CocoSummary): Figure =>
    withBootstrap(makeFigure(summary[name] ?? Number.NaN, [], noLesion), bootstrapped[names.indexOf(name)]);
  return {
    ap: figure('ap'),
    ap50: figure('ap50'),
    ap75: figure('ap75'),
    apSmall: figure('apSmall'),
    apMedium: figure('apMedium'),
    apLarge: figure('apLarge'),
    ar1: figure('ar1'),
    ar10: figure('ar10'),
    ar100: figure('ar100'),
    arSmall: figure('arSmall'),
    arMedium: figure('arMedium'),
    arLarge: figure('arLarge'),
  };
}

/**
 * A sensitivity read as a step is a count of lesions, so that it has the intervals of a proportion too: they take the
 * threshold as given and the lesions as independent, but hold at 0 and 1, where the bootstrap has none.
 */
function frocSensitivity(
  bootstrapped: BootstrappedFigure | undefined,
  lesions: number,
  { reading, level }: { reading: FrocReading; level?: number },
): Figure {
  if (reading === 'linear' || bootstrapped === undefined || !Number.isFinite(bootstrapped.value)) {
    return fromBootstrap(bootstrapped, noLesion);
  }
  return withBootstrap(
    proportion(Math.round(bootstrapped.value * lesions), lesions, noLesion, level),
    bootstrapped,
  );
}

/** FROC at the given rates with bootstrap intervals. */
export function frocFigures(
  hits: BoxHits,
  { groups, groupCount }: ImageGroups,
  options: BootstrapOptions & { hitRule: HitRule; rates: readonly number[]; reading: FrocReading },
): FrocFigures {
  const { rates, reading, hitRule } = options;
  const bootstrapped = bootstrapGroups([frocStatistic(hits, groups, rates, reading)], groupCount, options);
  const curve = frocCurve(hits);
  const end = curve[curve.length - 1]?.falsePositivesPerImage ?? 0;
  return {
    hitRule: describeHitRule(hitRule),
    reading,
    end,
    points: rates.map((rate, index) => ({
      falsePositivesPerImage: rate,
      sensitivity: frocSensitivity(bootstrapped[index], hits.lesionImage.length, options),
      reached: end >= rate,
    })),
    mean: fromBootstrap(bootstrapped[rates.length], noLesion),
  };
}

function lesionPoint(
  set: BoxSet,
  hits: BoxHits,
  point: ShownDetections,
  { groups, groupCount }: ImageGroups,
  options: LesionOptions,
): LesionPoint {
  const { shown, ...named } = point;
  const { found, missed, falsePositives } = lesionTableOf(hits, shown);
  const spacing = options.spacing ?? new Array<null>(set.imageCount).fill(null);
  const errors = localisationErrors(set, hits, shown, spacing);
  const bootstrapped = bootstrapGroups(
    [lesionTableStatistic(hits, shown, groups, groupCount), localisationStatistic(errors, groups)],
    groupCount,
    options,
  );
  const rate = (name: (typeof lesionTableFigures)[number]) => bootstrapped[lesionTableFigures.indexOf(name)];
  const distance = (name: (typeof localisationFigures)[number], reason: string) =>
    fromBootstrap(bootstrapped[lesionTableFigures.length + localisationFigures.indexOf(name)], reason);
  const noSpacing =
    found === 0 ? 'no lesion was found' : 'no image with a found lesion states its pixel spacing';
  return {
    ...named,
    found,
    missed,
    falsePositives,
    recall: withBootstrap(proportion(found, found + missed, noLesion, options.level), rate('recall')),
    precision: withBootstrap(
      proportion(found, found + falsePositives, 'nothing was marked', options.level),
      rate('precision'),
    ),
    f1: fromBootstrap(rate('f1'), noLesion),
    falsePositivesPerImage: fromBootstrap(rate('falsePositivesPerImage'), 'there are no images'),
    localisation: {
      meanPixels: distance('meanPixels', 'no lesion was found'),
      medianPixels: distance('medianPixels', 'no lesion was found'),
      meanMillimetres: distance('meanMillimetres', noSpacing),
      medianMillimetres: distance('medianMillimetres', noSpacing),
      meanOverlap: distance('meanOverlap', 'no lesion was found'),
    },
  };
}

/**
 * Everything that is reported of located lesions: COCO average precision, FROC (RibFrac's rules for volumes), the area
 * under the precision-recall curve, AFROC and wAFROC, and at each threshold recall, precision, false positives per image and the error of location. Intervals
 * resample groups.
 */
export function lesionLevel(set: BoxSet, imageGroups: ImageGroups, options: LesionOptions = {}): LesionLevel {
  const hitRule: HitRule = options.hitRule ?? { kind: 'iou', threshold: 0.5, strict: false };
  const hits = findHits(set, hitRule);
  const ratings = freeResponseRatings(hits);
  const normalImages = hits.normal.reduce((count, normal) => count + normal, 0);
  const { groups, groupCount } = imageGroups;
  const volumes = set.dimensions === 3;
  const area = (kind: AfrocKind, weighted: boolean): Figure => {
    const [bootstrapped] = bootstrapGroups(
      [afrocStatistic(ratings, groups, kind, weighted)],
      groupCount,
      options,
    );
    return fromBootstrap(
      bootstrapped,
      normalImages === 0 && kind === 'afroc' ? 'there are no normal images' : noLesion,
    );
  };
  return {
    images: set.imageCount,
    normalImages,
    groups: groupCount,
    lesions: hits.lesionImage.length,
    crowds: set.truth.crowd.reduce((count, crowd) => count + crowd, 0),
    detections: set.detections.count,
    coco: volumes ? null : cocoFigures(set, imageGroups, options),
    categoriesMerged: options.categoriesMerged ?? false,
    froc: frocFigures(hits, imageGroups, { ...options, hitRule, rates: frocRates, reading: 'step' }),
    ribFrac: volumes
      ? frocFigures(findHits(set, ribFracRule), imageGroups, {
          ...options,
          hitRule: ribFracRule,
          rates: ribFracRates,
          reading: 'linear',
        })
      : null,
    averagePrecision: fromBootstrap(
      bootstrapGroups([lesionPrecisionStatistic(hits, groups)], groupCount, options)[0],
      noLesion,
    ),
    afroc: area('afroc', false),
    wafroc: area('afroc', true),
    afroc1: area('afroc1', false),
    wafroc1: area('afroc1', true),
    operatingPoints: (options.points ?? []).map((point) =>
      lesionPoint(set, hits, point, imageGroups, options),
    ),
  };
}
