import { stat } from 'node:fs/promises';
import path from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { LucencyError } from '../../core/errors.js';
import { hitRuleForms, parseHitRule } from '../../evaluation/detection/hits.js';
import { parseThresholdRule, thresholdRuleForms } from '../../evaluation/roc/threshold-rules.js';
import {
  type EvaluateFilesOptions,
  evaluateFiles,
  type PointOptions,
} from '../../evaluation/run/evaluate-files.js';
import type { EvaluateOptions } from '../../evaluation/run/evaluate-options.js';
import type { CaseOptions } from '../../evaluation/run/prepare-cases.js';
import { packageVersion } from '../../models/package-version.js';
import { evaluationFiles, resultsFile } from '../../report/metrics/evaluation-files.js';
import { evaluationTables } from '../../report/metrics/tables.js';
import { anyNumber, fraction, wholeNumber } from '../number-options.js';
import { printResult, type ResultFlags } from '../print-result.js';
import { eraseLine, toStderr } from '../terminal.js';

interface Flags extends ResultFlags {
  truth: string;
  predictions: string;
  images?: string;
  types?: string;
  idColumn?: string;
  labelColumn?: string;
  positive?: string;
  scoreColumn?: string;
  typeColumn?: string;
  group?: string;
  where?: string[];
  once?: string;
  allowUnmatched?: boolean;
  refused: 'exclude' | 'positive' | 'negative';
  thresholds?: number[];
  boxThresholds?: number[];
  thresholdRule?: string[];
  thresholdWhere?: string[];
  thresholdSet?: string;
  thresholdTruth?: string;
  card?: string;
  models?: string;
  cardColumn: string;
  prevalence?: number;
  by?: string[];
  minSubgroup: number;
  hit: string;
  bins: number;
  partialAuc: number;
  kappa: 'linear' | 'quadratic';
  compare?: string;
  compareScoreColumn?: string;
  level: number;
  replicates: number;
  permutations: number;
  seed: number;
  quiet?: boolean;
}

function names(text: string): string[] {
  return text.split(',').map((name) => name.trim());
}

function numbers(text: string): number[] {
  return names(text).map(anyNumber);
}

function rules(text: string): string[] {
  return names(text).map((rule) => {
    parseThresholdRule(rule);
    return rule;
  });
}

/** An option that may be given again and again. */
function collect(text: string, earlier: string[] | undefined): string[] {
  return [...(earlier ?? []), text];
}

function share(text: string): number {
  const value = anyNumber(text);
  if (!(value > 0 && value <= 1)) throw new InvalidArgumentError('It must lie above 0 and at most at 1.');
  return value;
}

/** Leaves out what was not given, so that the library's own defaults hold. */
function given<T extends object>(values: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]: Exclude<T[K], undefined> };
}

function pointsOf(flags: Flags): PointOptions {
  const { thresholdRule, thresholdWhere, thresholdSet, thresholdTruth } = flags;
  if (thresholdRule === undefined && (thresholdWhere ?? thresholdSet ?? thresholdTruth) !== undefined) {
    throw new LucencyError('LUC_USAGE_INVALID', {
      reason: 'A set for thresholds was named, but no --threshold-rule.',
    });
  }
  const { card, cardColumn, models } = flags;
  return {
    thresholds: flags.thresholds,
    boxThresholds: flags.boxThresholds,
    choice:
      thresholdRule === undefined
        ? undefined
        : { rules: thresholdRule, where: thresholdWhere, predictions: thresholdSet, truth: thresholdTruth },
    card: card === undefined ? undefined : { id: card, column: cardColumn, ...given({ models }) },
  };
}

function casesOf({ group, where, once, allowUnmatched, refused }: Flags): CaseOptions {
  return { group, where, once, allowUnmatched, refused };
}

function measuresOf(flags: Flags): EvaluateOptions {
  return {
    ...given({ prevalence: flags.prevalence, by: flags.by }),
    minimum: flags.minSubgroup,
    hitRule: parseHitRule(flags.hit),
    calibrationBins: flags.bins,
    partialAucTo: flags.partialAuc,
    kappaWeights: flags.kappa,
    level: flags.level,
    replicates: flags.replicates,
    permutations: flags.permutations,
    seed: flags.seed,
  };
}

function filesOf(flags: Flags): Pick<EvaluateFilesOptions, 'truth' | 'predictions' | 'images' | 'compare'> {
  const { idColumn, labelColumn, positive, typeColumn, types, compare } = flags;
  return {
    truth: { path: flags.truth, idColumn, labelColumn, positive, typeColumn, types },
    predictions: { path: flags.predictions, idColumn, scoreColumn: flags.scoreColumn },
    images: flags.images,
    compare:
      compare === undefined ? undefined : { path: compare, idColumn, scoreColumn: flags.compareScoreColumn },
  };
}

/** Minutes of work must not end in "it already exists". */
async function refuseOverwriting({ out, force }: Flags): Promise<void> {
  if (out === undefined || force) return;
  const file = path.join(out, resultsFile);
  const present = await stat(file).then(
    () => true,
    () => false,
  );
  if (present) throw new LucencyError('LUC_USAGE_OUTPUT_EXISTS', { path: file });
}

function progress(stage: string): void {
  eraseLine();
  toStderr(`${stage} ...`);
}

function clearProgress(): void {
  eraseLine();
}

