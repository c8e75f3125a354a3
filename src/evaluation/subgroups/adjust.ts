import type { Difference } from './differences.schema.js';
import { holm } from './holm.js';

/** Holm's correction over the tests of the same name in a table of differences. */
export function adjustDifferences(differences: readonly Difference[]): Difference[] {
  const names = new Set(differences.flatMap(({ tests }) => tests.map(({ test }) => test)));
  const adjusted = new Map<string, (number | null)[]>();
  for (const name of names) {
    const family = differences.flatMap(({ tests }) => tests.filter(({ test }) => test === name));
    adjusted.set(name, holm(family.map(({ p }) => p)));
  }
  return differences.map((difference) => ({
    ...difference,
    // Tests of a name come in the order of the family, so each takes the next corrected value.
    tests: difference.tests.map((test) => ({ ...test, adjustedP: adjusted.get(test.test)?.shift() ?? null })),
  }));
}
