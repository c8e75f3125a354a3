import { makeScoredSet, numberGroups } from '../roc/scored-set.js';
import type { CalledPoint } from '../subgroups/breakdown-options.js';
import { compareLesions } from '../subgroups/compare-lesions.js';
import { compareModels } from '../subgroups/compare-models.js';
import type { ModelComparison } from '../subgroups/differences.schema.js';
import { selectImages } from '../subgroups/select-images.js';
import type { EvaluationCases } from './cases.js';
import type { Settled } from './evaluate-options.js';

/** The other model: its cases and what it calls at its operating points, paired by name. */
export interface OtherModel {
  readonly name: string;
  readonly cases: EvaluationCases;
  readonly points: readonly CalledPoint[];
}

function pick<T>(values: ArrayLike<T>, items: readonly number[], missing: T): T[] {
  return items.map((item) => values[item] ?? missing);
}

/**
 * Compares two models on the images that both have scored. Null with the reason when there is nothing to compare.
 */
export function compareCases(
  name: string,
  cases: EvaluationCases,
  points: readonly CalledPoint[],
  other: OtherModel,
  options: Settled,
): { comparison: ModelComparison | null; reason: string | null } {
  const none = (reason: string) => ({ comparison: null, reason });
  const otherIndex = new Map(other.cases.ids.map((id, index) => [id, index]));
  const own = [...cases.ids.keys()].filter((item) => otherIndex.has(cases.ids[item] ?? ''));
  const theirs = own.map((item) => otherIndex.get(cases.ids[item] ?? '') ?? 0);
  const { labels, scores } = cases;
  if (labels === null || scores === null || other.cases.scores === null)
    return none('labels or scores are missing');
  const truth = pick(labels, own, 0);
  if (!truth.includes(1) || !truth.includes(0))
    return none(`the ${own.length} images in common are of one class`);
  const groups = pick(cases.groups, own, '');
  const first = makeScoredSet(pick(scores, own, 0), truth, groups);
  const second = makeScoredSet(pick(other.cases.scores, theirs, 0), truth, groups);
  const paired = points.flatMap((point) => {
    const match = other.points.find((candidate) => candidate.name === point.name);
    if (match === undefined) return [];
    const calls = (values: Uint8Array, items: readonly number[]) => Uint8Array.from(pick(values, items, 0));
    return [{ name: point.name, first: calls(point.calls, own), second: calls(match.calls, theirs) }];
  });
  const names = { firstName: name, secondName: other.name };
  const comparison = compareModels(first, second, { ...options, ...names, points: paired });
  const [a, b] = [cases.boxes, other.cases.boxes];
  if (a === null || b === null || a.set.dimensions !== b.set.dimensions) return { comparison, reason: null };
  const numbered = numberGroups(groups);
  const lesions = compareLesions(
    selectImages(a.set, own),
    selectImages(b.set, theirs),
    numbered.groups,
    numbered.groupNames.length,
    { ...options, ...names },
  );
  return {
    comparison: { ...comparison, differences: [...comparison.differences, ...lesions] },
    reason: null,
  };
}
