import { beforeAll, describe, expect, it } from 'vitest';
import type { Evaluation } from '../../evaluation/evaluation.schema.js';
import { evaluateFiles } from '../../evaluation/run/evaluate-files.js';
import type { Table } from '../tables/table.js';
import { evaluationTables } from './tables.js';

const examples = 'examples/statistics';
const quick = { replicates: 100, permutations: 99 };

/** Which figure of the document a row is named after. */
const rowsOfLevel: Record<string, string> = {
  AUC: 'auc',
  'average precision': 'averagePrecision',
  'partial AUC, false positive rate to 0.1': 'partialAuc.area',
  standardised: 'partialAuc.standardised',
};
const rowsOfPoint: Record<string, string> = {
  sensitivity: 'sensitivity',
  specificity: 'specificity',
  'positive predictive value': 'positivePredictiveValue',
  'negative predictive value': 'negativePredictiveValue',
  'positive predictive value at 20.0 % prevalence': 'positivePredictiveValueAtPrevalence',
  'negative predictive value at 20.0 % prevalence': 'negativePredictiveValueAtPrevalence',
  accuracy: 'accuracy',
  'balanced accuracy': 'balancedAccuracy',
  F1: 'f1',
  'Matthews correlation': 'matthewsCorrelation',
  'positive likelihood ratio': 'positiveLikelihoodRatio',
  'negative likelihood ratio': 'negativeLikelihoodRatio',
  'diagnostic odds ratio': 'diagnosticOddsRatio',
};
const rowsOfLesions: Record<string, string> = {
  'AP at IoU .50': 'coco.ap50',
  'AP at IoU .50:.95': 'coco.ap',
  'AP at IoU .75': 'coco.ap75',
  'AP, small (area to 32\u00b2 px)': 'coco.apSmall',
  'AP, medium': 'coco.apMedium',
  'AP, large (area from 96\u00b2 px)': 'coco.apLarge',
  'AR, 100 detections': 'coco.ar100',
  mean: 'froc.mean',
  'area under precision-recall, by the hit rule': 'averagePrecision',
  'AFROC area': 'afroc',
  'wAFROC area': 'wafroc',
  'AFROC1 area (false marks of all images)': 'afroc1',
  'wAFROC1 area': 'wafroc1',
};
const rowsOfLesionPoint: Record<string, string> = {
  recall: 'recall',
  precision: 'precision',
  F1: 'f1',
  'false positives per image': 'falsePositivesPerImage',
  'distance of centres, mean': 'localisation.meanPixels',
  'distance of centres, median': 'localisation.medianPixels',
  'distance of centres, mean, mm': 'localisation.meanMillimetres',
  'distance of centres, median, mm': 'localisation.medianMillimetres',
  'overlap of found lesions, mean IoU': 'localisation.meanOverlap',
};
const rowsOfCalibration: Record<string, string> = {
  'Brier score': 'brier',
  'reliability (0 is perfect)': 'brierParts.reliability',
  resolution: 'brierParts.resolution',
  uncertainty: 'brierParts.uncertainty',
  'variance within bins': 'brierParts.withinBinVariance',
  'covariance within bins': 'brierParts.withinBinCovariance',
  'ECE, equal-mass': 'equalMass.error',
  'ECE, equal-width': 'equalWidth.error',
  'ECE, adaptive': 'adaptive.error',
  slope: 'slope',
  intercept: 'intercept',
  'calibration in the large': 'inTheLarge',
};
const rowsOfTypes: Record<string, string> = {
  'accuracy = micro F1': 'accuracy',
  'macro F1': 'macroF1',
  'weighted F1': 'weightedF1',
  "Cohen's kappa": 'kappa',
  'weighted kappa (linear)': 'weightedKappa',
  'conformal coverage': 'conformal.coverage',
  'conformal set size, mean': 'conformal.meanSetSize',
};

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** Gives every figure of a document a value of its own, a whole number that any form of print shows in full. */
function numbered<T>(document: T): T {
  let next = 1;
  const visit = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(visit);
    if (!isRecord(value)) return value;
    const copy = Object.fromEntries(Object.entries(value).map(([key, item]) => [key, visit(item)]));
    return 'intervals' in copy && 'value' in copy ? { ...copy, value: next++ } : copy;
  };
  return visit(document) as T;
}

function valueAt(document: unknown, path: string): number {
  const found = path.split('.').reduce<unknown>((at, key) => (isRecord(at) ? at[key] : undefined), document);
  if (isRecord(found) && typeof found.value === 'number') return found.value;
  throw new Error(`There is no figure at ${path}.`);
}

