import path from 'node:path';
import { LucencyError } from '../../core/errors.js';
import { type CsvTable, cellText, readCsv, requireColumn } from '../../evaluation/csv-table.js';
import { imagesSeenBy } from '../../evaluation/run/card-points.js';
import { logit, sigmoid } from '../../models/calibration.js';
import type { Card } from '../../models/card.js';
import { ModelRegistry } from '../../models/registry.js';

const probabilitySuffix = ' probability';

/** What the training program left in `models/evaluation/`, and the cards of the models that it is about. */
export interface StoredScores {
  readonly file: string;
  /** `image-scores.csv`: every network's and the combiner's probability of every image that it was not trained on. */
  readonly table: CsvTable;
  readonly combiner: Card;
  readonly detector: Card;
  /** Ids of the networks, in the order of the columns. */
  readonly networks: readonly string[];
  /** Folds that were reported: each by networks that saw nothing of it. */
  readonly reportedFolds: readonly string[];
  /** Those of them that the shipped weights themselves did not see. */
  readonly shippedFolds: readonly string[];
  /** Raw boxes of a fold, in COCO results format. */
  boxesOf(fold: string): string;
}

/** Column of the probability of a network. */
export function probabilityColumn(network: string): string {
  return `${network}${probabilitySuffix}`;
}

function cardOf(registry: ModelRegistry, task: Card['task'], among: readonly string[] | null): Card {
  const found = registry.all().find(({ card }) => card.task === task && (among?.includes(card.id) ?? true));
  if (found !== undefined) return found.card;
  throw new LucencyError('LUC_RADIOGRAPH_MODELS_INCOMPLETE', { path: registry.folder, task });
}

function foldsWhere(table: CsvTable, wanted: (id: string, role: string) => boolean): string[] {
  const folds = table.rows.flatMap((row) =>
    wanted(cellText(row, 'image'), cellText(row, 'role')) ? [cellText(row, 'fold')] : [],
  );
  return [...new Set(folds)].sort();
}

/**
 * Reads the stored scores.
 *
 * @param models folder of models
 * @throws LUC_IMAGE_NOT_FOUND, LUC_TABLE_*, LUC_MODEL_*, LUC_RADIOGRAPH_MODELS_INCOMPLETE
 */
export async function readStoredScores(models: string): Promise<StoredScores> {
  const registry = await ModelRegistry.open(models);
  const folder = path.join(models, 'evaluation');
  const file = path.join(folder, 'image-scores.csv');
  const table = await readCsv(file);
  for (const name of ['image', 'fold', 'role', 'group', 'fractured', 'combined'])
    requireColumn(table, [name]);
  const networks = table.columns
    .filter((column) => column.endsWith(probabilitySuffix))
    .map((column) => column.slice(0, -probabilitySuffix.length));
  const combiner = cardOf(registry, 'combine', null);
  const ids = await imagesSeenBy(registry, combiner.id);
  return {
    file,
    table,
    combiner,
    detector: cardOf(registry, 'detect', networks),
    networks,
    reportedFolds: foldsWhere(table, (_, role) => role === 'report'),
    shippedFolds: foldsWhere(table, (id, role) => role === 'report' && !ids.has(id)),
    boxesOf: (fold) => path.join(folder, `detector-fold${fold}.json`),
  };
}

/** The operating points of a detector on its raw box scores: the card states them on calibrated ones. */
export function rawBoxThresholds({ id, version, operatingPoints, calibration }: Card) {
  const { scale, shift } = calibration ?? { scale: 1, shift: 0 };
  return operatingPoints
    .filter(({ region }) => region === null)
    .map(({ certainty, threshold, rule, chosenOn }) => ({
      name: certainty,
      threshold: sigmoid((logit(threshold) - shift) / scale),
      rule: `card of ${id} ${version}: ${rule}; on the raw score`,
      chosenOn,
    }));
}
