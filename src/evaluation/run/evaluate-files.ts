import { LucencyError } from '../../core/errors.js';
import { ModelRegistry } from '../../models/registry.js';
import { describeHitRule } from '../detection/hits.js';
import { type Evaluation, evaluationSchema } from '../evaluation.schema.js';
import type { NamedThreshold } from '../operating-point.schema.js';
import { readImageTable } from '../read/image-table.js';
import { withLesionTypes } from '../read/lesion-types.js';
import type { PredictionColumns } from '../read/predictions.js';
import { readPredictions } from '../read/read-predictions.js';
import { readTruth } from '../read/read-truth.js';
import type { TruthColumns } from '../read/truth.js';
import { cardPoints } from './card-points.js';
import type { EvaluationCases } from './cases.js';
import { compareCases } from './compare-cases.js';
import { type EvaluationCurves, type RankCurves, rankCurves } from './curves.js';
import { evaluateCases } from './evaluate-cases.js';
import { type ColumnThreshold, type EvaluateOptions, settle } from './evaluate-options.js';
import { calledPoints, chooseThresholds, fixedThresholds } from './operating-points.js';
import { type CaseOptions, prepareCases } from './prepare-cases.js';

/** Thresholds chosen by rules on other images. */
export interface ThresholdChoice {
  /** Such as `youden` or `sensitivity>=0.95`. */
  readonly rules: readonly string[];
  /** Conditions that pick the other images from the same files, such as `fold=1`. */
  readonly where?: readonly string[] | undefined;
  /** Or predictions of another set, with its truth (by default the same truth file). */
  readonly predictions?: string | undefined;
  readonly truth?: string | undefined;
}

/** Files and choices of one evaluation. */
export interface EvaluateFilesOptions extends EvaluateOptions, CaseOptions, TruthColumns {
  readonly truth: string;
  readonly predictions: string;
  /** CSV of facts of each image: groups, regions, anything to break down by. */
  readonly images?: string | undefined;
  /** CSV of the types of annotations, with `typeColumn`. */
  readonly types?: string | undefined;
  readonly scoreColumn?: string | undefined;
  /** Thresholds fixed beforehand. */
  readonly fixedThresholds?: readonly number[] | undefined;
  readonly fixedBoxThresholds?: readonly number[] | undefined;
  readonly thresholdChoice?: ThresholdChoice | undefined;
  /** Model whose card gives operating points, and the column of the body region that they may depend on. */
  readonly card?: { readonly id: string; readonly models?: string; readonly column?: string } | undefined;
  /** Predictions of another model for the same images. */
  readonly compare?: string | undefined;
  readonly compareScoreColumn?: string | undefined;
  readonly version: string;
  /** Arguments that repeat the evaluation; null for the library. */
  readonly command?: readonly string[] | undefined;
}

export interface EvaluationResult {
  readonly evaluation: Evaluation;
  readonly curves: EvaluationCurves;
  /** Curves of the other model; null without one. */
  readonly otherCurves: RankCurves | null;
  readonly names: { readonly own: string; readonly other: string | null };
}

async function readCases(
  options: EvaluateFilesOptions,
  predictions: string,
  columns: PredictionColumns,
  where: readonly string[] | undefined,
  truthPath = options.truth,
): Promise<EvaluationCases> {
  const rated = options.types !== undefined;
  const plain = await readTruth(truthPath, rated ? { ...options, typeColumn: undefined } : options);
  const truth =
    options.types === undefined
      ? plain
      : await withLesionTypes(plain, options.types, options.typeColumn ?? 'type');
  const images = options.images === undefined ? null : await readImageTable(options.images, undefined);
  return prepareCases(truth, images, await readPredictions(predictions, columns), { ...options, where });
}

async function chosenThresholds(
  options: EvaluateFilesOptions,
  predictions: string,
  columns: PredictionColumns,
  reported: EvaluationCases,
): Promise<NamedThreshold[]> {
  const choice = options.thresholdChoice;
  if (choice === undefined || choice.rules.length === 0) return [];
  if (choice.where === undefined && choice.predictions === undefined) {
    const reason =
      'A threshold rule needs images that are not the ones reported: name them with --threshold-where or --threshold-set';
    throw new LucencyError('LUC_USAGE_INVALID', { reason });
  }
  const cases = await readCases(
    options,
    choice.predictions ?? predictions,
    columns,
    choice.where,
    choice.truth,
  );
  const description = [choice.predictions ?? predictions, ...(choice.where ?? [])].join(', ');
  return chooseThresholds(choice.rules, cases, reported, description);
}

