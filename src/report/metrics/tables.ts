import type { CalibrationFigures } from '../../evaluation/calibration/calibration.schema.js';
import type { LesionLevel } from '../../evaluation/detection/detection.schema.js';
import type { ClassificationLevel, Evaluation } from '../../evaluation/evaluation.schema.js';
import { mainInterval } from '../../evaluation/figure.js';
import type { Figure } from '../../evaluation/figure.schema.js';
import type { NamedThreshold } from '../../evaluation/operating-point.schema.js';
import type { Difference } from '../../evaluation/subgroups/differences.schema.js';
import type { Breakdown } from '../../evaluation/subgroups/subgroups.schema.js';
import type { TypeFigures } from '../../evaluation/types/types.schema.js';
import { decimals, noNumber, percent, pValue, significant } from '../tables/numbers.js';
import type { Table } from '../tables/table.js';
import { figureCells, figureText } from './figure-text.js';

const head = ['', 'value', '95 % interval', 'interval by', 'counts'] as const;

/** Heads name the level that was asked for. */
function headAt(level: number): string[] {
  return head.map((name) => name.replace('95 %', percent(level)));
}

/** A row of a table: its name, its figure, and how numbers are printed (three decimals by default). */
type FigureRow = readonly [name: string, figure: Figure, form?: (x: number) => string];

/** "Not given: AUC, average precision (all 12 are negative)." and likewise for intervals. */
function reasons(rows: readonly FigureRow[]): string[] {
  const named = new Map<string, string[]>();
  for (const [name, figure] of rows) {
    const missing =
      figure.value === null ? 'Not given' : mainInterval(figure) === null ? 'No interval' : null;
    const reason = figure.value === null ? figure.reason : figure.intervals[0]?.reason;
    if (missing === null || reason === undefined) continue;
    const key = JSON.stringify([missing, reason]);
    named.set(key, [...(named.get(key) ?? []), name.trim()]);
  }
  return [...named].map(([key, names]) => {
    const [missing, reason] = JSON.parse(key) as [string, string];
    return `${missing}: ${names.join(', ')} (${reason}).`;
  });
}

function figureTable(
  title: string,
  level: number,
  rows: readonly FigureRow[],
  notes: readonly string[] = [],
): Table {
  return {
    title,
    head: headAt(level),
    rows: rows.map(([name, figure, form]) => [name, ...figureCells(figure, form)]),
    notes: [...reasons(rows), ...notes],
  };
}

/** Name and threshold of an operating point. */
function pointName({ name, threshold }: NamedThreshold): string {
  return threshold === null ? `"${name}"` : `"${name}" (score >= ${Number(threshold.toPrecision(6))})`;
}

/** Rule of an operating point and the set that it was chosen on; nothing is told twice. */
function pointNotes({ name, rule, chosenOn }: NamedThreshold): string[] {
  const chosen = chosenOn.startsWith('none') ? [] : [`Chosen on: ${chosenOn}.`];
  return rule === name || rule === 'fixed beforehand' ? chosen : [`Rule: ${rule}.`, ...chosen];
}

function levelTables(level: ClassificationLevel, { settings }: Evaluation): Table[] {
  const things = level.unit === 'image' ? 'images' : 'groups';
  const counts = `${level.items} ${things}, ${level.positives} positive, ${level.negatives} negative`;
  const grouped = level.unit === 'image' && level.groups < level.items ? `, in ${level.groups} groups` : '';
  const name = level.unit === 'image' ? 'Images' : 'Groups';
  const ranking = figureTable(`${name}: ${counts}${grouped}`, settings.level, [
    ['AUC', level.auc],
    ['average precision', level.averagePrecision],
    [
      `partial AUC, false positive rate to ${level.partialAuc.to}`,
      level.partialAuc.area,
      (x) => decimals(x, 4),
    ],
    ['  standardised', level.partialAuc.standardised],
  ]);
  const points = level.operatingPoints.map(({ figures, ...point }): Table => {
    const at = settings.prevalence === null ? '' : ` at ${percent(settings.prevalence, 1)} prevalence`;
    const atPrevalence: FigureRow[] = [
      [`positive predictive value${at}`, figures.positivePredictiveValueAtPrevalence],
      [`negative predictive value${at}`, figures.negativePredictiveValueAtPrevalence],
    ];
    const rows: FigureRow[] = [
      ['sensitivity', figures.sensitivity],
      ['specificity', figures.specificity],
      ['positive predictive value', figures.positivePredictiveValue],
      ['negative predictive value', figures.negativePredictiveValue],
      ...(settings.prevalence === null ? [] : atPrevalence),
      ['accuracy', figures.accuracy],
      ['balanced accuracy', figures.balancedAccuracy],
      ['F1', figures.f1],
      ['Matthews correlation', figures.matthewsCorrelation],
      ['positive likelihood ratio', figures.positiveLikelihoodRatio, significant],
      ['negative likelihood ratio', figures.negativeLikelihoodRatio, significant],
      ['diagnostic odds ratio', figures.diagnosticOddsRatio, significant],
    ];
    return figureTable(`${name} at ${pointName(point)}`, settings.level, rows, pointNotes(point));
  });
  return [ranking, ...points];
}

