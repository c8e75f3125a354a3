import type {
  MeasureResult,
  ReaderComparison,
  ReadingTimes,
} from '../../evaluation/readers/readers.schema.js';
import { decimals, noNumber, percent, pValue, significant, withInterval } from '../tables/numbers.js';
import type { Table } from '../tables/table.js';

type Scope = ReaderComparison['scope'];
type Difference = MeasureResult['differences'][number];
type OverallTest = NonNullable<NonNullable<MeasureResult['obuchowskiRockette']>['byScope'][Scope]>;

const scopeNames: Readonly<Record<Scope, string>> = {
  'random-readers-random-cases': 'random readers, random cases',
  'fixed-readers-random-cases': 'these readers only, random cases',
  'random-readers-fixed-cases': 'random readers, these cases only',
};
const scopes = Object.keys(scopeNames) as Scope[];

/** "AUC", "Sensitivity": the head of a column. */
function shortName({ measure }: MeasureResult): string {
  const names = { auc: 'AUC', wafroc: 'wAFROC AUC', sensitivity: 'Sensitivity', specificity: 'Specificity' };
  return names[measure];
}

function capitalised(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

function interval(estimate: { value: number; interval: readonly [number, number] } | null): string {
  return estimate === null ? noNumber : withInterval(estimate);
}

function testWords(name: string, scope: Scope, test: OverallTest): string {
  const { f, numerator, denominator, p } = test;
  const statistic =
    denominator === null
      ? `chi-square(${numerator}) = ${decimals(f * numerator, 2)}`
      : `F(${numerator}, ${decimals(denominator, 1)}) = ${decimals(f, 2)}`;
  return `${name}, ${scopeNames[scope]}: ${statistic}, P ${p < 0.001 ? '' : '= '}${pValue(p)}.`;
}

function readersTable(comparison: ReaderComparison, result: MeasureResult): Table {
  const { modalities, readers, scope, level } = comparison;
  const ci = `(${percent(level)} CI)`;
  const pair = result.differences.length === 1 ? result.differences[0] : undefined;
  const rows = readers.map((reader) => {
    const values = modalities.map((modality) => {
      const cell = result.readers.find((each) => each.reader === reader && each.modality === modality);
      return interval(cell?.estimate ?? null);
    });
    const difference = result.readerDifferences.find((each) => each.reader === reader);
    if (pair === undefined) return [reader, ...values];
    return [
      reader,
      ...values,
      difference?.test ? withInterval(difference.test) : decimals(difference?.value ?? Number.NaN),
      difference?.test ? pValue(difference.test.p) : noNumber,
    ];
  });
  const means = result.modalities.map(({ byScope, value }) => {
    const estimate = byScope[scope];
    return estimate === null ? decimals(value) : withInterval(estimate);
  });
  const tested = pair?.byScope[scope];
  const end =
    pair === undefined
      ? []
      : [tested ? withInterval(tested) : decimals(pair.value), tested ? pValue(tested.p) : noNumber];
  return {
    title: `${capitalised(result.name)}: readers`,
    head: [
      'Reader',
      ...modalities.map((modality) => `${modality} ${ci}`),
      ...(pair === undefined ? [] : [`${pair.a} \u2212 ${pair.b} ${ci}`, 'P']),
    ],
    rows: [...rows, ['Mean', ...means, ...end]],
    notes: [
      `${shortName(result)}. Single readers: over cases (${comparison.covariance}). Mean: ${scopeNames[scope]}.`,
      ...testNotes(result),
    ],
  };
}

/** Tests that all modalities are alike; where there is none, why. */
function testNotes({ obuchowskiRockette, dorfmanBerbaumMetz }: MeasureResult): string[] {
  const severalReaders = dorfmanBerbaumMetz !== null;
  return scopes.flatMap((scope) => {
    const hillis = obuchowskiRockette?.byScope[scope];
    const dbm = dorfmanBerbaumMetz?.byScope[scope];
    const untested =
      obuchowskiRockette !== null && severalReaders && !hillis && !dbm
        ? [
            `No test, ${scopeNames[scope]}, because the readings of the modalities differ in nothing that varies.`,
          ]
        : [];
    return [
      ...(hillis ? [testWords('Obuchowski-Rockette with Hillis degrees of freedom', scope, hillis)] : []),
      ...(dbm ? [testWords('Dorfman-Berbaum-Metz', scope, dbm)] : []),
      ...untested,
    ];
  });
}

function nonInferiorityWords({ nonInferiority: judged }: Difference): string {
  if (judged === null) return noNumber;
  return `${judged.shown ? 'shown' : 'not shown'} (P ${pValue(judged.p)})`;
}

function differencesTable(comparison: ReaderComparison, result: MeasureResult): Table | null {
  const differences = [
    ...result.differences,
    ...result.standalone.flatMap(({ readersMinusProgram }) => readersMinusProgram),
  ];
  if (differences.length === 0) return null;
  const withMargin = comparison.margin !== null;
  const ci = `Value (${percent(comparison.level)} CI)`;
  return {
    title: `${capitalised(result.name)}: differences`,
    head: ['Difference', 'Analysis', ci, 'P', ...(withMargin ? [`not worse by ${comparison.margin}`] : [])],
    rows: differences.flatMap((difference) =>
      scopes.map((scope, index) => {
        const tested = difference.byScope[scope];
        const judged = scope === comparison.scope ? nonInferiorityWords(difference) : '';
        return [
          index === 0 ? `${difference.a} \u2212 ${difference.b}` : '',
          scopeNames[scope],
          tested === null ? noNumber : withInterval(tested),
          tested === null ? noNumber : pValue(tested.p),
          ...(withMargin ? [judged] : []),
        ];
      }),
    ),
    notes: [
      ...result.standalone.map(
        ({ modality, estimate }) =>
          `${modality} by itself: ${withInterval(estimate)}, over cases; readers are compared with it as a fixed rival.`,
      ),
      ...(withMargin
        ? [
            `Non-inferiority: one-sided, ${scopeNames[comparison.scope]}; shown when the lower bound lies above \u2212${comparison.margin}.`,
          ]
        : []),
    ],
  };
}

function varianceTable(result: MeasureResult): Table | null {
  const table = result.obuchowskiRockette;
  if (table === null) return null;
  const small = (value: number | null) =>
    value === null ? noNumber : value.toExponential(4).replace('-', '\u2212');
  return {
    title: `${capitalised(result.name)}: mean squares and covariances (Obuchowski-Rockette)`,
    head: ['MS(T)', 'MS(R)', 'MS(TR)', 'Var', 'Cov1', 'Cov2', 'Cov3'],
    rows: [
      [
        small(table.meanSquares.modality),
        small(table.meanSquares.reader),
        small(table.meanSquares.interaction),
        small(table.variance),
        small(table.cov1),
        small(table.cov2),
        small(table.cov3),
      ],
    ],
    notes: ['T modality, R reader. Cov1: same reader; Cov2: same modality; Cov3: neither.'],
  };
}

function timeTables(times: ReadingTimes, level: number): Table[] {
  const ci = `(${percent(level)} CI)`;
  const seconds = (value: number) => decimals(value, 1);
  const summary: Table = {
    title: 'Reading time, seconds',
    head: ['Modality', 'Readings', 'Median (quartiles)', 'Mean'],
    rows: times.modalities.map(({ modality, readings, medianSeconds, quartiles, meanSeconds }) => [
      modality,
      String(readings),
      `${seconds(medianSeconds)} (${seconds(quartiles[0])} to ${seconds(quartiles[1])})`,
      seconds(meanSeconds),
    ]),
    notes: [],
  };
  const differences = times.differences.map(
    ({ a, b, pairs, readers, acrossReaders, bootstrap, ratio }): Table => {
      const tested = (name: string, count: number, estimate: typeof acrossReaders) => [
        name,
        String(count),
        estimate === null ? noNumber : withInterval(estimate, seconds),
        estimate === null ? noNumber : pValue(estimate.p),
      ];
      return {
        title: `Reading time: ${a} \u2212 ${b}`,
        head: ['Analysis', 'Pairs', `Difference, seconds ${ci}`, 'P'],
        rows: [
          ...readers.map(({ reader, pairs: own, seconds: estimate }) =>
            tested(`${reader}, paired t`, own, estimate),
          ),
          tested('Mean of the readers, paired t over readers', pairs, acrossReaders),
          [
            'Mean of the readers, bootstrap of cases within truth',
            String(pairs),
            bootstrap.interval === null
              ? seconds(bootstrap.value)
              : withInterval({ value: bootstrap.value, interval: bootstrap.interval }, seconds),
            noNumber,
          ],
        ],
        notes:
          ratio === null
            ? [
                `Mixed model: no estimate${times.mixedModelReason === null ? '' : ` (${times.mixedModelReason})`}.`,
              ]
            : [
                `Mixed model, ${times.mixedModel?.formula}: time ratio ${withInterval(ratio, significant)}, t(${decimals(ratio.degrees ?? Number.POSITIVE_INFINITY, 0)}) = ${decimals(ratio.t, 2)}, P ${pValue(ratio.p)}.`,
              ],
      };
    },
  );
  return [summary, ...differences];
}

/** A reader study as tables, in the order in which a paper would show them. */
export function readerTables(comparison: ReaderComparison): Table[] {
  const { cases, readers, modalities } = comparison;
  const measures = comparison.measures.flatMap((result) => [
    readersTable(comparison, result),
    differencesTable(comparison, result),
    varianceTable(result),
  ]);
  const times = comparison.readingTimes === null ? [] : timeTables(comparison.readingTimes, comparison.level);
  const [first, ...rest] = measures.filter((table) => table !== null);
  if (first === undefined) return times;
  const study = `${readers.length} readers, ${modalities.length} modalities, ${cases.diseased} diseased and ${cases.normal} normal cases.`;
  return [{ ...first, notes: [study, ...first.notes] }, ...rest, ...times];
}
