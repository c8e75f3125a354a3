import { LucencyError } from '../../core/errors.js';
import { mostProbable } from '../../core/finding-type.js';
import type { EvaluationData } from '../evaluation.schema.js';
import { type ImageTable, imageColumns } from '../read/image-table.js';
import { type IdMatch, matchIds } from '../read/match-ids.js';
import type { Predictions } from '../read/predictions.js';
import type { Truth } from '../read/truth.js';
import { nameSome } from '../read/unique-ids.js';
import type { TypedItem } from '../types/typed-set.js';
import { caseBoxes, type Pair } from './case-boxes.js';
import type { EvaluationCases } from './cases.js';
import { columnOf, firstOfEach, imagesWhere } from './image-filter.js';

export interface CaseOptions {
  /** Column that ties the images of one patient; every image by itself without. */
  readonly group?: string | undefined;
  /** Conditions that images must meet, such as `fold=0`. */
  readonly where?: readonly string[] | undefined;
  /** Column of which each value counts once. */
  readonly once?: string | undefined;
  /** Evaluate the images that both sides name instead of stopping. @default false */
  readonly allowUnmatched?: boolean | undefined;
  /** What a refusal to read counts as. @default 'exclude' */
  readonly refused?: 'exclude' | 'positive' | 'negative' | undefined;
}

/** At most this many ids are listed in the document. */
const listedIds = 20;

function match(truth: Truth, predictions: Predictions): IdMatch {
  const keys = predictions.items.map(({ key }) => key);
  if (predictions.kind !== 'coco-results')
    return matchIds(
      truth.images.map(({ id }) => id),
      keys,
    );
  if (truth.images.some(({ number }) => number === null)) {
    const reason =
      'COCO results number the images, but the truth is a table without these numbers; give the COCO file as truth';
    throw new LucencyError('LUC_EVALUATION_FILE_INVALID', { path: predictions.file.path, reason });
  }
  return matchIds(
    truth.images.map(({ number }) => String(number)),
    keys,
  );
}

function checkMatch(found: IdMatch, predictions: Predictions): void {
  if (found.contested.length === 0) return;
  throw new LucencyError('LUC_EVALUATION_DUPLICATE_PREDICTION', {
    path: predictions.file.path,
    count: found.contested.length,
    ids: nameSome(found.contested),
  });
}

/** Score of an image: of the prediction; of a refusal what the option says; of an image without boxes the lowest. */
function scoreOf(pair: Pair, lowest: number, highest: number, refused: CaseOptions['refused']): number {
  const { prediction } = pair;
  if (prediction === null) return Math.min(0, lowest);
  if (prediction.score !== null) return prediction.score;
  return refused === 'positive' ? Math.max(1, highest) : Math.min(0, lowest);
}

function typesOf(
  pairs: readonly Pair[],
  groups: readonly string[],
  predictions: Predictions,
): EvaluationCases['types'] {
  if (!predictions.hasTypes || predictions.kind !== 'scores') return null;
  const classes = new Set(
    pairs.flatMap(({ prediction }) => Object.keys(prediction?.type?.probabilities ?? {})),
  );
  let unknown = 0;
  const items = pairs.flatMap(({ image, prediction }, index): TypedItem[] => {
    if (image.type === null || prediction === null || prediction.type === null) return [];
    if (!classes.has(image.type)) {
      unknown++;
      return [];
    }
    const { probabilities, set } = prediction.type;
    const sets = set.length > 0 ? { set } : {};
    return [
      {
        truth: image.type,
        predicted: mostProbable(prediction.type),
        probabilities,
        ...sets,
        group: groups[index],
      },
    ];
  });
  return items.length + unknown === 0 ? null : { classes: [...classes], items, unknown };
}

function unmatchedError(
  missing: readonly string[],
  strangers: readonly string[],
  images: number,
): LucencyError {
  return new LucencyError('LUC_EVALUATION_UNMATCHED', {
    missing: missing.length,
    images,
    missingIds: missing.length === 0 ? 'none' : nameSome(missing),
    strangers: strangers.length,
    strangerIds: strangers.length === 0 ? 'none' : nameSome(strangers),
  });
}

/**
 * Brings truth, image table and predictions together.
 *
 * @throws LUC_EVALUATION_UNMATCHED, LUC_EVALUATION_DUPLICATE_PREDICTION, LUC_EVALUATION_NO_CASES,
 *   LUC_EVALUATION_COLUMN_MISSING, LUC_EVALUATION_CONDITION, LUC_EVALUATION_BOX, LUC_EVALUATION_CATEGORY
 */
