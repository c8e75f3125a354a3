/** A probability in percent, without the noise that multiplying by 100 adds. */
export function percentOf(probability: number): number {
  return Number((probability * 100).toPrecision(14));
}
