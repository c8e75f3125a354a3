import { largest } from '../../core/extremes.js';
import type { CalibrationFigures, DecisionPoint } from '../../evaluation/calibration/calibration.schema.js';
import type { AfrocPoint } from '../../evaluation/detection/afroc.js';
import type { FrocFigures, LesionLevel } from '../../evaluation/detection/detection.schema.js';
import type { FrocPoint } from '../../evaluation/detection/froc.js';
import type { LesionPrecisionPoint } from '../../evaluation/detection/lesion-precision.js';
import type { ClassificationLevel } from '../../evaluation/evaluation.schema.js';
import { mainInterval } from '../../evaluation/figure.js';
import type { Figure } from '../../evaluation/figure.schema.js';
import type { PrecisionRecallPoint, RocPoint } from '../../evaluation/roc/curve.js';
import { percent } from '../tables/numbers.js';
import { type Curve, curvePlot, diagonal, type MarkedPoint, shareAxis } from './curve-plot.js';
import type { PlotSpec } from './render.js';

/** A curve and the model that it belongs to; the figure of the evaluated model is told in the legend. */
export interface NamedCurve<Point> {
  readonly name: string;
  readonly points: readonly Point[];
  readonly figure: Figure | null;
}

function bounds(figure: Figure): readonly [number, number] | null {
  const interval = mainInterval(figure);
  return interval === null ? null : [interval.lower, interval.upper];
}

/** "combined: AUC 0.912 (0.880 to 0.940)". */
function label(name: string, measure: string, figure: Figure | null): string {
  if (figure === null || figure.value === null) return name;
  const interval = bounds(figure);
  const range = interval === null ? '' : ` (${interval[0].toFixed(3)} to ${interval[1].toFixed(3)})`;
  return `${name}: ${measure} ${figure.value.toFixed(3)}${range}`;
}

function counted({ items, positives }: ClassificationLevel, level: number): string {
  return `${items} images, ${positives} positive; bars and bounds: ${percent(level)} intervals`;
}

/** ROC curves, with the operating points of the evaluated model and the line of chance. */
export function rocPlot(
  images: ClassificationLevel,
  curves: readonly NamedCurve<RocPoint>[],
  level: number,
): PlotSpec {
  const marks = images.operatingPoints.flatMap(({ name, figures }): MarkedPoint[] => {
    const { sensitivity, specificity } = figures;
    if (sensitivity.value === null || specificity.value === null) return [];
    const interval = bounds(specificity);
    return [
      {
        name,
        x: 1 - specificity.value,
        y: sensitivity.value,
        xInterval: interval === null ? null : [1 - interval[1], 1 - interval[0]],
        yInterval: bounds(sensitivity),
      },
    ];
  });
  return curvePlot({
    title: 'ROC curve',
    subtitle: counted(images, level),
    description: `Sensitivity against false positive rate. ${curves.map(({ name, figure }) => label(name, 'AUC', figure)).join('; ')}.`,
    x: shareAxis('False positive rate (1 \u2212 specificity)'),
    y: shareAxis('Sensitivity'),
    curves: curves.map(({ name, points, figure }) => ({
      name: label(name, 'AUC', figure),
      points: points.map(({ falsePositiveRate, sensitivity }) => ({ x: falsePositiveRate, y: sensitivity })),
    })),
    marks,
    reference: diagonal('chance'),
  });
}

