import { LucencyError } from '../../core/errors.js';
import type { ClassificationLevel, Evaluation } from '../../evaluation/evaluation.schema.js';
import { mainInterval } from '../../evaluation/figure.js';
import type { Figure } from '../../evaluation/figure.schema.js';
import type { OperatingPoint } from '../../evaluation/operating-point.schema.js';
import type { Card } from '../../models/card.js';
import { intervalMethodNames } from './figure-words.js';

type Fact = Card['results'][number];

/** What all facts of one evaluation share. */
interface Frame {
  readonly set: string;
  readonly simulated: boolean;
  readonly bootstrap: string;
}

interface Sizes {
  readonly subset: string;
  readonly unit: Fact['unit'];
  readonly n: number;
  readonly positives: number | null;
}

function factOf(frame: Frame, sizes: Sizes, metric: string, figure: Figure, note?: string): Fact[] {
  if (figure.value === null || sizes.n === 0) return [];
  const interval = mainInterval(figure);
  const resampled = interval?.method === 'bca' || interval?.method === 'percentile';
  const method =
    interval === null
      ? (figure.intervals.find(({ reason }) => reason !== undefined)?.reason ?? 'no interval was computed')
      : `${intervalMethodNames[interval.method]}${resampled ? `, ${frame.bootstrap}` : ''}`;
  return [
    {
      metric,
      value: figure.value,
      interval: interval === null ? null : [interval.lower, interval.upper],
      level: 0.95,
      intervalMethod: method,
      set: frame.set,
      ...sizes,
      simulated: frame.simulated,
      ...(note === undefined ? {} : { note }),
    },
  ];
}

function pointFacts(frame: Frame, sizes: Sizes, point: OperatingPoint): Fact[] {
  const { figures, name, threshold, rule } = point;
  const note = threshold === null ? rule : `at the threshold ${threshold}`;
  const positives = point.truePositives + point.falseNegatives;
  const negatives = point.falsePositives + point.trueNegatives;
  return [
    ...factOf(frame, { ...sizes, positives }, `sensitivity (${name})`, figures.sensitivity, note),
    ...factOf(
      frame,
      { ...sizes, positives },
      `specificity (${name})`,
      figures.specificity,
      `${note}; ${negatives} negatives`,
    ),
  ];
}

function levelFacts(frame: Frame, level: ClassificationLevel): Fact[] {
  const sizes: Sizes = {
    subset: 'all',
    unit: level.unit === 'image' ? 'image' : 'patient-group',
    n: level.items,
    positives: level.positives,
  };
  return [
    ...factOf(frame, sizes, 'AUC', level.auc),
    ...factOf(frame, sizes, 'AP', level.averagePrecision),
    ...level.operatingPoints.flatMap((point) => pointFacts(frame, sizes, point)),
  ];
}

function lesionFacts(frame: Frame, { lesionLevel }: Evaluation): Fact[] {
  if (lesionLevel === null) return [];
  const { images, lesions, coco, froc, wafroc } = lesionLevel;
  const boxes: Sizes = { subset: 'all', unit: 'box', n: images, positives: lesions };
  const fractures: Sizes = { subset: 'all', unit: 'fracture', n: lesions, positives: lesions };
  const half = froc.points.find(({ falsePositivesPerImage }) => falsePositivesPerImage === 0.5);
  return [
    ...(coco === null ? [] : factOf(frame, boxes, 'AP@0.5', coco.ap50)),
    ...(coco === null ? [] : factOf(frame, boxes, 'AP@0.5:0.95', coco.ap)),
    ...(half === undefined
      ? []
      : factOf(
          frame,
          fractures,
          'sensitivity per fracture at 0.5 false boxes per image',
          half.sensitivity,
          froc.hitRule,
        )),
    ...factOf(frame, boxes, 'wAFROC area', wafroc),
  ];
}

function typeFacts(frame: Frame, { types }: Evaluation): Fact[] {
  if (types === null) return [];
  const sizes: Sizes = { subset: 'all', unit: 'fracture', n: types.items, positives: null };
  return [
    ...factOf(frame, sizes, 'accuracy of the type', types.accuracy),
    ...factOf(frame, sizes, 'macro F1 of the type', types.macroF1),
    ...factOf(frame, sizes, "Cohen's kappa of the type", types.kappa),
    ...(types.conformal === null
      ? []
      : factOf(frame, sizes, 'coverage of the conformal set', types.conformal.coverage)),
  ];
}

function subgroupFacts(frame: Frame, { breakdowns, imageLevel }: Evaluation): Fact[] {
  if (imageLevel === null) return [];
  return breakdowns.flatMap(({ column, subgroups }) =>
    subgroups.flatMap(({ value, items, positives, auc, averagePrecision, operatingPoints }) => {
      const sizes: Sizes = { subset: `${column}: ${value}`, unit: 'image', n: items, positives };
      return [
        ...factOf(frame, sizes, 'AUC', auc),
        ...factOf(frame, sizes, 'AP', averagePrecision),
        ...operatingPoints.flatMap(({ name, sensitivity, specificity }) => [
          ...factOf(frame, sizes, `sensitivity (${name})`, sensitivity),
          ...factOf(frame, sizes, `specificity (${name})`, specificity),
        ]),
      ];
    }),
  );
}

/**
 * The rows that go into `results` of a model card: every headline figure of an evaluation with interval, set and size.
 * Figures without a value are left out.
 *
 * @param set the exact set, such as "FracAtlas fold 0 (held out)"
 * @throws LUC_REPORT_LEVEL when the intervals are not at 95 %, as cards demand
 */
export function modelFacts(evaluation: Evaluation, set: string): Fact[] {
  const { settings, data, calibration } = evaluation;
  if (settings.level !== 0.95) throw new LucencyError('LUC_REPORT_LEVEL', { level: settings.level });
  const frame: Frame = {
    set,
    simulated: data.simulated,
    bootstrap: `${settings.replicates} replicates, seed ${settings.seed}`,
  };
  const all: Sizes = { subset: 'all', unit: 'image', n: calibration?.items ?? 0, positives: data.positives };
  return [
    ...(evaluation.imageLevel === null ? [] : levelFacts(frame, evaluation.imageLevel)),
    ...(evaluation.groupLevel === null ? [] : levelFacts(frame, evaluation.groupLevel)),
    ...(calibration === null
      ? []
      : factOf(
          frame,
          all,
          `ECE (${calibration.equalMass.bins} equal-mass bins)`,
          calibration.equalMass.error,
        )),
    ...lesionFacts(frame, evaluation),
    ...typeFacts(frame, evaluation),
    ...subgroupFacts(frame, evaluation),
  ];
}
