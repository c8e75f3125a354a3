import { type BootstrapOptions, bootstrapGroups } from '../bootstrap/bootstrap.js';
import { fromBootstrap } from '../bootstrap/bootstrapped-figure.js';
import { differenceOf } from '../bootstrap/weighted-statistic.js';
import { type TableMeasure, tableMeasures } from '../confusion/measures.js';
import { tableStatistic } from '../confusion/table-statistic.js';
import { normalQuantile } from '../distributions.js';
import { makeInterval } from '../figure.js';
import { averagePrecision } from '../roc/curve.js';
import { pairedDelong } from '../roc/delong.js';
import { auc } from '../roc/placements.js';
import { rankStatistic } from '../roc/rank-statistic.js';
import { type ScoredSet, sumByGroup } from '../roc/scored-set.js';
import { adjustDifferences } from './adjust.js';
import type { Difference, DifferenceTest, ModelComparison } from './differences.schema.js';
import { mcnemar } from './mcnemar.js';
import { aucSwapTest, signFlipTest } from './permutation.js';

/** Calls of both models at one operating point. */
export interface PairedCalls {
  readonly name: string;
  readonly first: Uint8Array;
  readonly second: Uint8Array;
}

export interface ComparisonOptions extends BootstrapOptions {
  readonly firstName: string;
  readonly secondName: string;
  readonly points?: readonly PairedCalls[];
  /** @default 5000 */
  readonly permutations?: number;
}

function rankDifferences(a: ScoredSet, b: ScoredSet, options: ComparisonOptions): Difference[] {
  const names = { first: options.firstName, second: options.secondName, operatingPoint: null };
  const difference = differenceOf(rankStatistic(a), rankStatistic(b), a.groupCount);
  const [area, precision] = bootstrapGroups([difference], a.groupCount, options);
  const delong = pairedDelong(a, b, true);
  const z = normalQuantile(1 - (1 - (options.level ?? 0.95)) / 2);
  const half = z * (delong.standardError ?? Number.NaN);
  const areaFigure = fromBootstrap(area, 'the AUC is not defined');
  areaFigure.intervals.push(
    makeInterval(
      'delong-clustered',
      delong.difference - half,
      delong.difference + half,
      'the variance is zero',
    ),
  );
  const permutation = aucSwapTest(a, b, options);
  return [
    {
      ...names,
      measure: 'auc',
      firstValue: auc(a),
      secondValue: auc(b),
      difference: areaFigure,
      tests: [
        delongTest('DeLong, paired, by group', delong),
        delongTest('DeLong, paired', pairedDelong(a, b)),
        permuted(permutation),
      ],
    },
    {
      ...names,
      measure: 'averagePrecision',
      firstValue: averagePrecision(a),
      secondValue: averagePrecision(b),
      difference: fromBootstrap(precision, 'average precision is not defined'),
      tests: [],
    },
  ];
}

function delongTest(test: string, { z, p }: { z: number | null; p: number | null }): DifferenceTest {
  const reason =
    p === null ? { reason: 'the variance of the difference is zero or cannot be estimated' } : {};
  return { test, statistic: z, p, adjustedP: null, ...reason };
}

function permuted(p: number): DifferenceTest {
  return { test: 'permutation by group', statistic: null, p, adjustedP: null };
}

const pairedMeasures = ['sensitivity', 'specificity', 'accuracy'] as const satisfies readonly TableMeasure[];

/** Items that count for a measure: the diseased, the healthy, or all. */
function counts(measure: (typeof pairedMeasures)[number], label: number | undefined): boolean {
  return measure === 'accuracy' || (measure === 'sensitivity' ? label === 1 : label === 0);
}

function callDifferences(set: ScoredSet, point: PairedCalls, options: ComparisonOptions): Difference[] {
  const statistic = (calls: Uint8Array) => tableStatistic(set, calls);
  const difference = differenceOf(statistic(point.first), statistic(point.second), set.groupCount);
  const bootstrapped = bootstrapGroups([difference], set.groupCount, options);
  const right = (calls: Uint8Array) => calls.map((call, item) => (call === set.labels[item] ? 1 : 0));
  const [firstRight, secondRight] = [right(point.first), right(point.second)];
  return pairedMeasures.map((measure) => {
    const items = [...set.labels.keys()].filter((item) => counts(measure, set.labels[item]));
    const pick = (values: Uint8Array) => Uint8Array.from(items, (item) => values[item] ?? 0);
    const [first, second] = [pick(firstRight), pick(secondRight)];
    const share = (values: Uint8Array) =>
      values.length === 0 ? null : values.reduce((sum, v) => sum + v, 0) / values.length;
    const test = mcnemar(first, second);
    const byGroup = sumByGroup(set, (item) =>
      counts(measure, set.labels[item]) ? (firstRight[item] ?? 0) - (secondRight[item] ?? 0) : 0,
    );
    return {
      measure,
      operatingPoint: point.name,
      first: options.firstName,
      second: options.secondName,
      firstValue: share(first),
      secondValue: share(second),
      difference: fromBootstrap(
        bootstrapped[tableMeasures.indexOf(measure)],
        'there are no items of this class',
      ),
      tests: [
        { test: 'McNemar, exact', statistic: null, p: test.p, adjustedP: null },
        permuted(signFlipTest(byGroup, options)),
      ],
    };
  });
}

/**
 * Compares two models on the same items: AUC (paired DeLong, with and without heed to groups; permutation), average
 * precision (bootstrap), and sensitivity, specificity and accuracy at each operating point (McNemar; permutation by
 * group). p values are Holm-corrected over the tests of the same kind. Both sets must hold the same items in the same
 * order, with both classes.
 *
 * @throws LUC_EVALUATION_ONE_CLASS, LUC_EVALUATION_ARGUMENT when the labels differ
 */
export function compareModels(a: ScoredSet, b: ScoredSet, options: ComparisonOptions): ModelComparison {
  const differences = [
    ...rankDifferences(a, b, options),
    ...(options.points ?? []).flatMap((point) => callDifferences(a, point, options)),
  ];
  return { items: a.labels.length, groups: a.groupCount, differences: adjustDifferences(differences) };
}
