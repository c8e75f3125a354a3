import type { ClassificationLevel, Evaluation } from '../../evaluation/evaluation.schema.js';
import type { Figure } from '../../evaluation/figure.schema.js';
import type { OperatingPoint } from '../../evaluation/operating-point.schema.js';
import type { Difference } from '../../evaluation/subgroups/differences.schema.js';
import { decimals, noNumber, percent, pValue, significant } from '../tables/numbers.js';
import type { Table } from '../tables/table.js';
import { countsText, figureText, intervalNote, originOf, reasonsNote } from './figure-words.js';

function notesOf(figures: readonly Figure[]): string[] {
  return [intervalNote(figures), ...reasonsNote(figures)];
}

function ci(level: number): string {
  return `(${percent(level)} CI)`;
}

/** Areas that need no threshold. */
export function discriminationTable(level: ClassificationLevel, confidence: number): Table {
  const { unit, items, positives, negatives, groups, auc, averagePrecision, partialAuc } = level;
  const figures = [auc, averagePrecision, partialAuc.area, partialAuc.standardised];
  const names = [
    'Area under the ROC curve',
    'Average precision',
    `Partial area, false positive rate up to ${partialAuc.to}`,
    'The same, standardised (McClish)',
  ];
  return {
    title: `Discrimination, per ${unit}`,
    head: ['Measure', `Value ${ci(confidence)}`],
    rows: figures.map((figure, index) => [names[index] ?? '', figureText(figure)]),
    notes: [
      `${items} ${unit}s (${positives} positive, ${negatives} negative) in ${groups} groups.`,
      ...notesOf(figures),
    ],
  };
}

/** The two-by-two tables of the operating points. */
export function crossTable(level: ClassificationLevel): Table {
  return {
    title: `Result against reference standard, per ${level.unit}`,
    head: ['Operating point', 'Threshold', 'TP', 'FP', 'FN', 'TN'],
    rows: level.operatingPoints.map((point) => [
      point.name,
      point.threshold === null ? 'see below' : decimals(point.threshold, 4),
      ...[point.truePositives, point.falsePositives, point.falseNegatives, point.trueNegatives].map(String),
    ]),
    notes: level.operatingPoints.map((point) => `${point.name}: ${originOf(point)}.`),
  };
}

const proportionNames = [
  ['sensitivity', 'Sensitivity'],
  ['specificity', 'Specificity'],
  ['positivePredictiveValue', 'Positive predictive value'],
  ['negativePredictiveValue', 'Negative predictive value'],
  ['positivePredictiveValueAtPrevalence', 'Positive predictive value at the stated prevalence'],
  ['negativePredictiveValueAtPrevalence', 'Negative predictive value at the stated prevalence'],
  ['accuracy', 'Accuracy'],
  ['balancedAccuracy', 'Balanced accuracy'],
  ['f1', 'F1'],
  ['matthewsCorrelation', 'Matthews correlation'],
] as const;
const ratioNames = [
  ['positiveLikelihoodRatio', 'Positive likelihood ratio'],
  ['negativeLikelihoodRatio', 'Negative likelihood ratio'],
  ['diagnosticOddsRatio', 'Diagnostic odds ratio'],
] as const;

/** Everything that follows from one two-by-two table. */
export function accuracyTable(point: OperatingPoint, unit: string, { settings }: Evaluation): Table {
  const statedOnly = (key: string) => key.endsWith('AtPrevalence') && settings.prevalence === null;
  const proportions = proportionNames.filter(([key]) => !statedOnly(key));
  const figures = [...proportions, ...ratioNames].map(([key]) => point.figures[key]);
  return {
    title: `Accuracy at the operating point "${point.name}", per ${unit}`,
    head: ['Measure', `Value ${ci(settings.level)}`, 'Counts'],
    rows: [
      ...proportions.map(([key, name]) => [
        name,
        figureText(point.figures[key]),
        countsText(point.figures[key]),
      ]),
      ...ratioNames.map(([key, name]) => [name, figureText(point.figures[key], significant), noNumber]),
    ],
    notes: [
      ...(settings.prevalence === null ? [] : [`Stated prevalence: ${percent(settings.prevalence, 1)}.`]),
      ...notesOf(figures),
    ],
  };
}