function frocRows({ points, mean }: LesionLevel['froc'], unit: string): FigureRow[] {
  return [
    ...points.map(
      ({ falsePositivesPerImage, sensitivity, reached }): FigureRow => [
        `sensitivity at ${falsePositivesPerImage} false positives per ${unit}${reached ? '' : ' (beyond the end)'}`,
        sensitivity,
      ],
    ),
    ['  mean', mean],
  ];
}

function lesionTables(lesions: LesionLevel, level: number): Table[] {
  const { coco, froc, ribFrac } = lesions;
  const precision: FigureRow[] =
    coco === null
      ? []
      : [
          ['AP at IoU .50', coco.ap50],
          ['AP at IoU .50:.95', coco.ap],
          ['AP at IoU .75', coco.ap75],
          ['AP, small (area to 32\u00b2 px)', coco.apSmall],
          ['AP, medium', coco.apMedium],
          ['AP, large (area from 96\u00b2 px)', coco.apLarge],
          ['AR, 100 detections', coco.ar100],
        ];
  const main = figureTable(
    `Lesions: ${lesions.lesions} in ${lesions.images} images, ${lesions.normalImages} of them normal; hit: ${froc.hitRule}`,
    level,
    [
      ...precision,
      ...frocRows(froc, ribFrac === null ? 'image' : 'scan'),
      ...(ribFrac === null ? [] : frocRows(ribFrac, 'scan (RibFrac rules)')),
      ['area under precision-recall, by the hit rule', lesions.averagePrecision],
      ['AFROC area', lesions.afroc],
      ['wAFROC area', lesions.wafroc],
      ['AFROC1 area (false marks of all images)', lesions.afroc1],
      ['wAFROC1 area', lesions.wafroc1],
    ],
  );
  const px = (x: number) => `${decimals(x, 1)} px`;
  const mm = (x: number) => `${decimals(x, 2)} mm`;
  const points = lesions.operatingPoints.map((point) =>
    figureTable(
      `Lesions at ${pointName(point)}`,
      level,
      [
        ['recall', point.recall],
        ['precision', point.precision],
        ['F1', point.f1],
        ['false positives per image', point.falsePositivesPerImage],
        ['distance of centres, mean', point.localisation.meanPixels, px],
        ['distance of centres, median', point.localisation.medianPixels, px],
        ['distance of centres, mean, mm', point.localisation.meanMillimetres, mm],
        ['distance of centres, median, mm', point.localisation.medianMillimetres, mm],
        ['overlap of found lesions, mean IoU', point.localisation.meanOverlap],
      ],
      pointNotes(point),
    ),
  );
  return [main, ...points];
}

function typeTables(types: TypeFigures, level: number): Table[] {
  const conformal: FigureRow[] =
    types.conformal === null
      ? []
      : [
          ['conformal coverage', types.conformal.coverage],
          ['conformal set size, mean', types.conformal.meanSetSize],
        ];
  const whole = figureTable(`Types: ${types.items} fractures in ${types.groups} groups`, level, [
    ['accuracy = micro F1', types.accuracy],
    ['macro F1', types.macroF1],
    ['weighted F1', types.weightedF1],
    ["Cohen's kappa", types.kappa],
    [`weighted kappa (${types.kappaWeights})`, types.weightedKappa],
    ...conformal,
  ]);
  const perClass: Table = {
    title: 'Types, each against all others',
    head: ['type', 'n', 'recall', 'precision', 'F1', 'AUC'],
    rows: types.perClass.map(({ label, items, recall, precision, f1, auc }) => [
      label,
      String(items),
      ...[recall, precision, f1, auc].map((figure) => figureText(figure)),
    ]),
    notes: [],
  };
  return [whole, perClass];
}

