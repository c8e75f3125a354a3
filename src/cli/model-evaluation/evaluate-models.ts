import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { cellText } from '../../evaluation/csv-table.js';
import {
  type EvaluateFilesOptions,
  type EvaluationResult,
  evaluateFiles,
} from '../../evaluation/run/evaluate-files.js';
import { makeFolders } from '../../files/make-folders.js';
import { packageVersion } from '../../models/package-version.js';
import { ModelRegistry } from '../../models/registry.js';
import { cocoTruthOf, readFracAtlas } from './fracatlas-truth.js';
import { probabilityColumn, rawBoxThresholds, readStoredScores, type StoredScores } from './stored-scores.js';

export interface ModelEvaluationOptions {
  readonly models: string;
  /** Folder of FracAtlas; null: images only, no boxes. */
  readonly data: string | null;
  /** Folder for what is made on the way and not kept: the truth of the boxes. */
  readonly work: string;
  /** Bootstrap replicates. @default 2000 */
  readonly replicates?: number;
  readonly onStage?: (stage: string) => void;
}

/** One network on the same images as the combination, and the combination against it. */
export interface NetworkEvaluation {
  readonly id: string;
  readonly alone: EvaluationResult;
  readonly against: EvaluationResult;
}

/** Images, boxes or both of some folds. */
export interface FoldEvaluation {
  readonly folds: readonly string[];
  readonly combined: EvaluationResult;
  readonly boxes: EvaluationResult | null;
}

/** Everything that is measured of the shipped models. */
export interface ModelEvaluation {
  readonly scores: StoredScores;
  /** The folds that the shipped weights did not see. */
  readonly shipped: FoldEvaluation;
  /** Images of the shipped folds that show ankle or foot; null where the table does not tell. */
  readonly ankleAndFoot: EvaluationResult | null;
  readonly networks: readonly NetworkEvaluation[];
  /** All folds, each by networks that did not see it; null where these are the shipped folds. */
  readonly all: FoldEvaluation | null;
}

const breakdownColumns = ['region', 'hardware', 'frontal', 'lateral', 'oblique'];
/** Its values name the outcome, so that it picks images but does not break them down. */
const ankleColumn = 'ankle_foot';

/** Conditions that pick the reported images of some folds. */
function whereFolds({ table }: StoredScores, folds: readonly string[]): string[] {
  const others = new Set(table.rows.map((row) => cellText(row, 'fold')));
  for (const fold of folds) others.delete(fold);
  return ['role=report', ...[...others].sort().map((fold) => `fold!=${fold}`)];
}

class ModelEvaluator {
  readonly #options: ModelEvaluationOptions;
  readonly #scores: StoredScores;
  readonly #registry: ModelRegistry;

  constructor(options: ModelEvaluationOptions, scores: StoredScores, registry: ModelRegistry) {
    this.#options = options;
    this.#scores = scores;
    this.#registry = registry;
  }

