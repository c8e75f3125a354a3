import { type BootstrapOptions, bootstrapGroups } from '../bootstrap/bootstrap.js';
import { fromBootstrap, withBootstrap } from '../bootstrap/bootstrapped-figure.js';
import { makeFigure, notComputable } from '../figure.js';
import type { Figure } from '../figure.schema.js';
import { proportion } from '../proportions/proportion.js';
import { aucInterval, clusteredDelongCovariance } from '../roc/delong.js';
import { rankStatistic } from '../roc/rank-statistic.js';
import type { ScoredSet } from '../roc/scored-set.js';
import { type ClassTable, classTable, margins } from './class-table.js';
import { type KappaWeights, kappaFigure } from './kappa.js';
import { classMeasures, conformalStatistic, typeMeasures, typeStatistic } from './type-statistic.js';
import type { TypedSet } from './typed-set.js';
import type { TypeFigures } from './types.schema.js';

export interface TypeOptions extends BootstrapOptions {
  /** Weights of the second kappa; only for classes in a meaningful order. @default 'linear' */
  readonly kappaWeights?: Exclude<KappaWeights, 'none'>;
}

/** The probabilities of one class as scores, the class against all others. */
function oneVersusRest(set: TypedSet, probabilities: Float64Array, index: number): ScoredSet {
  const size = set.classes.length;
  const labels = Uint8Array.from(set.truth, (truth) => (truth === index ? 1 : 0));
  const positives = labels.reduce((sum, label) => sum + label, 0);
  return {
    scores: Float64Array.from(set.truth, (_, item) => probabilities[item * size + index] ?? 0),
    labels,
    groups: set.groups,
    groupCount: set.groupCount,
    positives,
    negatives: labels.length - positives,
  };
}

function classAuc(set: TypedSet, index: number, options: TypeOptions): Figure {
  if (set.probabilities === null) return notComputable('not every item has probabilities');
  const scored = oneVersusRest(set, set.probabilities, index);
  if (scored.positives === 0) return notComputable('no item is of this class');
  if (scored.negatives === 0) return notComputable('every item is of this class');
  const [bootstrapped] = bootstrapGroups([rankStatistic(scored)], set.groupCount, options);
  const { aucs, covariance } = clusteredDelongCovariance([scored]);
  const interval = aucInterval('delong-clustered', aucs[0] ?? 0, covariance[0]?.[0] ?? 0, options.level);
  return withBootstrap(makeFigure(aucs[0] ?? Number.NaN, [interval]), bootstrapped);
}

function conformal(set: TypedSet, options: TypeOptions): TypeFigures['conformal'] {
  if (set.sets === null) return null;
  const size = set.classes.length;
  const { sets } = set;
  const covers = (item: number) => sets[item * size + (set.truth[item] ?? 0)] === 1;
  const level = options.level;
  const countWhere = (wanted: (truth: number) => boolean) => {
    const items = [...set.truth.keys()].filter((item) => wanted(set.truth[item] ?? 0));
    return proportion(items.filter(covers).length, items.length, 'no item is of this class', level);
  };
  const [coverage, meanSize, ...ofClass] = bootstrapGroups(
    [conformalStatistic(set, sets)],
    set.groupCount,
    options,
  );
  return {
    coverage: withBootstrap(
      countWhere(() => true),
      coverage,
    ),
    meanSetSize: fromBootstrap(meanSize, 'there are no items'),
    emptySets: [...set.truth.keys()].filter((item) =>
      sets.slice(item * size, (item + 1) * size).every((m) => m === 0),
    ).length,
    coverageByClass: set.classes.map((label, index) => ({
      label,
      coverage: withBootstrap(
        countWhere((truth) => truth === index),
        ofClass[index],
      ),
    })),
  };
}

function wholeTable(table: ClassTable): number[][] {
  return Array.from({ length: table.size }, (_, row) => [
    ...table.cells.slice(row * table.size, (row + 1) * table.size),
  ]);
}

/**
 * Everything that is reported of a classification into types: the confusion matrix, accuracy, macro, micro and weighted
 * F1, recall, precision, F1 and one-versus-rest AUC per class, Cohen's kappa, weighted kappa, and the conformal sets.
 * Bootstrap intervals resample groups.
 */
export function typeFigures(set: TypedSet, options: TypeOptions = {}): TypeFigures {
  const kappaWeights = options.kappaWeights ?? 'linear';
  const table = classTable(set);
  const { total, rows, columns } = margins(table);
  if (total === 0) return { ...emptyFigures(set.classes), kappaWeights };
  const bootstrapped = bootstrapGroups([typeStatistic(set, kappaWeights)], set.groupCount, options);
  const whole = (measure: (typeof typeMeasures)[number]) => bootstrapped[typeMeasures.indexOf(measure)];
  const ofClass = (index: number, measure: (typeof classMeasures)[number]) =>
    bootstrapped[typeMeasures.length + classMeasures.length * index + classMeasures.indexOf(measure)];
  const hits = (index: number) => table.cells[index * table.size + index] ?? 0;
  const correct = set.classes.reduce((sum, _, index) => sum + hits(index), 0);
  const accuracy = withBootstrap(
    proportion(correct, total, 'there are no items', options.level),
    whole('accuracy'),
  );
  return {
    items: total,
    groups: set.groupCount,
    classes: [...set.classes],
    confusion: wholeTable(table),
    accuracy,
    // Every item has one truth and one prediction, so counting over all classes gives the accuracy again.
    microF1: accuracy,
    macroF1: fromBootstrap(whole('macroF1'), 'there are no items'),
    weightedF1: fromBootstrap(whole('weightedF1'), 'there are no items'),
    kappa: withBootstrap(kappaFigure(table, 'none', options.level), whole('kappa')),
    kappaWeights,
    weightedKappa: withBootstrap(kappaFigure(table, kappaWeights, options.level), whole('weightedKappa')),
    perClass: set.classes.map((label, index) => ({
      label,
      items: rows[index] ?? 0,
      recall: withBootstrap(
        proportion(hits(index), rows[index] ?? 0, 'no item is of this class', options.level),
        ofClass(index, 'recall'),
      ),
      precision: withBootstrap(
        proportion(hits(index), columns[index] ?? 0, 'no item was called this class', options.level),
        ofClass(index, 'precision'),
      ),
      f1: fromBootstrap(ofClass(index, 'f1'), 'no item is, or was called, this class'),
      auc: classAuc(set, index, options),
    })),
    conformal: conformal(set, options),
  };
}

function emptyFigures(classes: readonly string[]): Omit<TypeFigures, 'kappaWeights'> {
  const none = notComputable('there are no items');
  return {
    items: 0,
    groups: 0,
    classes: [...classes],
    confusion: classes.map(() => classes.map(() => 0)),
    accuracy: none,
    microF1: none,
    macroF1: none,
    weightedF1: none,
    kappa: none,
    weightedKappa: none,
    perClass: classes.map((label) => ({
      label,
      items: 0,
      recall: none,
      precision: none,
      f1: none,
      auc: none,
    })),
    conformal: null,
  };
}
