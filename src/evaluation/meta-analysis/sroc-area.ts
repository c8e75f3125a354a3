/** A curve in ROC space: false positive rate to sensitivity, both 0..1. */
export type RocCurve = (falsePositiveRate: number) => number;

export interface SrocArea {
  /** Area under the whole curve, by numerical integration. */
  readonly full: number;
  /** Mean height over the false positive rates that were observed: the partial area divided by their span. */
  readonly partial: number | null;
}

const panels = 2000;

/** Simpson's rule after x = t^2 (3 - 2t), which flattens the steep ends that summary curves have at 0 and 1. */
function integrate(curve: RocCurve, from: number, to: number): number {
  let sum = 0;
  for (let i = 0; i <= panels; i++) {
    const t = i / panels;
    const weight = i === 0 || i === panels ? 1 : i % 2 === 1 ? 4 : 2;
    const x = from + (to - from) * t * t * (3 - 2 * t);
    sum += weight * 6 * t * (1 - t) * curve(x);
  }
  return ((to - from) * sum) / (3 * panels);
}

/** Area under a summary curve; the partial area is null when all studies have the same false positive rate. */
export function srocArea(curve: RocCurve, observed: readonly [number, number]): SrocArea {
  const [low, high] = observed;
  return {
    full: integrate(curve, 0, 1),
    partial: high > low ? integrate(curve, low, high) / (high - low) : null,
  };
}

/**
 * The same by the rule of R's mada (`AUC.reitsma`), which many published reviews used: 99 equally spaced points, the
 * outer two at half weight, divided by 99. It lies about one percent below the integral; given so that results can be
 * compared.
 */
export function srocAreaByGrid(curve: RocCurve, observed: readonly [number, number]): SrocArea {
  const mean = (from: number, to: number) => {
    let sum = 0;
    for (let i = 0; i < 99; i++)
      sum += curve(from + ((to - from) * i) / 98) * (i === 0 || i === 98 ? 0.5 : 1);
    return sum / 99;
  };
  const [low, high] = observed;
  return { full: mean(0.01, 0.99), partial: high > low ? mean(low, high) : null };
}