/** Location of lesions: COCO, FROC, AFROC. */
export function lesionTables({ lesionLevel, settings }: Evaluation): Table[] {
  if (lesionLevel === null) return [];
  const { coco, froc, ribFrac, averagePrecision, afroc, wafroc } = lesionLevel;
  const head = ['Measure', `Value ${ci(settings.level)}`];
  const whole = [
    ...(coco === null
      ? []
      : ([
          ['AP at IoU .50:.95', coco.ap],
          ['AP at IoU .50', coco.ap50],
          ['AP at IoU .75', coco.ap75],
          ['AP small / medium / large', null],
        ] as const)),
    ['Area under precision-recall, by the hit rule', averagePrecision] as const,
    ['AFROC area', afroc] as const,
    ['Weighted AFROC area', wafroc] as const,
  ];
  const sizes =
    coco === null
      ? ''
      : [coco.apSmall, coco.apMedium, coco.apLarge].map((figure) => figureText(figure)).join(' / ');
  const frocTable = (title: string, curve: typeof froc): Table => ({
    title,
    head: ['False positives per image', `Sensitivity per lesion ${ci(settings.level)}`, 'Counts'],
    rows: [
      ...curve.points.map(({ falsePositivesPerImage, sensitivity, reached }) => [
        `${falsePositivesPerImage}${reached ? '' : ' (curve ends before)'}`,
        figureText(sensitivity),
        countsText(sensitivity),
      ]),
      ['Mean of these', figureText(curve.mean), noNumber],
    ],
    notes: [
      `A box finds a lesion when ${curve.hitRule}. Normal images are counted.`,
      intervalNote([curve.mean]),
    ],
  });
  return [
    {
      title: 'Location of lesions',
      head,
      rows: whole.map(([name, figure]) => [name, figure === null ? sizes : figureText(figure)]),
      notes: [
        `${lesionLevel.lesions} lesions in ${lesionLevel.images} images (${lesionLevel.normalImages} normal), ${lesionLevel.detections} boxes.`,
        ...notesOf(whole.flatMap(([, figure]) => (figure === null ? [] : [figure]))),
      ],
    },
    frocTable('FROC', froc),
    ...(ribFrac === null ? [] : [frocTable('FROC by the rules of the RibFrac challenge', ribFrac)]),
    ...lesionPointTable(lesionLevel, settings.level),
  ];
}

function lesionPointTable(level: NonNullable<Evaluation['lesionLevel']>, confidence: number): Table[] {
  if (level.operatingPoints.length === 0) return [];
  const figures = level.operatingPoints.flatMap(({ recall, precision, falsePositivesPerImage }) => [
    recall,
    precision,
    falsePositivesPerImage,
  ]);
  return [
    {
      title: 'Lesions at the operating points',
      head: [
        'Operating point',
        'Found',
        'Missed',
        `Sensitivity per lesion ${ci(confidence)}`,
        `Precision ${ci(confidence)}`,
        'False positives per image',
        'Median error, px',
      ],
      rows: level.operatingPoints.map((point) => [
        point.name,
        String(point.found),
        String(point.missed),
        figureText(point.recall),
        figureText(point.precision),
        figureText(point.falsePositivesPerImage),
        point.localisation.medianPixels.value === null
          ? noNumber
          : decimals(point.localisation.medianPixels.value, 1),
      ]),
      notes: notesOf(figures),
    },
  ];
}