function calibrationTable(calibration: CalibrationFigures, level: number): Table {
  const { equalWidth, equalMass, adaptive, brierParts: parts } = calibration;
  const error = (
    name: string,
    { bins, error: figure, byChance }: CalibrationFigures['equalMass'],
  ): FigureRow => [`ECE, ${bins} ${name} bins (by chance ${decimals(byChance.mean)})`, figure];
  const four = (x: number) => decimals(x, 4);
  return figureTable(
    'Calibration of the score of the image',
    level,
    [
      ['Brier score', calibration.brier],
      ['  reliability (0 is perfect)', parts.reliability, four],
      ['  resolution', parts.resolution, four],
      ['  uncertainty', parts.uncertainty, four],
      ['  variance within bins', parts.withinBinVariance, four],
      ['  covariance within bins', parts.withinBinCovariance, four],
      error('equal-mass', equalMass),
      error('equal-width', equalWidth),
      error('adaptive', adaptive),
      ['slope', calibration.slope],
      ['intercept', calibration.intercept],
      ['calibration in the large', calibration.inTheLarge],
    ],
    [
      'Brier score = reliability \u2212 resolution + uncertainty + variance within bins \u2212 covariance within bins, over the equal-mass bins.',
    ],
  );
}

function differenceTable(title: string, differences: readonly Difference[], level: number): Table {
  return {
    title,
    head: ['', 'first', 'second', `difference (${percent(level)})`, 'test', 'p', 'p, Holm'],
    rows: differences.flatMap((difference) => {
      const { measure, operatingPoint, first, second, firstValue, secondValue } = difference;
      const value = (x: number | null) => (x === null ? noNumber : decimals(x));
      const name = `${measure}${operatingPoint === null ? '' : ` at "${operatingPoint}"`}: ${first} \u2212 ${second}`;
      const start = [name, value(firstValue), value(secondValue), figureText(difference.difference)];
      const p = (x: number | null) => (x === null ? noNumber : pValue(x));
      if (difference.tests.length === 0) return [[...start, '', '', '']];
      return difference.tests.map((test, index) => [
        ...(index === 0 ? start : ['', '', '', '']),
        test.test,
        p(test.p),
        p(test.adjustedP),
      ]);
    }),
    notes: [],
  };
}

function breakdownTables({ column, subgroups, differences }: Breakdown, { settings }: Evaluation): Table[] {
  const withLesions = subgroups.some(({ lesions }) => lesions !== null);
  const points = subgroups[0]?.operatingPoints ?? [];
  const table: Table = {
    title: `By ${column} (fewer than ${settings.minimum}: too few to say)`,
    head: [
      column,
      'n',
      'positive',
      'AUC',
      ...points.flatMap(({ name }) => [`sensitivity "${name}"`, `specificity "${name}"`]),
      ...(withLesions ? ['lesions', 'AP50', 'sensitivity at 0.5 FP'] : []),
    ],
    rows: subgroups.map(({ value, items, positives, auc, operatingPoints, lesions }) => [
      value,
      String(items),
      String(positives),
      figureText(auc),
      ...operatingPoints.flatMap(({ sensitivity, specificity }) => [
        figureText(sensitivity),
        figureText(specificity),
      ]),
      ...(withLesions
        ? [
            String(lesions?.lesions ?? 0),
            figureText(lesions?.ap50 ?? null),
            figureText(lesions?.sensitivityAtHalf ?? null),
          ]
        : []),
    ]),
    notes: [],
  };
  if (differences.length === 0) return [table];
  return [table, differenceTable(`Differences by ${column}`, differences, settings.level)];
}

/** The tables that a person reads, in the order of the document. */
export function evaluationTables(evaluation: Evaluation): Table[] {
  const { imageLevel, groupLevel, lesionLevel, types, calibration, breakdowns, comparison, settings } =
    evaluation;
  return [
    ...(imageLevel === null ? [] : levelTables(imageLevel, evaluation)),
    ...(groupLevel === null ? [] : levelTables(groupLevel, evaluation)),
    ...(lesionLevel === null ? [] : lesionTables(lesionLevel, settings.level)),
    ...(types === null ? [] : typeTables(types, settings.level)),
    ...(calibration === null ? [] : [calibrationTable(calibration, settings.level)]),
    ...breakdowns.flatMap((breakdown) => breakdownTables(breakdown, evaluation)),
    ...(comparison === null
      ? []
      : [
          differenceTable(`Two models on ${comparison.items} images`, comparison.differences, settings.level),
        ]),
  ];
}
