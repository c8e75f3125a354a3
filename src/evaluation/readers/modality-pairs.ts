/** Pairs of modality numbers, to be read as "first minus second": each other against the reference, or each with each in order. */
export function modalityPairs(modalities: readonly string[], reference: string | null): [number, number][] {
  const numbers = modalities.map((_, index) => index);
  const fixed = reference === null ? -1 : modalities.indexOf(reference);
  if (fixed >= 0) return numbers.filter((index) => index !== fixed).map((index) => [index, fixed]);
  return numbers.flatMap((a) => numbers.filter((b) => b > a).map((b): [number, number] => [a, b]));
}
