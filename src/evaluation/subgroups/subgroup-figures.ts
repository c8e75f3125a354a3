import { bootstrapGroups } from '../bootstrap/bootstrap.js';
import { fromBootstrap, withBootstrap } from '../bootstrap/bootstrapped-figure.js';
import { tableMeasures } from '../confusion/measures.js';
import { tableOf } from '../confusion/table.js';
import { tableFigures } from '../confusion/table-figures.js';
import { tableStatistic } from '../confusion/table-statistic.js';
import { rankCategories, summariseCategories } from '../detection/coco-ap.js';
import { cocoStatistic } from '../detection/coco-statistic.js';
import { frocStatistic } from '../detection/froc.js';
import { findHits } from '../detection/hits.js';
import { makeFigure, notComputable } from '../figure.js';
import type { Figure } from '../figure.schema.js';
import { proportion } from '../proportions/proportion.js';
import { aucInterval, clusteredDelongCovariance } from '../roc/delong.js';
import { rankStatistic } from '../roc/rank-statistic.js';
import { type ScoredSet, selectItems } from '../roc/scored-set.js';
import type { BreakdownBoxes, BreakdownOptions } from './breakdown-options.js';
import { selectImages } from './select-images.js';
import type { Subgroup } from './subgroups.schema.js';

/** Why a figure that rests on `count` cases is withheld; null when there are enough. */
export function tooFew(count: number, what: string, minimum: number): string | null {
  return count < minimum ? `too few to say: ${count} ${what}, fewer than ${minimum}` : null;
}

function withhold(reason: string | null, figure: () => Figure): Figure {
  return reason === null ? figure() : notComputable(reason);
}

/** Why a figure that needs both classes is withheld; null when there are enough of each. */
export function classShortage({ positives, negatives }: ScoredSet, minimum: number): string | null {
  return tooFew(positives, 'positives', minimum) ?? tooFew(negatives, 'negatives', minimum);
}

function subgroupLesions(
  boxes: BreakdownBoxes,
  images: readonly number[],
  set: ScoredSet,
  options: BreakdownOptions,
): Subgroup['lesions'] {
  const minimum = options.minimum ?? 20;
  const selected = selectImages(boxes.set, images);
  const hits = findHits(selected, boxes.hitRule);
  const lesions = hits.lesionImage.length;
  const shortage = tooFew(lesions, 'lesions', minimum);
  const ap50 = () => {
    const categories = rankCategories(selected);
    const [, figure] = bootstrapGroups([cocoStatistic(categories, set.groups)], set.groupCount, options);
    return withBootstrap(
      makeFigure(summariseCategories(categories).ap50 ?? Number.NaN, [], 'no lesion counts'),
      figure,
    );
  };
  const volumes = selected.dimensions === 3 ? 'average precision is for images, not for volumes' : null;
  return {
    lesions,
    ap50: withhold(shortage ?? volumes, ap50),
    sensitivityAtHalf: withhold(shortage, () => {
      const statistic = frocStatistic(hits, set.groups, [0.5], 'step');
      const [figure] = bootstrapGroups([statistic], set.groupCount, options);
      const found = Math.round((figure?.value ?? 0) * lesions);
      return withBootstrap(proportion(found, lesions, 'no lesion counts', options.level), figure);
    }),
  };
}

/** One subgroup, its counts and figures. */
export function subgroupFigures(
  value: string,
  whole: ScoredSet,
  items: readonly number[],
  boxes: BreakdownBoxes | null,
  options: BreakdownOptions,
): Subgroup {
  const minimum = options.minimum ?? 20;
  const set = selectItems(whole, items);
  const shortage = classShortage(set, minimum);
  const ranked = shortage === null ? bootstrapGroups([rankStatistic(set)], set.groupCount, options) : [];
  return {
    value,
    items: items.length,
    positives: set.positives,
    negatives: set.negatives,
    groups: set.groupCount,
    auc: withhold(shortage, () => {
      const { aucs, covariance } = clusteredDelongCovariance([set]);
      const interval = aucInterval('delong-clustered', aucs[0] ?? 0, covariance[0]?.[0] ?? 0, options.level);
      return withBootstrap(makeFigure(aucs[0] ?? Number.NaN, [interval]), ranked[0]);
    }),
    averagePrecision: withhold(shortage, () => fromBootstrap(ranked[1], 'average precision is not defined')),
    operatingPoints: options.points.map(({ calls, ...named }) => {
      const own = Uint8Array.from(items, (item) => calls[item] ?? 0);
      const table = tableOf(set, own);
      const figures = tableFigures(table, options.level === undefined ? {} : { level: options.level });
      const bootstrapped = bootstrapGroups([tableStatistic(set, own)], set.groupCount, options);
      const figure = (
        measure: 'sensitivity' | 'specificity' | 'positivePredictiveValue' | 'negativePredictiveValue',
        what: string,
      ) => {
        const reason = tooFew(figures[measure].denominator ?? 0, what, minimum);
        return withhold(reason, () =>
          withBootstrap(figures[measure], bootstrapped[tableMeasures.indexOf(measure)]),
        );
      };
      return {
        ...named,
        sensitivity: figure('sensitivity', 'positives'),
        specificity: figure('specificity', 'negatives'),
        positivePredictiveValue: figure('positivePredictiveValue', 'called positive'),
        negativePredictiveValue: figure('negativePredictiveValue', 'called negative'),
      };
    }),
    lesions: boxes === null ? null : subgroupLesions(boxes, items, set, options),
  };
}
