import { LucencyError } from '../../core/errors.js';
import { type BoxSet, binItems } from './box-set.js';
import { overlap } from './overlap.js';

/**
 * When a detected box finds a lesion: by intersection over union (at least `threshold`, or more than it when
 * `strict`), or when its centre lies inside the lesion's box.
 */
export type HitRule =
  | { readonly kind: 'iou'; readonly threshold: number; readonly strict: boolean }
  | { readonly kind: 'centre' };

/** The rule of the RibFrac challenge: intersection over union above 0.2. */
export const ribFracRule: HitRule = { kind: 'iou', threshold: 0.2, strict: true };

/** What `parseHitRule` takes, for messages and help. */
export const hitRuleForms = 'iou>=X, iou>X, centre';

/**
 * Reads a rule such as `iou>=0.5` or `centre`.
 *
 * @throws LUC_EVALUATION_HIT_RULE
 */
export function parseHitRule(text: string): HitRule {
  const name = text.trim().toLowerCase();
  if (name === 'centre' || name === 'center') return { kind: 'centre' };
  const parts = /^iou\s*(>=|>)\s*(\d*\.?\d+)$/.exec(name);
  const threshold = Number(parts?.[2]);
  if (parts && threshold >= 0 && threshold < 1 && (threshold > 0 || parts[1] === '>')) {
    return { kind: 'iou', threshold, strict: parts[1] === '>' };
  }
  throw new LucencyError('LUC_EVALUATION_HIT_RULE', { rule: text, forms: hitRuleForms });
}

/** The rule in words, for reports. */
export function describeHitRule(rule: HitRule): string {
  if (rule.kind === 'centre') return 'the centre of the detected box lies inside the true box';
  return `intersection over union ${rule.strict ? 'above' : 'at least'} ${rule.threshold}`;
}

/** Outcome of a detection that is a false positive, and of one that is neither right nor wrong (on a crowd). */
export const falsePositive = -1;
export const neither = -2;

/** Which lesion each detection finds: all that FROC, AFROC and localisation are counted from. */
export interface HitTable {
  readonly imageCount: number;
  /** Image of each lesion that counts. */
  readonly lesionImage: Int32Array;
  /** Image of each detection. */
  readonly detectionImage: Int32Array;
  readonly scores: Float64Array;
  /** 1 for images without lesion and without crowd. */
  readonly normal: Uint8Array;
  /** Index of the lesion found, or `falsePositive`, or `neither`. */
  readonly outcome: Int32Array;
}

/** A hit table whose lesions and detections keep the numbers that they have in a box set. */
export interface BoxHits extends HitTable {
  /** Number of each lesion among the true boxes of the set. */
  readonly truthItem: Int32Array;
}

function centreInside(set: BoxSet, detection: number, truth: number): boolean {
  const { dimensions } = set;
  const stride = 2 * dimensions;
  for (let axis = 0; axis < dimensions; axis++) {
    const start = set.detections.boxes[detection * stride + axis] ?? 0;
    const centre = start + (set.detections.boxes[detection * stride + dimensions + axis] ?? 0) / 2;
    const low = set.truth.boxes[truth * stride + axis] ?? 0;
    const high = low + (set.truth.boxes[truth * stride + dimensions + axis] ?? 0);
    if (centre < low || centre > high) return false;
  }
  return true;
}

function satisfies(rule: HitRule, set: BoxSet, detection: number, truth: number, value: number): boolean {
  if (rule.kind === 'centre') return centreInside(set, detection, truth);
  return rule.strict ? value > rule.threshold : value >= rule.threshold;
}

/**
 * Assigns each detection to the lesion of its image that it overlaps most among those that the rule accepts, whatever
 * the category. A detection that finds no lesion but lies on a crowd is neither right nor wrong. Several detections may
 * find one lesion: the highest scored of them decides when it is found, the others are neither right nor wrong (the
 * rule of RibFrac and LUNA16).
 */
export function findHits(set: BoxSet, rule: HitRule): BoxHits {
  const { truth, detections, imageCount } = set;
  const truthBins = binItems(
    (item) => truth.image[item] ?? 0,
    imageCount,
    Int32Array.from(truth.image.keys()),
  );
  const truthItem = Int32Array.from(truth.image.keys()).filter((item) => truth.crowd[item] !== 1);
  const lesionOf = new Int32Array(truth.count).fill(neither);
  truthItem.forEach((item, lesion) => {
    lesionOf[item] = lesion;
  });
  const outcome = new Int32Array(detections.count).fill(falsePositive);
  for (let detection = 0; detection < detections.count; detection++) {
    const image = detections.image[detection] ?? 0;
    let best = -1;
    for (let at = truthBins.starts[image] ?? 0; at < (truthBins.starts[image + 1] ?? 0); at++) {
      const item = truthBins.items[at] ?? 0;
      const value = overlap(set, detection, item);
      if (!satisfies(rule, set, detection, item, value)) continue;
      const isLesion = truth.crowd[item] !== 1;
      // Any lesion goes before a crowd; among lesions the largest overlap, then the first.
      const merit = isLesion ? value : -0.5;
      if (merit <= best) continue;
      best = merit;
      outcome[detection] = lesionOf[item] ?? neither;
    }
  }
  return {
    imageCount,
    lesionImage: truthItem.map((item) => truth.image[item] ?? 0),
    detectionImage: detections.image,
    scores: detections.scores,
    normal: Uint8Array.from({ length: imageCount }, (_, image) =>
      truthBins.starts[image] === truthBins.starts[image + 1] ? 1 : 0,
    ),
    outcome,
    truthItem,
  };
}
