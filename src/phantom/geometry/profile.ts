/** A smooth curve through given points: value at a position, held constant beyond both ends. */
export type Profile = (at: number) => number;

/** Slopes of the monotone cubic of Fritsch and Carlson (1980): no overshoot between the points. */
function monotoneSlopes(x: readonly number[], y: readonly number[]): number[] {
  const secants = x.slice(1).map((next, i) => ((y[i + 1] ?? 0) - (y[i] ?? 0)) / (next - (x[i] ?? 0)));
  return x.map((_, i) => {
    const before = secants[i - 1];
    const after = secants[i];
    if (before === undefined) return after ?? 0;
    if (after === undefined) return before;
    return before * after <= 0 ? 0 : (2 * before * after) / (before + after);
  });
}

/** A monotone cubic through `[position, value]` points given in rising order of position. */
export function profile(points: readonly (readonly [number, number])[]): Profile {
  const x = points.map(([at]) => at);
  const y = points.map(([, value]) => value);
  const slopes = monotoneSlopes(x, y);
  return (at) => {
    const last = x.length - 1;
    if (at <= (x[0] ?? 0)) return y[0] ?? 0;
    if (at >= (x[last] ?? 0)) return y[last] ?? 0;
    let i = 0;
    while (at > (x[i + 1] ?? 0)) i++;
    const x0 = x[i] ?? 0;
    const h = (x[i + 1] ?? 0) - x0;
    const t = (at - x0) / h;
    const y0 = y[i] ?? 0;
    const y1 = y[i + 1] ?? 0;
    const m0 = (slopes[i] ?? 0) * h;
    const m1 = (slopes[i + 1] ?? 0) * h;
    const t2 = t * t;
    const t3 = t2 * t;
    return (2 * t3 - 3 * t2 + 1) * y0 + (t3 - 2 * t2 + t) * m0 + (-2 * t3 + 3 * t2) * y1 + (t3 - t2) * m1;
  };
}

/** A profile read off a table, for inner loops: `from` + i * `step` is the position of entry i. */
export interface ProfileTable {
  readonly from: number;
  readonly step: number;
  readonly values: Float64Array;
}

export function tabulate(curve: Profile, from: number, to: number, step: number): ProfileTable {
  const count = Math.max(2, Math.ceil((to - from) / step) + 1);
  return { from, step, values: Float64Array.from({ length: count }, (_, i) => curve(from + i * step)) };
}

/** Linear interpolation in the table, held constant beyond its ends. */
export function readTable({ from, step, values }: ProfileTable, at: number): number {
  const position = (at - from) / step;
  const last = values.length - 1;
  if (!(position > 0)) return values[0] as number;
  if (position >= last) return values[last] as number;
  const i = position | 0;
  const a = values[i] as number;
  return a + ((values[i + 1] as number) - a) * (position - i);
}