/** Precision-recall curves, with the precision of calling everything positive. */
export function precisionRecallPlot(
  images: ClassificationLevel,
  curves: readonly NamedCurve<PrecisionRecallPoint>[],
  level: number,
): PlotSpec {
  const prevalence = images.positives / images.items;
  return curvePlot({
    title: 'Precision-recall curve',
    subtitle: counted(images, level),
    description: `Precision against recall. ${curves.map(({ name, figure }) => label(name, 'average precision', figure)).join('; ')}.`,
    x: shareAxis('Recall (sensitivity)'),
    y: shareAxis('Precision (positive predictive value)'),
    curves: curves.map(({ name, points, figure }) => ({
      name: label(name, 'average precision', figure),
      points: points.map(({ recall, precision }) => ({ x: recall, y: precision })),
    })),
    // A recall holds from the threshold that reaches it down to the next: the line steps, it does not slope.
    interpolate: 'step-before',
    reference: {
      name: `prevalence ${prevalence.toFixed(2)}`,
      points: [
        { x: 0, y: prevalence },
        { x: 1, y: prevalence },
      ],
      nameAt: { x: 0, y: prevalence },
    },
  });
}

/** FROC curve over the rates by convention, with the sensitivity and its interval at each. */
export function frocPlot(
  lesions: LesionLevel,
  froc: FrocFigures,
  points: readonly FrocPoint[],
  name: string,
): PlotSpec {
  const unit = lesions.ribFrac === null ? 'image' : 'scan';
  const rates = froc.points.map(({ falsePositivesPerImage }) => falsePositivesPerImage);
  const marks = froc.points.flatMap(({ falsePositivesPerImage, sensitivity, reached }): MarkedPoint[] => {
    if (sensitivity.value === null || !reached) return [];
    return [{ name: '', x: falsePositivesPerImage, y: sensitivity.value, yInterval: bounds(sensitivity) }];
  });
  const lowest = (rates[0] ?? 0.125) / 2;
  const before = points.filter(({ falsePositivesPerImage }) => falsePositivesPerImage <= lowest).at(-1);
  const shown = points.filter(
    ({ falsePositivesPerImage }) => falsePositivesPerImage > lowest && falsePositivesPerImage <= 8,
  );
  const start = before === undefined ? [] : [{ x: lowest, y: before.sensitivity }];
  const last = shown.at(-1) ?? before;
  const reachesEnd = (points.at(-1)?.falsePositivesPerImage ?? 0) > 8;
  const end = last !== undefined && reachesEnd ? [{ x: 8, y: last.sensitivity }] : [];
  return curvePlot({
    title: froc === lesions.ribFrac ? 'FROC curve by the rules of the RibFrac challenge' : 'FROC curve',
    subtitle: `${lesions.lesions} lesions in ${lesions.images} ${unit}s, ${lesions.normalImages} of them normal; hit: ${froc.hitRule}`,
    description: `Sensitivity per lesion against false positives per ${unit}. Mean over ${rates.join(', ')}: ${froc.mean.value?.toFixed(3) ?? 'not given'}.`,
    x: {
      title: `False positives per ${unit}, all ${unit}s counted (logarithmic)`,
      domain: [lowest, 8],
      values: rates,
      format: '~g',
      logarithmic: true,
    },
    y: shareAxis('Sensitivity per lesion'),
    curves: [
      {
        name: label(name, 'mean sensitivity', froc.mean),
        points: [
          ...start,
          ...shown.map((point) => ({ x: point.falsePositivesPerImage, y: point.sensitivity })),
          ...end,
        ],
      },
    ],
    interpolate: froc.reading === 'step' ? 'step-after' : 'linear',
    marks,
  });
}

/** Precision and recall of located lesions, with the operating points. */
export function lesionPrecisionPlot(
  lesions: LesionLevel,
  points: readonly LesionPrecisionPoint[],
  name: string,
): PlotSpec {
  const marks = lesions.operatingPoints.flatMap(({ name: point, recall, precision }): MarkedPoint[] =>
    recall.value === null || precision.value === null
      ? []
      : [
          {
            name: point,
            x: recall.value,
            y: precision.value,
            xInterval: bounds(recall),
            yInterval: bounds(precision),
          },
        ],
  );
  return curvePlot({
    title: 'Precision-recall curve of located lesions',
    subtitle: `${lesions.lesions} lesions in ${lesions.images} images; hit: ${lesions.froc.hitRule}`,
    description: `Precision against recall per lesion. ${label(name, 'area', lesions.averagePrecision)}.`,
    x: shareAxis('Recall (share of lesions found)'),
    y: shareAxis('Precision (share of marks that find a lesion)'),
    curves: [
      {
        name: label(name, 'area', lesions.averagePrecision),
        points: points.map(({ recall, precision }) => ({ x: recall, y: precision })),
      },
    ],
    interpolate: 'step-before',
    marks,
  });
}

