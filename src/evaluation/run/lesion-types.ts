import { mostProbable } from '../../core/finding-type.js';
import { findHits, type HitRule } from '../detection/hits.js';
import type { TypedItem } from '../types/typed-set.js';
import type { CaseBoxes, EvaluationCases } from './cases.js';

/**
 * Types of located lesions: for every lesion that has a type, that of the highest scored detection that finds it and
 * names one. Lesions of a class that the predictions do not know are counted apart.
 */
export function lesionTypes(
  boxes: CaseBoxes,
  groups: readonly string[],
  hitRule: HitRule,
): EvaluationCases['types'] {
  const hits = findHits(boxes.set, hitRule);
  const best = new Map<number, number>();
  hits.outcome.forEach((lesion, detection) => {
    if (lesion < 0 || boxes.detectionTypes[detection] === null) return;
    const current = best.get(lesion);
    if (current === undefined || (hits.scores[detection] ?? 0) > (hits.scores[current] ?? 0))
      best.set(lesion, detection);
  });
  const classes = new Set<string>();
  for (const type of boxes.detectionTypes)
    for (const name of Object.keys(type?.probabilities ?? {})) classes.add(name);
  let unknown = 0;
  const items = [...best].flatMap(([lesion, detection]): TypedItem[] => {
    const truth = boxes.lesionTypes[hits.truthItem[lesion] ?? -1] ?? null;
    const type = boxes.detectionTypes[detection] ?? null;
    if (truth === null || type === null) return [];
    if (!classes.has(truth)) {
      unknown++;
      return [];
    }
    const { probabilities, set } = type;
    const group = groups[hits.lesionImage[lesion] ?? 0];
    return [{ truth, predicted: mostProbable(type), probabilities, set, group }];
  });
  return items.length + unknown === 0 ? null : { classes: [...classes], items, unknown };
}
