import type { ScoredSet } from '../roc/scored-set.js';
import { adjustDifferences } from './adjust.js';
import type { BreakdownBoxes, BreakdownOptions } from './breakdown-options.js';
import { subgroupDifferences } from './subgroup-differences.js';
import { subgroupFigures } from './subgroup-figures.js';
import type { Breakdown } from './subgroups.schema.js';

/** Values in an order that people expect: numbers by size, words by alphabet. */
function sortValues(values: readonly string[]): string[] {
  return [...new Set(values)].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
}

/**
 * Breaks the figures down by a column. Each subgroup is shown with its counts; a figure that rests on too few cases is
 * withheld. Each subgroup is compared with all others, p values Holm-corrected over the tests of the same kind.
 *
 * @param values value of the column for every item; '' where unknown
 * @param boxes of the same items, when lesions were located
 */
export function breakDown(
  column: string,
  values: readonly string[],
  set: ScoredSet,
  boxes: BreakdownBoxes | null,
  options: BreakdownOptions,
): Breakdown {
  const levels = sortValues(values);
  const itemsOf = (level: string) => [...values.keys()].filter((item) => values[item] === level);
  const shown = (level: string) => (level === '' ? '(not stated)' : level);
  const compared = levels.length === 2 ? levels.slice(1) : levels;
  const differences =
    levels.length < 2
      ? []
      : compared.flatMap((level) => {
          const inside = Uint8Array.from(values, (value) => (value === level ? 1 : 0));
          return subgroupDifferences(shown(level), set, inside, options);
        });
  return {
    column,
    subgroups: levels.map((level) => subgroupFigures(shown(level), set, itemsOf(level), boxes, options)),
    differences: adjustDifferences(differences),
  };
}
