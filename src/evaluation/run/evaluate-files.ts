import { LucencyError } from '../../core/errors.js';
import { ModelRegistry } from '../../models/registry.js';
import { describeHitRule } from '../detection/hits.js';
import { type Evaluation, evaluationSchema } from '../evaluation.schema.js';
import type { NamedThreshold } from '../operating-point.schema.js';
import { cardPoints } from './card-points.js';
import type { EvaluationCases } from './cases.js';
import { compareCases } from './compare-cases.js';
import { type EvaluationCurves, type RankCurves, rankCurves } from './curves.js';
import { evaluateCases } from './evaluate-cases.js';
import { type ColumnThreshold, type EvaluateOptions, type Settled, settle } from './evaluate-options.js';
import { EvaluationFiles, type PredictionSource, type TruthSource } from './evaluation-files.js';
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

/** Operating points: fixed beforehand, chosen on other images, or those of a model's card. */
export interface PointOptions {
  /** On the score of the image. */
  readonly thresholds?: readonly number[] | undefined;
  /** On the score of a box. */
  readonly boxThresholds?: readonly number[] | undefined;
  readonly choice?: ThresholdChoice | undefined;
  /** Model whose card gives operating points, and the column of the body region that they may depend on. */
  readonly card?: { readonly id: string; readonly models?: string; readonly column?: string } | undefined;
}

/** Files and choices of one evaluation. */
export interface EvaluateFilesOptions {
  readonly truth: TruthSource;
  readonly predictions: PredictionSource;
  /** CSV of facts of each image: groups, regions, anything to break down by. */
  readonly images?: string | undefined;
  /** Which images count, and how. */
  readonly cases?: CaseOptions;
  readonly points?: PointOptions;
  /** Predictions of another model for the same images. */
  readonly compare?: PredictionSource | undefined;
  /** What is measured of them. */
  readonly measures?: EvaluateOptions;
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

/** The cases of one set of predictions; `where` and `truth` may differ from those reported. */
async function readCases(
  { truth, images, cases }: EvaluateFilesOptions,
  files: EvaluationFiles,
  predictions: PredictionSource,
  other: { where?: readonly string[] | undefined; truth?: string | undefined } = { where: cases?.where },
): Promise<EvaluationCases> {
  const known = await files.truth({ ...truth, path: other.truth ?? truth.path });
  const table = images === undefined ? null : await files.images(images);
  return prepareCases(known, table, await files.predictions(predictions), { ...cases, where: other.where });
}

async function chosenThresholds(
  options: EvaluateFilesOptions,
  files: EvaluationFiles,
  predictions: PredictionSource,
  reported: EvaluationCases,
): Promise<NamedThreshold[]> {
  const choice = options.points?.choice;
  if (choice === undefined || choice.rules.length === 0) return [];
  if (choice.where === undefined && choice.predictions === undefined) {
    const reason =
      'A threshold rule needs images that are not the ones reported: name them with --threshold-where or --threshold-set';
    throw new LucencyError('LUC_USAGE_INVALID', { reason });
  }
  const source = { ...predictions, path: choice.predictions ?? predictions.path };
  const cases = await readCases(options, files, source, choice);
  return chooseThresholds(choice.rules, cases, reported, [source.path, ...(choice.where ?? [])].join(', '));
}

/** Name of a model in tables and plots: the score column where there is one, else the file. */
function modelName(cases: EvaluationCases): string {
  const { scoreColumn, path } = cases.data.predictions;
  const generic = scoreColumn === null || ['score', 'probability', 'prediction', 'p'].includes(scoreColumn);
  return generic ? path.slice(path.replaceAll('\\', '/').lastIndexOf('/') + 1) : scoreColumn;
}

async function pointsOfCard(card: PointOptions['card'], cases: EvaluationCases): Promise<ColumnThreshold[]> {
  if (card === undefined) return [];
  const registry = await ModelRegistry.open(card.models);
  return cardPoints(registry, card.id, card.column ?? 'region', cases);
}

async function measureOther(
  options: EvaluateFilesOptions,
  files: EvaluationFiles,
  fixed: readonly NamedThreshold[],
) {
  if (options.compare === undefined) return null;
  const cases = await readCases(options, files, options.compare);
  // A file of thresholds of the first model says nothing about the second.
  const separate = options.points?.choice?.predictions !== undefined;
  const chosen = separate ? [] : await chosenThresholds(options, files, options.compare, cases);
  return { cases, points: calledPoints(cases, [...fixed, ...chosen]) };
}

function settingsOf(settled: Settled, cases: CaseOptions | undefined): Evaluation['settings'] {
  return {
    level: settled.level,
    replicates: settled.replicates,
    permutations: settled.permutations,
    seed: settled.seed,
    group: cases?.group ?? null,
    by: [...settled.by],
    where: [...(cases?.where ?? [])],
    once: cases?.once ?? null,
    minimum: settled.minimum,
    prevalence: settled.prevalence ?? null,
    hitRule: describeHitRule(settled.hitRule),
    calibrationBins: settled.calibrationBins,
  };
}

/**
 * Evaluates predictions in files against truth in files. The same files, options and seed give the same document.
 *
 * @throws LucencyError of the areas EVALUATION and TABLE for files, ids and options that cannot be used
 */
export async function evaluateFiles(options: EvaluateFilesOptions): Promise<EvaluationResult> {
  const { predictions, points, measures } = options;
  measures?.onStage?.('reading');
  const files = new EvaluationFiles();
  const cases = await readCases(options, files, predictions);
  const fixed = fixedThresholds(points?.thresholds ?? []);
  const chosen = await chosenThresholds(options, files, predictions, cases);
  const settled = settle({
    ...measures,
    thresholds: [...fixed, ...chosen, ...(measures?.thresholds ?? [])],
    columnThresholds: [...(measures?.columnThresholds ?? []), ...(await pointsOfCard(points?.card, cases))],
    ...(points?.boxThresholds === undefined ? {} : { boxThresholds: fixedThresholds(points.boxThresholds) }),
  });
  const measured = evaluateCases(cases, settled);
  const other = await measureOther(options, files, fixed);
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
    settings: settingsOf(settled, options.cases),
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
