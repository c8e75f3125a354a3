import { bootstrapGroups } from '../bootstrap/bootstrap.js';
import { fromBootstrap, withBootstrap } from '../bootstrap/bootstrapped-figure.js';
import { tableMeasures } from '../confusion/measures.js';
import { tableOf } from '../confusion/table.js';
import { tableFigures } from '../confusion/table-figures.js';
import { tableStatistic } from '../confusion/table-statistic.js';
import type { ClassificationLevel } from '../evaluation.schema.js';
import { makeFigure, notComputable } from '../figure.js';
import type { Figure } from '../figure.schema.js';
import type { OperatingPoint } from '../operating-point.schema.js';
import { aucInterval, clusteredDelongCovariance, delongCovariance } from '../roc/delong.js';
import { partialAucStatistic, rankStatistic } from '../roc/rank-statistic.js';
import { makeScoredSet, type ScoredSet } from '../roc/scored-set.js';
import type { CalledPoint } from '../subgroups/breakdown-options.js';
import type { Settled } from './evaluate-options.js';

function aucFigure(set: ScoredSet, level: number): Figure {
  const plain = delongCovariance([set]);
  const area = plain.aucs[0] ?? Number.NaN;
  const clustered = clusteredDelongCovariance([set]).covariance[0]?.[0] ?? Number.NaN;
  return makeFigure(area, [
    aucInterval('delong', area, plain.covariance[0]?.[0] ?? Number.NaN, level),
    aucInterval('delong-clustered', area, clustered, level),
  ]);
}

function operatingPoint(set: ScoredSet, { calls, ...named }: CalledPoint, options: Settled): OperatingPoint {
  const { prevalence, level } = options;
  const table = tableOf(set, calls);
  const figures = tableFigures(table, { prevalence, level });
  const bootstrapped = bootstrapGroups([tableStatistic(set, calls, prevalence)], set.groupCount, options);
  const entries = tableMeasures.map((measure, index) => [
    measure,
    withBootstrap(figures[measure], bootstrapped[index]),
  ]);
  return { ...named, ...table, figures: Object.fromEntries(entries) as OperatingPoint['figures'] };
}

/** Everything that is reported of detecting disease in images or groups. */
export function classificationLevel(
  unit: ClassificationLevel['unit'],
  set: ScoredSet,
  points: readonly CalledPoint[],
  options: Settled,
): ClassificationLevel {
  const kind = set.positives === 0 ? 'negative' : 'positive';
  const oneClass = set.positives === 0 || set.negatives === 0 ? `all ${set.labels.length} are ${kind}` : null;
  const to = options.partialAucTo;
  const ranked =
    oneClass === null
      ? bootstrapGroups([rankStatistic(set), partialAucStatistic(set, to)], set.groupCount, options)
      : [];
  const reason = oneClass ?? 'it is not defined';
  return {
    unit,
    items: set.labels.length,
    positives: set.positives,
    negatives: set.negatives,
    groups: set.groupCount,
    auc:
      oneClass === null ? withBootstrap(aucFigure(set, options.level), ranked[0]) : notComputable(oneClass),
    averagePrecision: fromBootstrap(ranked[1], reason),
    partialAuc: {
      to,
      area: fromBootstrap(ranked[2], reason),
      standardised: fromBootstrap(ranked[3], reason),
    },
    operatingPoints: points.map((point) => operatingPoint(set, point, options)),
  };
}

/** Groups as items: the highest score, positive when any member is, called positive when any member is. */
export function groupItems(
  set: ScoredSet,
  points: readonly CalledPoint[],
): { set: ScoredSet; points: CalledPoint[] } {
  const highest = (values: ArrayLike<number>) => {
    const out = new Float64Array(set.groupCount).fill(Number.NEGATIVE_INFINITY);
    set.groups.forEach((group, item) => {
      out[group] = Math.max(out[group] ?? 0, values[item] ?? 0);
    });
    return out;
  };
  return {
    set: makeScoredSet(highest(set.scores), highest(set.labels)),
    points: points.map((point) => ({ ...point, calls: Uint8Array.from(highest(point.calls)) })),
  };
}
