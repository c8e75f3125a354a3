import { type BootstrapOptions, bootstrapGroups } from '../bootstrap/bootstrap.js';
import { fromBootstrap } from '../bootstrap/bootstrapped-figure.js';
import { computeOnce, differenceOf, type WeightedStatistic } from '../bootstrap/weighted-statistic.js';
import { afrocStatistic, freeResponseRatings } from '../detection/afroc.js';
import type { BoxSet } from '../detection/box-set.js';
import { rankCategories } from '../detection/coco-ap.js';
import { cocoStatistic } from '../detection/coco-statistic.js';
import { frocStatistic } from '../detection/froc.js';
import { findHits, type HitRule } from '../detection/hits.js';
import type { Difference } from './differences.schema.js';

export interface LesionComparisonOptions extends BootstrapOptions {
  readonly firstName: string;
  readonly secondName: string;
  readonly hitRule: HitRule;
}

interface Measured {
  readonly measure: string;
  readonly statistic: WeightedStatistic;
  readonly figure: number;
}

function measures(set: BoxSet, groups: Int32Array, hitRule: HitRule): Measured[] {
  const hits = findHits(set, hitRule);
  const coco = set.dimensions === 2 ? cocoStatistic(rankCategories(set), groups) : null;
  const precision =
    coco === null
      ? []
      : [
          { measure: 'ap', statistic: coco, figure: 0 },
          { measure: 'ap50', statistic: coco, figure: 1 },
        ];
  return [
    ...precision,
    {
      measure: 'sensitivity at 0.5 false positives per image',
      statistic: frocStatistic(hits, groups, [0.5], 'step'),
      figure: 0,
    },
    {
      measure: 'wafroc',
      statistic: afrocStatistic(freeResponseRatings(hits), groups, 'afroc', true),
      figure: 0,
    },
  ];
}

/** Differences of lesion figures of two detectors on the same images, with bootstrap intervals by group. */
export function compareLesions(
  a: BoxSet,
  b: BoxSet,
  groups: Int32Array,
  groupCount: number,
  options: LesionComparisonOptions,
): Difference[] {
  const second = measures(b, groups, options.hitRule);
  return measures(a, groups, options.hitRule).flatMap((one, index) => {
    const other = second[index];
    if (other === undefined) return [];
    const bootstrapped = bootstrapGroups(
      [differenceOf(one.statistic, other.statistic, groupCount)],
      groupCount,
      options,
    );
    const value = ({ statistic, figure }: Measured) => {
      const plain = computeOnce(statistic, groupCount)[figure] ?? Number.NaN;
      return Number.isFinite(plain) ? plain : null;
    };
    return [
      {
        measure: one.measure,
        operatingPoint: null,
        first: options.firstName,
        second: options.secondName,
        firstValue: value(one),
        secondValue: value(other),
        difference: fromBootstrap(bootstrapped[one.figure], 'no lesion counts'),
        tests: [],
      },
    ];
  });
}