/** Sorting into types. */
export function typeTables({ types, settings }: Evaluation): Table[] {
  if (types === null) return [];
  const overall = [
    ['Accuracy', types.accuracy],
    ['Macro F1', types.macroF1],
    ['Weighted F1', types.weightedF1],
    ["Cohen's kappa", types.kappa],
    [`Weighted kappa (${types.kappaWeights})`, types.weightedKappa],
    ...(types.conformal === null
      ? []
      : ([
          ['Coverage of the conformal sets', types.conformal.coverage],
          ['Mean size of the conformal sets', types.conformal.meanSetSize],
        ] as const)),
  ] as const;
  return [
    {
      title: 'Types',
      head: ['Measure', `Value ${ci(settings.level)}`],
      rows: overall.map(([name, figure]) => [name, figureText(figure)]),
      notes: [
        `${types.items} items in ${types.groups} groups.`,
        ...notesOf(overall.map(([, figure]) => figure)),
      ],
    },
    {
      title: 'Each type against the rest',
      head: [
        'Type',
        'Items',
        `Recall ${ci(settings.level)}`,
        `Precision ${ci(settings.level)}`,
        `AUC ${ci(settings.level)}`,
      ],
      rows: types.perClass.map(({ label, items, recall, precision, auc }) => [
        label,
        String(items),
        figureText(recall),
        figureText(precision),
        figureText(auc),
      ]),
      notes: notesOf(types.perClass.flatMap(({ recall, precision, auc }) => [recall, precision, auc])),
    },
    {
      title: 'Confusion: truth in rows, prediction in columns',
      head: ['Truth', ...types.classes],
      rows: types.confusion.map((row, index) => [types.classes[index] ?? '', ...row.map(String)]),
      notes: [],
    },
  ];
}

/** How far scores are probabilities. */
export function calibrationTable({ calibration, settings }: Evaluation): Table | null {
  if (calibration === null) return null;
  const { equalMass, equalWidth, adaptive, brier, brierParts, slope, intercept, inTheLarge } = calibration;
  const figures = [
    equalMass.error,
    equalWidth.error,
    adaptive.error,
    brier,
    brierParts.reliability,
    brierParts.resolution,
    brierParts.uncertainty,
    slope,
    intercept,
    inTheLarge,
  ];
  const names = [
    `ECE, ${equalMass.bins} equal-mass bins`,
    `ECE, ${equalWidth.bins} equal-width bins`,
    `ECE, ${adaptive.bins} adaptive bins`,
    'Brier score',
    'Brier score: reliability',
    'Brier score: resolution',
    'Brier score: uncertainty',
    'Calibration slope',
    'Calibration intercept',
    'Calibration in the large',
  ];
  return {
    title: 'Calibration',
    head: ['Measure', `Value ${ci(settings.level)}`],
    rows: figures.map((figure, index) => [names[index] ?? '', figureText(figure)]),
    notes: [
      `Scores that were perfectly calibrated would show an ECE of ${decimals(equalMass.byChance.mean)} (up to ${decimals(equalMass.byChance.upper)}) by chance in equal-mass bins.`,
      ...notesOf(figures),
    ],
  };
}

function differencesTable(title: string, differences: readonly Difference[], level: number): Table {
  return {
    title,
    head: ['Measure', 'Between', `Difference ${ci(level)}`, 'Test', 'P', 'P (Holm)'],
    rows: differences.flatMap(({ measure, operatingPoint, first, second, difference, tests }) => {
      const name = operatingPoint === null ? measure : `${measure} (${operatingPoint})`;
      const shown = tests.length > 0 ? tests : [{ test: noNumber, p: null, adjustedP: null }];
      return shown.map(({ test, p, adjustedP }, index) => [
        index === 0 ? name : '',
        index === 0 ? `${first} \u2212 ${second}` : '',
        index === 0 ? figureText(difference) : '',
        test,
        p === null ? noNumber : pValue(p),
        adjustedP === null ? noNumber : pValue(adjustedP),
      ]);
    }),
    notes: [intervalNote(differences.map(({ difference }) => difference))],
  };
}