/** Adds the options that decide which figures are given. */
function withFigureOptions(command: Command): Command {
  return command
    .option('--prevalence <share>', 'give predictive values at this prevalence as well', fraction)
    .option('--by <columns>', 'break everything down by these columns', names)
    .option('--min-subgroup <number>', 'fewer cases than this: too few to say', wholeNumber(1), 20)
    .option('--hit <rule>', `when a box finds a lesion: ${hitRuleForms}`, 'iou>=0.5')
    .option('--bins <number>', 'bins of the calibration errors', wholeNumber(1), 15)
    .option('--partial-auc <rate>', 'partial AUC up to this false positive rate', share, 0.1)
    .addOption(
      new Option('--kappa <weights>', 'weights of the weighted kappa of types')
        .choices(['linear', 'quadratic'])
        .default('linear'),
    )
    .option('--compare <file>', 'predictions of another model for the same images')
    .option('--compare-score-column <name>', 'column of its scores')
    .option('--level <number>', 'confidence level', fraction, 0.95)
    .option('--replicates <number>', 'bootstrap replicates', wholeNumber(100), 2000)
    .option('--permutations <number>', 'permutations of the tests', wholeNumber(99), 5000)
    .option('--seed <number>', 'seed of bootstrap and permutations', wholeNumber(0), 1);
}

/** `lucency evaluate`: measures predictions against truth. */
export function evaluateCommand(): Command {
  return withFigureOptions(
    new Command('evaluate')
      .description('measure predictions against truth: every figure with its interval')
      .requiredOption('--truth <file>', 'COCO, or CSV of labels')
      .requiredOption(
        '--predictions <file>',
        'readings (lucency analyze --json --all-candidates), COCO results, or CSV of scores',
      )
      .option('--images <file>', 'CSV of facts of each image: group, region, view, hardware, anything')
      .option('--types <file>', 'CSV of the types of annotations (annotation_id and --type-column)')
      .option(
        '--id-column <name>',
        'column of the image ids in tables (default: image, image_id, file_name, ...)',
      )
      .option('--label-column <name>', 'column of the truth (default: label, fractured, ...)')
      .option('--positive <text>', 'cell of the truth that means diseased, where it is not 1, yes or true')
      .option('--score-column <name>', 'column of the scores (default: score, probability, combined)')
      .option('--type-column <name>', 'column of the true types')
      // Which images, and what belongs together
      .option(
        '--group <column>',
        'images of one patient: resampled together, and measured as one item as well',
      )
      .option(
        '--where <condition>',
        'only images with column=value (or column!=value); may be repeated',
        collect,
      )
      .option('--once <column>', 'images with the same value of this column (copies) count once')
      .option('--allow-unmatched', 'evaluate the images that truth and predictions both name')
      .addOption(
        new Option('--refused <kind>', 'what a refusal to read counts as')
          .choices(['exclude', 'positive', 'negative'])
          .default('exclude'),
      )
      // Operating points
      .option('--thresholds <numbers>', 'on the score of the image, fixed beforehand', numbers)
      .option('--box-thresholds <numbers>', 'on the score of a box, fixed beforehand', numbers)
      .option('--threshold-rule <rules>', `choose on other images: ${thresholdRuleForms}`, rules)
      .option('--threshold-where <condition>', 'these are the other images; may be repeated', collect)
      .option('--threshold-set <file>', 'or predictions of another set')
      .option('--threshold-truth <file>', 'and its truth (default: that of --truth)')
      .option(
        '--card <id>',
        'operating points of the card of this model, which must not have seen the images',
      )
      .option('--models <folder>', 'folder of models that holds the card')
      .option('--card-column <name>', 'column of the body region, which thresholds may depend on', 'region')
      // Output
      .option('--out <folder>', 'write document, figures, tables and plots there')
      .option('--json', 'print one JSON document and nothing else')
      .option('--force', 'with --out: replace earlier results')
      .option('--quiet', 'no progress on standard error')
      .action(async (flags: Flags, command: Command) => {
        const measures = measuresOf(flags);
        const points = pointsOf(flags);
        await refuseOverwriting(flags);
        const shown = !flags.quiet && process.stderr.isTTY === true;
        const result = await evaluateFiles({
          ...filesOf(flags),
          cases: casesOf(flags),
          points,
          measures: shown ? { ...measures, onStage: progress } : measures,
          version: packageVersion(),
          command: ['lucency', 'evaluate', ...argumentsOf(command)],
        }).finally(() => (shown ? clearProgress() : undefined));
        const { evaluation } = result;
        const tables = evaluationTables(evaluation);
        const files = () => evaluationFiles(result);
        await printResult({ document: evaluation, tables, warnings: evaluation.notes, files }, flags);
      }),
  );
}

/** The options that decide the numbers, as they were given; where the output goes does not belong to them. */
function argumentsOf(command: Command): string[] {
  return command.options.flatMap((option) => {
    const name = option.attributeName();
    const value: unknown = command.getOptionValue(name);
    const skipped = ['json', 'out', 'force', 'quiet'].includes(name);
    if (skipped || command.getOptionValueSource(name) === 'default' || value === undefined) return [];
    const flag = option.long ?? '';
    if (value === true) return [flag];
    const repeated = name === 'where' || name === 'thresholdWhere';
    if (Array.isArray(value) && repeated) return value.flatMap((item) => [flag, String(item)]);
    return [flag, Array.isArray(value) ? value.join(',') : String(value)];
  });
}
