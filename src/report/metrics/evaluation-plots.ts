import type { FrocPoint } from '../../evaluation/detection/froc.js';
import type { Evaluation } from '../../evaluation/evaluation.schema.js';
import type { EvaluationResult } from '../../evaluation/run/evaluate-files.js';
import { confusionPlot } from '../plots/confusion-plot.js';
import {
  decisionPlot,
  frocPlot,
  lesionPrecisionPlot,
  precisionRecallPlot,
  reliabilityPlot,
  rocPlot,
  wafrocPlot,
} from '../plots/evaluation-curves.js';
import type { PlotSpec } from '../plots/render.js';
import { type SubgroupMeasure, subgroupPlot, subgroupRows } from '../plots/subgroup-plot.js';
import type { Table } from '../tables/table.js';

/** A plot and the numbers that it shows. */
export interface EvaluationPlot {
  /** File name without extension. */
  readonly name: string;
  readonly spec: PlotSpec;
  readonly numbers: Table;
}

function numbers(
  title: string,
  head: readonly string[],
  rows: readonly (readonly (string | number | null)[])[],
): Table {
  return {
    title,
    head,
    rows: rows.map((row) => row.map((cell) => (cell === null ? '' : String(cell)))),
    notes: [],
  };
}

function rankPlots({ evaluation, curves, otherCurves, names }: EvaluationResult): EvaluationPlot[] {
  const level = evaluation.imageLevel;
  const { roc, precisionRecall } = curves;
  if (level === null || roc === null || precisionRecall === null) return [];
  const other = names.other ?? 'other';
  const rocs = [
    { name: names.own, points: roc, figure: level.auc },
    ...(otherCurves?.roc ? [{ name: other, points: otherCurves.roc, figure: null }] : []),
  ];
  const precisions = [
    { name: names.own, points: precisionRecall, figure: level.averagePrecision },
    ...(otherCurves?.precisionRecall
      ? [{ name: other, points: otherCurves.precisionRecall, figure: null }]
      : []),
  ];
  return [
    {
      name: 'roc',
      spec: rocPlot(level, rocs, evaluation.settings.level),
      numbers: numbers(
        'ROC curve',
        ['model', 'threshold', 'false_positive_rate', 'sensitivity'],
        rocs.flatMap(({ name, points }) =>
          points.map((p) => [name, p.threshold, p.falsePositiveRate, p.sensitivity]),
        ),
      ),
    },
    {
      name: 'precision-recall',
      spec: precisionRecallPlot(level, precisions, evaluation.settings.level),
      numbers: numbers(
        'Precision-recall curve',
        ['model', 'threshold', 'recall', 'precision'],
        precisions.flatMap(({ name, points }) =>
          points.map((p) => [name, p.threshold, p.recall, p.precision]),
        ),
      ),
    },
  ];
}

function frocNumbers(points: readonly FrocPoint[]): Table {
  return numbers(
    'FROC curve',
    ['threshold', 'false_positives_per_image', 'sensitivity'],
    points.map((p) => [p.threshold, p.falsePositivesPerImage, p.sensitivity]),
  );
}

function lesionPlots({ evaluation: { lesionLevel }, curves: { lesions }, names }: EvaluationResult) {
  if (lesionLevel === null || lesions === null) return [];
  const { froc, ribFrac, precisionRecall, wafroc } = lesions;
  const plots: EvaluationPlot[] = [
    {
      name: 'froc',
      spec: frocPlot(lesionLevel, lesionLevel.froc, froc, names.own),
      numbers: frocNumbers(froc),
    },
  ];
  if (ribFrac !== null && lesionLevel.ribFrac !== null) {
    const spec = frocPlot(lesionLevel, lesionLevel.ribFrac, ribFrac, names.own);
    plots.push({ name: 'froc-ribfrac', spec, numbers: frocNumbers(ribFrac) });
  }
  plots.push({
    name: 'lesion-precision-recall',
    spec: lesionPrecisionPlot(lesionLevel, precisionRecall, names.own),
    numbers: numbers(
      'Precision-recall curve of located lesions',
      ['threshold', 'recall', 'precision'],
      precisionRecall.map((p) => [p.threshold, p.recall, p.precision]),
    ),
  });
  if (wafroc.length > 0) {
    plots.push({
      name: 'wafroc',
      spec: wafrocPlot(lesionLevel, wafroc, names.own),
      numbers: numbers(
        'Weighted AFROC curve',
        ['threshold', 'false_positive_fraction', 'weighted_lesion_fraction'],
        wafroc.map((p) => [p.threshold, p.falsePositiveFraction, p.lesionFraction]),
      ),
    });
  }
  return plots;
}

