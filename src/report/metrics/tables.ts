import type { CalibrationFigures } from '../../evaluation/calibration/calibration.schema.js';
import type { LesionLevel } from '../../evaluation/detection/detection.schema.js';
import type { ClassificationLevel, Evaluation } from '../../evaluation/evaluation.schema.js';
import type { Figure } from '../../evaluation/figure.schema.js';
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

function row(name: string, figure: Figure, form?: (x: number) => string): string[] {
  return [name, ...figureCells(figure, form)];
}

function threshold(value: number | null): string {
  return value === null ? 'verdict' : `score >= ${Number(value.toPrecision(6))}`;
}

function levelTables(level: ClassificationLevel, { settings }: Evaluation): Table[] {
  const things = level.unit === 'image' ? 'images' : 'groups';
  const title = `${level.items} ${things}, ${level.positives} positive, ${level.negatives} negative`;
  const grouped = level.unit === 'image' && level.groups < level.items ? ` in ${level.groups} groups` : '';
  const ranking: Table = {
    title: `${level.unit === 'image' ? 'Images' : 'Groups'}: ${title}${grouped}`,
    head: headAt(settings.level),
    rows: [
      row('AUC', level.auc),
      row('average precision', level.averagePrecision),
      row(`partial AUC, false positive rate to ${level.partialAuc.to}`, level.partialAuc.area, (x) =>
        decimals(x, 4),
      ),
      row('  standardised', level.partialAuc.standardised),
    ],
    notes: [],
  };
  const points = level.operatingPoints.map(({ figures, ...point }): Table => {
    const prevalence =
      settings.prevalence === null ? '' : ` at ${percent(settings.prevalence, 1)} prevalence`;
    return {
      title: `${level.unit === 'image' ? 'Images' : 'Groups'} at "${point.name}" (${threshold(point.threshold)}; ${point.rule})`,
      head: headAt(settings.level),
      rows: [
        row('sensitivity', figures.sensitivity),
        row('specificity', figures.specificity),
        row('positive predictive value', figures.positivePredictiveValue),
        row('negative predictive value', figures.negativePredictiveValue),
        ...(settings.prevalence === null
          ? []
          : [
              row(`positive predictive value${prevalence}`, figures.positivePredictiveValueAtPrevalence),
              row(`negative predictive value${prevalence}`, figures.negativePredictiveValueAtPrevalence),
            ]),
        row('accuracy', figures.accuracy),
        row('balanced accuracy', figures.balancedAccuracy),
        row('F1', figures.f1),
        row('Matthews correlation', figures.matthewsCorrelation),
        row('positive likelihood ratio', figures.positiveLikelihoodRatio, significant),
        row('negative likelihood ratio', figures.negativeLikelihoodRatio, significant),
        row('diagnostic odds ratio', figures.diagnosticOddsRatio, significant),
      ],
      notes: point.threshold === null ? [] : [`Threshold chosen on: ${point.chosenOn}.`],
    };
  });
  return [ranking, ...points];
}

function lesionTables(lesions: LesionLevel, level: number): Table[] {
  const { coco, froc, ribFrac } = lesions;
  const rates = (figures: LesionLevel['froc'], unit: string) => [
    ...figures.points.map(({ falsePositivesPerImage, sensitivity, reached }) =>
      row(
        `sensitivity at ${falsePositivesPerImage} false positives per ${unit}${reached ? '' : ' (beyond the end)'}`,
        sensitivity,
      ),
    ),
    row('  mean', figures.mean),
  ];
  const main: Table = {
    title: `Lesions: ${lesions.lesions} in ${lesions.images} images, ${lesions.normalImages} of them normal; hit: ${froc.hitRule}`,
    head: headAt(level),
    rows: [
      ...(coco === null
        ? []
        : [
            row('AP at IoU .50', coco.ap50),
            row('AP at IoU .50:.95', coco.ap),
            row('AP at IoU .75', coco.ap75),
            row('AP small / area < 32\u00b2', coco.apSmall),
            row('AP medium', coco.apMedium),
            row('AP large / area > 96\u00b2', coco.apLarge),
            row('AR, 100 detections', coco.ar100),
          ]),
      ...rates(froc, ribFrac === null ? 'image' : 'scan'),
      ...(ribFrac === null ? [] : rates(ribFrac, 'scan (RibFrac rules)')),
      row('AFROC area', lesions.afroc),
      row('wAFROC area', lesions.wafroc),
    ],
    notes: [],
  };
  const points = lesions.operatingPoints.map((point): Table => {
    const { localisation } = point;
    const px = (x: number) => `${decimals(x, 1)} px`;
    const mm = (x: number) => `${decimals(x, 2)} mm`;
    return {
      title: `Lesions at "${point.name}" (${threshold(point.threshold)}; ${point.rule})`,
      head: headAt(level),
      rows: [
        row('recall', point.recall),
        row('precision', point.precision),
        row('F1', point.f1),
        row('false positives per image', point.falsePositivesPerImage),
        row('distance of centres, mean', localisation.meanPixels, px),
        row('distance of centres, median', localisation.medianPixels, px),
        row('distance of centres, mean', localisation.meanMillimetres, mm),
        row('distance of centres, median', localisation.medianMillimetres, mm),
        row('overlap of found lesions, mean IoU', localisation.meanOverlap),
      ],
      notes: [],
    };
  });
  return [main, ...points];
}

function typeTables(types: TypeFigures, level: number): Table[] {
  const whole: Table = {
    title: `Types: ${types.items} fractures in ${types.groups} groups`,
    head: headAt(level),
    rows: [
      row('accuracy = micro F1', types.accuracy),
      row('macro F1', types.macroF1),
      row('weighted F1', types.weightedF1),
      row("Cohen's kappa", types.kappa),
      row(`weighted kappa (${types.kappaWeights})`, types.weightedKappa),
      ...(types.conformal === null
        ? []
        : [
            row('conformal coverage', types.conformal.coverage),
            row('conformal set size, mean', types.conformal.meanSetSize),
          ]),
    ],
    notes: [],
  };
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
  const { equalWidth, equalMass, adaptive, brierParts } = calibration;
  const error = (name: string, { bins, error: figure, byChance }: CalibrationFigures['equalMass']) =>
    row(`ECE, ${bins} ${name} bins (by chance ${decimals(byChance.mean)})`, figure);
  return {
    title: 'Calibration of the score of the image',
    head: headAt(level),
    rows: [
      row('Brier score', calibration.brier),
      error('equal-mass', equalMass),
      error('equal-width', equalWidth),
      error('adaptive', adaptive),
      row('slope', calibration.slope),
      row('intercept', calibration.intercept),
      row('calibration in the large', calibration.inTheLarge),
    ],
    notes: [
      `Brier score = reliability ${decimals(brierParts.reliability, 4)} - resolution ${decimals(brierParts.resolution, 4)} + uncertainty ${decimals(brierParts.uncertainty, 4)} + within bins ${decimals(brierParts.withinBinVariance - brierParts.withinBinCovariance, 4)}.`,
    ],
  };
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