export function prepareCases(
  truth: Truth,
  images: ImageTable | null,
  predictions: Predictions,
  options: CaseOptions = {},
): EvaluationCases {
  const refusedHandling = options.refused ?? 'exclude';
  const allColumns = imageColumns(truth, images);
  const chosen = imagesWhere(allColumns, truth.images.length, options.where ?? []);
  const once = options.once === undefined ? chosen : firstOfEach(allColumns, chosen, options.once);
  const found = match(truth, predictions);
  checkMatch(found, predictions);
  const everyPair = once.flatMap((number): Pair[] => {
    const image = truth.images[number];
    if (image === undefined) return [];
    return [{ number, image, prediction: predictions.items[found.predictionOf[number] ?? -1] ?? null }];
  });
  const missing = predictions.complete
    ? []
    : everyPair.filter(({ prediction }) => prediction === null).map(({ image }) => image.id);
  if (missing.length + found.strangers.length > 0 && !options.allowUnmatched) {
    throw unmatchedError(missing, found.strangers, everyPair.length);
  }
  const predicted = everyPair.filter(({ prediction }) => prediction !== null || predictions.complete);
  const isRefused = ({ prediction }: Pair) => prediction?.verdict === 'refused';
  const refused = predicted.filter(isRefused);
  const pairs = refusedHandling === 'exclude' ? predicted.filter((pair) => !isRefused(pair)) : predicted;
  if (pairs.length === 0) {
    const reason =
      everyPair.length === 0 ? 'no image meets the conditions' : 'none of the images has a prediction';
    throw new LucencyError('LUC_EVALUATION_NO_CASES', { reason });
  }
  const labelled = pairs.every(({ image }) => image.label !== null);
  const labels = labelled ? Uint8Array.from(pairs, ({ image }) => image.label ?? 0) : null;
  const groupNames = options.group === undefined ? null : columnOf(allColumns, options.group);
  // An image without a group is one of its own.
  const groups = pairs.map(({ number, image }) => {
    const name = groupNames?.[number] ?? '';
    return name === '' ? `image ${image.id}` : name;
  });
  const scored = predictions.items.flatMap(({ score }) => (score === null ? [] : [score]));
  const lowest = scored.reduce((least, score) => Math.min(least, score), Number.POSITIVE_INFINITY);
  const highest = scored.reduce((most, score) => Math.max(most, score), Number.NEGATIVE_INFINITY);
  const hasScores = predictions.kind !== 'scores' || predictions.scoreColumn !== null;
  const positivesAmong = (some: readonly Pair[]) =>
    labelled ? some.filter(({ image }) => image.label === 1).length : null;
  const data: EvaluationData = {
    truth: truth.file,
    predictions: { ...predictions.file, kind: predictions.kind, scoreColumn: predictions.scoreColumn },
    images: images?.file ?? null,
    items: pairs.length,
    positives: positivesAmong(pairs),
    negatives: labelled ? pairs.length - (positivesAmong(pairs) ?? 0) : null,
    groups: new Set(groups).size,
    matched: {
      exactly: found.exactly,
      byFileName: found.byFileName,
      byNameWithoutExtension: found.byNameWithoutExtension,
    },
    withoutPrediction: { count: missing.length, ids: missing.slice(0, listedIds) },
    withoutTruth: { count: found.strangers.length, ids: found.strangers.slice(0, listedIds) },
    refused: { count: refused.length, positives: positivesAmong(refused), handling: refusedHandling },
    filteredOut: truth.images.length - chosen.length,
    repeated: chosen.length - once.length,
    models: [...predictions.models],
    simulated:
      truth.simulated || predictions.models.some((model) => model.trainedOnSimulatedDataOnly === true),
  };
  return {
    ids: pairs.map(({ image }) => image.id),
    labels,
    scores: hasScores
      ? Float64Array.from(pairs, (pair) => scoreOf(pair, lowest, highest, refusedHandling))
      : null,
    groups,
    columns: new Map(
      [...allColumns].map(([name, values]) => [name, pairs.map(({ number }) => values[number] ?? '')]),
    ),
    verdicts:
      predictions.kind === 'readings' ? pairs.map(({ prediction }) => prediction?.verdict ?? null) : null,
    boxes: truth.hasBoxes && predictions.hasBoxes ? caseBoxes(pairs, truth, predictions, allColumns) : null,
    types: typesOf(pairs, groups, predictions),
    data,
  };
}