/** Name of a model in tables and plots: the score column where there is one, else the file. */
function modelName(cases: EvaluationCases): string {
  const { scoreColumn, path } = cases.data.predictions;
  const generic = scoreColumn === null || ['score', 'probability', 'prediction', 'p'].includes(scoreColumn);
  return generic ? path.slice(path.replaceAll('\\', '/').lastIndexOf('/') + 1) : scoreColumn;
}

async function pointsOfCard(
  { card }: EvaluateFilesOptions,
  cases: EvaluationCases,
): Promise<ColumnThreshold[]> {
  if (card === undefined) return [];
  const registry = await ModelRegistry.open(card.models);
  return cardPoints(registry, card.id, card.column ?? 'region', cases);
}

async function measureOther(options: EvaluateFilesOptions, fixed: readonly NamedThreshold[]) {
  if (options.compare === undefined) return null;
  const columns: PredictionColumns = { idColumn: options.idColumn, scoreColumn: options.compareScoreColumn };
  const cases = await readCases(options, options.compare, columns, options.where);
  // A file of thresholds of the first model says nothing about the second.
  const separate = options.thresholdChoice?.predictions !== undefined;
  const chosen = separate ? [] : await chosenThresholds(options, options.compare, columns, cases);
  return { cases, points: calledPoints(cases, [...fixed, ...chosen]) };
}

/**
 * Evaluates predictions in files against truth in files. The same files, options and seed give the same document.
 *
 * @throws LucencyError of the areas EVALUATION and TABLE for files, ids and options that cannot be used
 */
export async function evaluateFiles(options: EvaluateFilesOptions): Promise<EvaluationResult> {
  const columns: PredictionColumns = { idColumn: options.idColumn, scoreColumn: options.scoreColumn };
  options.onStage?.('reading');
  const cases = await readCases(options, options.predictions, columns, options.where);
  const fixed = fixedThresholds(options.fixedThresholds ?? []);
  const chosen = await chosenThresholds(options, options.predictions, columns, cases);
  const settled = settle({
    ...options,
    thresholds: [...fixed, ...chosen],
    columnThresholds: [...(options.columnThresholds ?? []), ...(await pointsOfCard(options, cases))],
    ...(options.fixedBoxThresholds === undefined
      ? {}
      : { boxThresholds: fixedThresholds(options.fixedBoxThresholds) }),
  });
  const measured = evaluateCases(cases, settled);
  const other = await measureOther(options, fixed);
  const own = modelName(cases);
  const otherName = other === null ? null : modelName(other.cases);
  if (other !== null) settled.onStage?.('comparison');
  const compared =
    other === null
      ? { comparison: null, reason: null }
      : compareCases(own, cases, measured.points, { ...other, name: otherName ?? '' }, settled);
  const comparisonNote = compared.reason === null ? [] : [`The models are not compared: ${compared.reason}.`];
  const evaluation: Evaluation = {
    schema: 'lucency.evaluation/1',
    software: { name: 'lucency', version: options.version },
    command: options.command === undefined ? null : [...options.command],
    settings: {
      level: settled.level,
      replicates: settled.replicates,
      permutations: settled.permutations,
      seed: settled.seed,
      group: options.group ?? null,
      by: [...settled.by],
      where: [...(options.where ?? [])],
      once: options.once ?? null,
      minimum: settled.minimum,
      prevalence: settled.prevalence ?? null,
      hitRule: describeHitRule(settled.hitRule),
      calibrationBins: settled.calibrationBins,
    },
    data: cases.data,
    ...measured.parts,
    comparison:
      compared.comparison === null || other === null
        ? null
        : {
            ...compared.comparison,
            other: { path: other.cases.data.predictions.path, sha256: other.cases.data.predictions.sha256 },
          },
    notes: [...measured.parts.notes, ...comparisonNote],
  };
  return {
    // The schema admits no NaN and no infinity: a figure that slipped through unexplained stops here.
    evaluation: evaluationSchema.parse(evaluation),
    curves: measured.curves,
    otherCurves: other === null ? null : rankCurves(other.cases),
    names: { own, other: otherName },
  };
}