function calibrationPlots({ evaluation, names }: EvaluationResult): EvaluationPlot[] {
  const { calibration, imageLevel } = evaluation;
  if (calibration === null || imageLevel === null) return [];
  const reliability: EvaluationPlot = {
    name: 'reliability',
    spec: reliabilityPlot(calibration, names.own, evaluation.settings.level),
    numbers: numbers(
      'Reliability diagram',
      ['items', 'mean_score', 'observed', 'wilson_lower', 'wilson_upper'],
      calibration.reliability.map(({ items, meanScore, observed }) => {
        const wilson = observed.intervals.find(({ method }) => method === 'wilson');
        return [items, meanScore, observed.value, wilson?.lower ?? null, wilson?.upper ?? null];
      }),
    ),
  };
  const decision = calibration.decisionCurve;
  if (decision === null) return [reliability];
  return [
    reliability,
    {
      name: 'decision-curve',
      spec: decisionPlot(
        decision,
        imageLevel.positives / imageLevel.items,
        names.own,
        evaluation.settings.level,
      ),
      numbers: numbers(
        'Decision curve',
        ['threshold', 'net_benefit', 'lower', 'upper', 'call_all_positive'],
        decision.map((p) => [p.threshold, p.netBenefit, p.lower, p.upper, p.treatAll]),
      ),
    },
  ];
}

function typePlots({ types }: Evaluation): EvaluationPlot[] {
  if (types === null || types.items === 0) return [];
  return [
    {
      name: 'confusion-matrix',
      spec: confusionPlot(types),
      numbers: numbers(
        'Confusion matrix',
        ['true_type', ...types.classes],
        types.confusion.map((row, index) => [types.classes[index] ?? '', ...row]),
      ),
    },
  ];
}

function subgroupMeasures({
  imageLevel,
  lesionLevel,
}: Evaluation): { name: string; measure: SubgroupMeasure }[] {
  const area =
    imageLevel === null
      ? []
      : [
          {
            name: 'subgroups-auc',
            measure: { title: 'AUC', whole: imageLevel.auc, of: (s) => s.auc } satisfies SubgroupMeasure,
          },
        ];
  const points = (imageLevel?.operatingPoints ?? []).flatMap(({ name, figures }, index) =>
    (['sensitivity', 'specificity'] as const).map((kind) => ({
      name: `subgroups-${kind}-${name.replace(/[^a-z0-9.]+/gi, '-')}`,
      measure: {
        title: `${kind === 'sensitivity' ? 'Sensitivity' : 'Specificity'} at "${name}"`,
        whole: figures[kind],
        of: (subgroup) => subgroup.operatingPoints[index]?.[kind] ?? null,
      } satisfies SubgroupMeasure,
    })),
  );
  const half = lesionLevel?.froc.points.find(({ falsePositivesPerImage }) => falsePositivesPerImage === 0.5);
  const lesions =
    half === undefined
      ? []
      : [
          {
            name: 'subgroups-lesion-sensitivity',
            measure: {
              title: 'Sensitivity per lesion at 0.5 false positives per image',
              whole: half.sensitivity,
              of: (s) => s.lesions?.sensitivityAtHalf ?? null,
            } satisfies SubgroupMeasure,
          },
        ];
  return [...area, ...points, ...lesions];
}

function subgroupPlots(evaluation: Evaluation): EvaluationPlot[] {
  const { breakdowns } = evaluation;
  if (breakdowns.length === 0) return [];
  return subgroupMeasures(evaluation).map(({ name, measure }) => ({
    name,
    spec: subgroupPlot(breakdowns, measure, evaluation.settings.level),
    numbers: numbers(
      measure.title,
      ['column', 'value', 'images', 'positives', 'figure', 'lower', 'upper', 'reason'],
      subgroupRows(breakdowns, measure).map((r) => [
        r.column,
        r.value,
        r.images,
        r.positives,
        r.figure,
        r.lower,
        r.upper,
        r.reason,
      ]),
    ),
  }));
}

/** Every plot that an evaluation allows. */
export function evaluationPlots(result: EvaluationResult): EvaluationPlot[] {
  return [
    ...rankPlots(result),
    ...lesionPlots(result),
    ...calibrationPlots(result),
    ...typePlots(result.evaluation),
    ...subgroupPlots(result.evaluation),
  ];
}