/** Weighted AFROC curve: lesions against normal images with a false mark. */
export function wafrocPlot(lesions: LesionLevel, points: readonly AfrocPoint[], name: string): PlotSpec {
  return curvePlot({
    title: 'Weighted AFROC curve',
    subtitle: `${lesions.lesions} lesions, ${lesions.normalImages} normal images; hit: ${lesions.froc.hitRule}`,
    description: `Share of lesions found against share of normal images with a false mark. ${label(name, 'area', lesions.wafroc)}. The last segment belongs to lesions and images without a mark.`,
    x: shareAxis('Share of normal images with a false mark'),
    y: shareAxis('Share of lesions found, every diseased image counting alike'),
    curves: [
      {
        name: label(name, 'area', lesions.wafroc),
        points: points.map(({ falsePositiveFraction, lesionFraction }) => ({
          x: falsePositiveFraction,
          y: lesionFraction,
        })),
      },
    ],
  });
}

/** Observed frequency against mean score, in bins of equal mass, with Wilson intervals. */
export function reliabilityPlot(calibration: CalibrationFigures, name: string, level: number): PlotSpec {
  const bins = calibration.reliability;
  const marks = bins.flatMap(({ meanScore, observed }): MarkedPoint[] =>
    observed.value === null
      ? []
      : [{ name: '', x: meanScore, y: observed.value, yInterval: bounds(observed) }],
  );
  const { equalMass } = calibration;
  return curvePlot({
    title: 'Reliability diagram',
    subtitle: `${calibration.items} images in ${bins.length} bins of equal mass; bars: ${percent(level)} Wilson intervals`,
    description: `Observed frequency against mean score of each bin. Calibration error ${equalMass.error.value?.toFixed(3) ?? 'not given'}, ${equalMass.byChance.mean.toFixed(3)} expected by chance alone.`,
    x: shareAxis('Mean predicted probability'),
    y: shareAxis('Observed share of positives'),
    curves: [
      {
        name: label(name, `ECE (${equalMass.bins} bins)`, equalMass.error),
        points: marks.map(({ x, y }) => ({ x, y })),
      },
    ],
    marks,
    reference: diagonal('perfect calibration'),
  });
}

/** Net benefit against threshold probability, beside "treat all" and "treat none". */
export function decisionPlot(
  points: readonly DecisionPoint[],
  prevalence: number,
  name: string,
  level: number,
): PlotSpec {
  const model: Curve = {
    name: `${name} (band: ${percent(level)} pointwise)`,
    points: points.map(({ threshold, netBenefit }) => ({ x: threshold, y: netBenefit })),
    band: points.flatMap(({ threshold, lower, upper }) =>
      lower === null || upper === null ? [] : [{ x: threshold, lower, upper }],
    ),
  };
  const all: Curve = {
    name: 'call all positive',
    points: points.map(({ threshold, treatAll }) => ({ x: threshold, y: treatAll })),
  };
  const none: Curve = {
    name: 'call none positive',
    points: [
      { x: 0, y: 0 },
      { x: 1, y: 0 },
    ],
  };
  const top = largest(
    points.map(({ upper, netBenefit }) => upper ?? netBenefit),
    prevalence,
  );
  return curvePlot({
    title: 'Decision curve',
    description:
      'Net benefit of acting on the scores against the threshold probability at which one would act.',
    x: shareAxis('Threshold probability'),
    y: { title: 'Net benefit (true positives per image)', domain: [-top / 4, top * 1.05], format: '.2f' },
    curves: [model, all, none],
  });
}
