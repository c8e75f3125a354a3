/**
 * The statistics of Lucency as a library (`lucency/evaluation`). Every function is documented where it is defined;
 * `docs/evaluation.md` explains the methods. Nothing here reads the network, and nothing but `evaluateFiles` reads files.
 */

// Bootstrap of groups
export { type BootstrapOptions, type BootstrappedFigure, bootstrapGroups } from './bootstrap/bootstrap.js';
export { createRandom, type Random } from './bootstrap/random.js';
export type { WeightedStatistic } from './bootstrap/weighted-statistic.js';
export { type Binning, equalMassBins, equalWidthBins, monotoneSweepBins } from './calibration/bins.js';
// Calibration
export { type BrierParts, brierDecomposition, brierScore } from './calibration/brier.js';
export type { DecisionPoint } from './calibration/calibration.schema.js';
export { calibrationError, calibrationErrorByChance } from './calibration/calibration-error.js';
export {
  type CalibrationOptions,
  calibrationFigures,
  decisionCurve,
} from './calibration/calibration-figures.js';
export { type RecalibrationFit, recalibrate } from './calibration/recalibration.js';
export { type ConfusionTable, callsAt, tableOf } from './confusion/table.js';
export { type TableOptions, tableFigures } from './confusion/table-figures.js';
export { tableStatistic } from './confusion/table-statistic.js';
// Meta-analysis
export { type CsvTable, parseCsv, readCsv } from './csv-table.js';
// Located lesions
export {
  type AfrocPoint,
  afrocArea,
  afrocCurve,
  type FreeResponseRatings,
  freeResponseRatings,
} from './detection/afroc.js';
export { type BoxSet, type DetectedBox, makeBoxSet, type TruthBox } from './detection/box-set.js';
export { type CocoSummary, cocoSummary } from './detection/coco-ap.js';
export { type FrocPoint, frocCurve, frocRates, ribFracRates } from './detection/froc.js';
export {
  type BoxHits,
  findHits,
  type HitRule,
  type HitTable,
  parseHitRule,
  ribFracRule,
} from './detection/hits.js';
export {
  frocFigures,
  type LesionOptions,
  lesionLevel,
  type ShownDetections,
} from './detection/lesion-level.js';
export { type LesionPrecisionPoint, lesionPrecisionCurve } from './detection/lesion-precision.js';
export { type LocalisationError, localisationErrors } from './detection/localisation.js';
// Whole evaluations
export { type Evaluation, evaluationSchema } from './evaluation.schema.js';
export { intervalOf, mainInterval } from './figure.js';
export type { Figure, Interval, IntervalMethod } from './figure.schema.js';
export { type MetaAnalysisOptions, metaAnalysis } from './meta-analysis/meta-analysis.js';
export { type MetaAnalysis, metaAnalysisSchema } from './meta-analysis/meta-analysis.schema.js';
export {
  checkStudies,
  type StudyCounts,
  type StudyTable,
  studiesFromTable,
} from './meta-analysis/study-table.js';
// Sample size
export { type SampleSizePlan, sampleSize } from './power/sample-size.js';
export { type SampleSize, sampleSizeSchema } from './power/sample-size.schema.js';
// Proportions and two-by-two tables
export { clopperPearsonInterval } from './proportions/clopper-pearson.js';
export { wilsonInterval } from './proportions/wilson.js';
// Reader studies
export { type CompareOptions, compareReaders } from './readers/compare-readers.js';
export type { ReaderStudy } from './readers/reader-study.js';
export { type ReaderComparison, readerComparisonSchema } from './readers/readers.schema.js';
export { readerStudyFromTable } from './readers/reading-table.js';
// ROC and precision-recall
export {
  averagePrecision,
  type PrecisionRecallPoint,
  precisionRecallCurve,
  type RocPoint,
  rocCurve,
} from './roc/curve.js';
export {
  type AucCovariance,
  type AucDifference,
  aucInterval,
  clusteredDelongCovariance,
  delongCovariance,
  pairedDelong,
  unpairedDelong,
} from './roc/delong.js';
export { type PartialAuc, partialAuc, partialAucBySensitivity } from './roc/partial-auc.js';
export { auc } from './roc/placements.js';
export { partialAucStatistic, rankStatistic } from './roc/rank-statistic.js';
export { makeScoredSet, type ScoredSet } from './roc/scored-set.js';
export { chooseThreshold, parseThresholdRule, type ThresholdRule } from './roc/threshold-rules.js';
export type { EvaluationCurves, LesionCurves } from './run/curves.js';
export { type EvaluateFilesOptions, type EvaluationResult, evaluateFiles } from './run/evaluate-files.js';
// Subgroups and comparisons
export { breakDown } from './subgroups/breakdown.js';
export type { BreakdownOptions, CalledPoint } from './subgroups/breakdown-options.js';
export { type ComparisonOptions, compareModels, type PairedCalls } from './subgroups/compare-models.js';
export { holm } from './subgroups/holm.js';
export { type McNemarTest, mcnemar } from './subgroups/mcnemar.js';
export {
  aucSwapTest,
  type PermutationOptions,
  type RateUnit,
  rateShuffleTest,
  signFlipTest,
} from './subgroups/permutation.js';
export { type ClassTable, classTable } from './types/class-table.js';
// Types
export { type KappaWeights, kappaFigure } from './types/kappa.js';
export { type TypeOptions, typeFigures } from './types/type-figures.js';
export { makeTypedSet, type TypedItem, type TypedSet } from './types/typed-set.js';