  #images(folds: readonly string[], scoreColumn: string): EvaluateFilesOptions {
    const { file } = this.#scores;
    return {
      truth: { path: file },
      predictions: { path: file, scoreColumn },
      cases: { group: 'group', where: whereFolds(this.#scores, folds) },
      measures: { replicates: this.#options.replicates ?? 2000 },
      version: packageVersion(),
    };
  }

  /** Operating points of a card, where it has any for images. */
  #card(id: string): Pick<EvaluateFilesOptions, 'points'> {
    const { card } = this.#registry.get(id);
    const has = card.task !== 'detect' && card.operatingPoints.length > 0;
    return has ? { points: { card: { id, models: this.#options.models } } } : {};
  }

  async combined(folds: readonly string[], withPoints: boolean): Promise<EvaluationResult> {
    const { combiner, table } = this.#scores;
    this.#options.onStage?.(`${combiner.id}, folds ${folds.join(', ')}`);
    const images = this.#images(folds, 'combined');
    const by = breakdownColumns.filter((column) => table.columns.includes(column));
    return evaluateFiles({
      ...images,
      ...(withPoints ? this.#card(combiner.id) : {}),
      measures: { ...images.measures, by },
    });
  }

  async ankleAndFoot(folds: readonly string[]): Promise<EvaluationResult | null> {
    const { combiner, table } = this.#scores;
    if (!table.columns.includes(ankleColumn)) return null;
    const images = this.#images(folds, 'combined');
    return evaluateFiles({
      ...images,
      ...this.#card(combiner.id),
      cases: { ...images.cases, where: [...(images.cases?.where ?? []), `${ankleColumn}!=`] },
    });
  }

  async network(id: string, folds: readonly string[]): Promise<NetworkEvaluation> {
    const { combiner, file } = this.#scores;
    this.#options.onStage?.(id);
    const scoreColumn = probabilityColumn(id);
    return {
      id,
      alone: await evaluateFiles({ ...this.#images(folds, scoreColumn), ...this.#card(id) }),
      against: await evaluateFiles({
        ...this.#images(folds, 'combined'),
        ...this.#card(combiner.id),
        compare: { path: file, scoreColumn },
      }),
    };
  }

  /** Images of the table that were reported in these folds. */
  #reported(folds: readonly string[]): string[] {
    return this.#scores.table.rows.flatMap((row) =>
      cellText(row, 'role') === 'report' && folds.includes(cellText(row, 'fold'))
        ? [cellText(row, 'image')]
        : [],
    );
  }

  /** One file of boxes: that of the fold, or several joined. */
  async #boxFile(folds: readonly string[]): Promise<string> {
    const [first, ...others] = folds.map((fold) => this.#scores.boxesOf(fold));
    if (first === undefined || others.length === 0) return first ?? '';
    const lists = await Promise.all([first, ...others].map((file) => readFile(file, 'utf8')));
    const joined = lists.flatMap((text) => JSON.parse(text) as unknown[]);
    const file = path.join(this.#options.work, 'boxes.json');
    await writeFile(file, JSON.stringify(joined));
    return file;
  }

  async boxes(folds: readonly string[], withPoints: boolean): Promise<EvaluationResult | null> {
    const { data, work, onStage } = this.#options;
    if (data === null) return null;
    const { detector, file, table } = this.#scores;
    onStage?.(`${detector.id}, boxes of folds ${folds.join(', ')}`);
    const truth = path.join(work, 'fracatlas.coco.json');
    await makeFolders(work);
    const coco = cocoTruthOf(await readFracAtlas(data), this.#reported(folds));
    await writeFile(truth, `${JSON.stringify(coco)}\n`);
    const by = breakdownColumns.filter((column) => table.columns.includes(column));
    return evaluateFiles({
      truth: { path: truth },
      predictions: { path: await this.#boxFile(folds) },
      images: file,
      // Near-duplicates have boxes as well, but are counted once and so are not in the table of images.
      cases: { group: 'group', allowUnmatched: true },
      measures: {
        by,
        replicates: this.#options.replicates ?? 2000,
        ...(withPoints ? { boxThresholds: rawBoxThresholds(detector) } : {}),
      },
      version: packageVersion(),
    });
  }
}

/**
 * Measures the shipped models on the images that they did not see, from the scores and boxes that the training program
 * stored. Operating points are those of the cards; nothing is fitted or chosen here.
 *
 * @throws LUC_EVALUATION_*, LUC_MODEL_*, LUC_TABLE_*, LUC_USAGE_INVALID for a folder that is no FracAtlas
 */
export async function evaluateModels(options: ModelEvaluationOptions): Promise<ModelEvaluation> {
  const scores = await readStoredScores(options.models);
  const evaluator = new ModelEvaluator(options, scores, await ModelRegistry.open(options.models));
  const { shippedFolds, reportedFolds } = scores;
  const shipped = {
    folds: shippedFolds,
    combined: await evaluator.combined(shippedFolds, true),
    boxes: await evaluator.boxes(shippedFolds, true),
  };
  const networks: NetworkEvaluation[] = [];
  for (const id of scores.networks) networks.push(await evaluator.network(id, shippedFolds));
  const pooled = reportedFolds.length > shippedFolds.length;
  return {
    scores,
    shipped,
    ankleAndFoot: await evaluator.ankleAndFoot(shippedFolds),
    networks,
    all: pooled
      ? {
          folds: reportedFolds,
          combined: await evaluator.combined(reportedFolds, false),
          boxes: await evaluator.boxes(reportedFolds, false),
        }
      : null,
  };
}