type Breakdown = Evaluation['breakdowns'][number];

/** Sizes and areas of the subgroups of a column. */
function subgroupAreas({ column, subgroups }: Breakdown, { level, minimum }: Evaluation['settings']): Table {
  return {
    title: `By ${column}`,
    head: [column, 'n', 'Positive', `AUC ${ci(level)}`, `Average precision ${ci(level)}`],
    rows: subgroups.map(({ value, items, positives, auc, averagePrecision }) => [
      value,
      String(items),
      String(positives),
      figureText(auc),
      figureText(averagePrecision),
    ]),
    notes: [
      `Figures that rest on fewer than ${minimum} cases are withheld: "too few to say".`,
      ...notesOf(subgroups.flatMap(({ auc, averagePrecision }) => [auc, averagePrecision])),
    ],
  };
}

/** Sensitivity and specificity of the subgroups of a column, a table for each operating point. */
function subgroupPoints({ column, subgroups }: Breakdown, { level }: Evaluation['settings']): Table[] {
  const names = subgroups[0]?.operatingPoints.map(({ name }) => name) ?? [];
  return names.map((name, index) => {
    const points = subgroups.flatMap(({ operatingPoints, ...subgroup }) => {
      const point = operatingPoints[index];
      return point === undefined ? [] : [{ ...subgroup, point }];
    });
    return {
      title: `By ${column}, at the operating point "${name}"`,
      head: [column, 'n', 'Positive', `Sensitivity ${ci(level)}`, `Specificity ${ci(level)}`],
      rows: points.map(({ value, items, positives, point }) => [
        value,
        String(items),
        String(positives),
        figureText(point.sensitivity),
        figureText(point.specificity),
      ]),
      notes: notesOf(points.flatMap(({ point }) => [point.sensitivity, point.specificity])),
    };
  });
}

/** Located lesions of the subgroups of a column; null without boxes. */
function subgroupLesions({ column, subgroups }: Breakdown, { level }: Evaluation['settings']): Table | null {
  const located = subgroups.flatMap(({ value, lesions }) => (lesions === null ? [] : [{ value, lesions }]));
  if (located.length === 0) return null;
  return {
    title: `By ${column}, located lesions`,
    head: [
      column,
      'Lesions',
      `AP at IoU .50 ${ci(level)}`,
      `Sensitivity at 0.5 false positives per image ${ci(level)}`,
    ],
    rows: located.map(({ value, lesions }) => [
      value,
      String(lesions.lesions),
      figureText(lesions.ap50),
      figureText(lesions.sensitivityAtHalf),
    ]),
    notes: notesOf(located.flatMap(({ lesions }) => [lesions.ap50, lesions.sensitivityAtHalf])),
  };
}

/** Every breakdown with its sizes, and the tests of its differences. */
export function subgroupTables({ breakdowns, settings }: Evaluation): Table[] {
  return breakdowns.flatMap((breakdown) => {
    const { column, differences } = breakdown;
    const lesions = subgroupLesions(breakdown, settings);
    const title = `By ${column}: each subgroup against all others`;
    return [
      subgroupAreas(breakdown, settings),
      ...subgroupPoints(breakdown, settings),
      ...(lesions === null ? [] : [lesions]),
      ...(differences.length > 0 ? [differencesTable(title, differences, settings.level)] : []),
    ];
  });
}

/** Against another model on the same images. */
export function comparisonTable({ comparison, settings }: Evaluation): Table | null {
  if (comparison === null) return null;
  const table = differencesTable('Comparison with other predictions', comparison.differences, settings.level);
  return {
    ...table,
    notes: [
      `Other predictions: ${comparison.other.path}. ${comparison.items} images in ${comparison.groups} groups have both.`,
      ...table.notes,
    ],
  };
}
