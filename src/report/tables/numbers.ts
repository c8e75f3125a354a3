interface WithInterval {
  readonly value: number;
  readonly interval: readonly [number, number];
}

/** A true minus sign, and no "-0.000". */
function signed(text: string): string {
  return /^-0\.?0*$/.test(text) ? text.slice(1) : text.replace('-', '\u2212');
}

/** A number with a fixed count of decimals. */
export function decimals(value: number, digits = 3): string {
  return signed(value.toFixed(digits));
}

/** A ratio or other positive number with three significant digits. */
export function significant(value: number): string {
  if (value === 0 || !Number.isFinite(value)) return String(value);
  const size = Math.floor(Math.log10(Math.abs(value)));
  if (size >= 5 || size < -4) return signed(value.toExponential(2));
  return signed(value.toFixed(Math.max(0, 2 - size)));
}

/** "0.891 (0.808 to 0.941)". */
export function withInterval(
  { value, interval }: WithInterval,
  form: (x: number) => string = decimals,
): string {
  return `${form(value)} (${form(interval[0])} to ${form(interval[1])})`;
}

/** Three decimals; "<0.001" below that. */
export function pValue(p: number): string {
  return p < 0.001 ? '<0.001' : p.toFixed(3);
}

/** "24 %" of a share in 0..1. */
export function percent(share: number, digits = 0): string {
  return `${(100 * share).toFixed(digits)} %`;
}

/** Stands in a cell that has no number. */
export const noNumber = '\u2013';
