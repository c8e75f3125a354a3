/**
 * Holm's step-down correction of p values of one family: each is compared with the others, none may pass on luck.
 * Null (a test that could not be made) stays null and does not count.
 *
 * Source: Holm S. Scand J Stat 1979;6:65-70.
 */
export function holm(pValues: readonly (number | null)[]): (number | null)[] {
  const known = pValues.flatMap((p, index) => (p === null ? [] : [{ p, index }])).sort((a, b) => a.p - b.p);
  const adjusted: (number | null)[] = pValues.map(() => null);
  let highest = 0;
  known.forEach(({ p, index }, rank) => {
    highest = Math.max(highest, Math.min(1, p * (known.length - rank)));
    adjusted[index] = highest;
  });
  return adjusted;
}