/** Compares the printed number of each row with the figure that its name stands for; returns how many there were. */
function check(table: Table | undefined, document: unknown, paths: Record<string, string>): number {
  for (const [name = '', printed = ''] of table?.rows ?? []) {
    const plain = name.trim().replace(/ \d+ (equal-mass|equal-width|adaptive) bins.*/, ' $1');
    const froc = /^sensitivity at (\S+) false positives/.exec(name);
    if (froc) continue;
    const path = paths[plain];
    expect(path, `a row named "${plain}"`).toBeDefined();
    expect(Number.parseFloat(printed), name).toBe(valueAt(document, path ?? ''));
  }
  return table?.rows.length ?? 0;
}

const titled = (tables: readonly Table[], start: string) =>
  tables.find(({ title }) => title.startsWith(start));

describe('every row prints the figure that it names', () => {
  let ofImages: Evaluation;
  let ofBoxes: Evaluation;
  let ofTypes: Evaluation;

  beforeAll(async () => {
    const images = await evaluateFiles({
      truth: { path: `${examples}/labels.csv` },
      predictions: { path: `${examples}/scores.csv` },
      cases: { group: 'patient' },
      points: { thresholds: [0.3] },
      measures: { ...quick, prevalence: 0.2 },
      version: 'test',
    });
    const boxes = await evaluateFiles({
      truth: { path: `${examples}/boxes.coco.json` },
      predictions: { path: `${examples}/boxes.results.json` },
      points: { boxThresholds: [0.5] },
      measures: quick,
      version: 'test',
    });
    const types = await evaluateFiles({
      truth: { path: `${examples}/types.csv`, typeColumn: 'type' },
      predictions: { path: `${examples}/type-scores.csv` },
      measures: quick,
      version: 'test',
    });
    [ofImages, ofBoxes, ofTypes] = [images, boxes, types].map(({ evaluation }) => numbered(evaluation)) as [
      Evaluation,
      Evaluation,
      Evaluation,
    ];
  });

  it('of images, groups and operating points', () => {
    const tables = evaluationTables(ofImages);
    const { imageLevel, groupLevel } = ofImages;
    expect(check(titled(tables, 'Images:'), imageLevel, rowsOfLevel)).toBe(4);
    expect(check(titled(tables, 'Groups:'), groupLevel, rowsOfLevel)).toBe(4);
    const point = imageLevel?.operatingPoints[0]?.figures;
    expect(check(titled(tables, 'Images at'), point, rowsOfPoint)).toBe(13);
    expect(check(titled(tables, 'Groups at'), groupLevel?.operatingPoints[0]?.figures, rowsOfPoint)).toBe(13);
  });

  it('of calibration', () => {
    const table = titled(evaluationTables(ofImages), 'Calibration');
    expect(check(table, ofImages.calibration, rowsOfCalibration)).toBe(12);
  });

  it('of lesions, each rate of the FROC curve included', () => {
    const tables = evaluationTables(ofBoxes);
    const { lesionLevel } = ofBoxes;
    const main = titled(tables, 'Lesions:');
    expect(check(main, lesionLevel, rowsOfLesions)).toBeGreaterThan(13);
    const rates = lesionLevel?.froc.points ?? [];
    expect(rates.length).toBeGreaterThan(3);
    for (const { falsePositivesPerImage, sensitivity } of rates) {
      const row = main?.rows.find(([name = '']) =>
        name.startsWith(`sensitivity at ${falsePositivesPerImage} false positives per image`),
      );
      expect(Number.parseFloat(row?.[1] ?? '')).toBe(sensitivity.value);
    }
    expect(check(titled(tables, 'Lesions at'), lesionLevel?.operatingPoints[0], rowsOfLesionPoint)).toBe(9);
  });

  it('of types, all together and each', () => {
    const tables = evaluationTables(ofTypes);
    expect(check(titled(tables, 'Types:'), ofTypes.types, rowsOfTypes)).toBeGreaterThan(4);
    const each = titled(tables, 'Types, each');
    const classes = ofTypes.types?.perClass ?? [];
    expect(classes.length).toBeGreaterThan(1);
    classes.forEach(({ label, recall, precision, f1, auc }, index) => {
      const [name, , ...printed] = each?.rows[index] ?? [];
      expect(name).toBe(label);
      expect(printed.map((text) => Number.parseFloat(text))).toEqual([
        recall.value,
        precision.value,
        f1.value,
        auc.value,
      ]);
    });
  });
});
