import { normalQuantile } from '../distributions.js';
import { type Estimate, mapEstimate, symmetricEstimate } from '../estimate.js';
import type { CorrectedCells } from './continuity-correction.js';
import { derSimonianLaird, type Effect, type RandomEffects } from './random-effects.js';
import type { StudyCounts } from './study-table.js';

/** Log diagnostic odds ratio of a study with its large-sample variance. Cells must be positive. */
export function logOddsRatio({ tp, fn, fp, tn }: CorrectedCells): Effect {
  return { value: Math.log((tp * tn) / (fn * fp)), variance: 1 / tp + 1 / fn + 1 / fp + 1 / tn };
}

/** Random-effects mean of the log diagnostic odds ratios; see `derSimonianLaird`. */
export function poolLogOddsRatios(cells: readonly CorrectedCells[], level: number): RandomEffects {
  return derSimonianLaird(cells.map(logOddsRatio), level);
}

export interface MantelHaenszel {
  /** From the counts as they are: the estimator needs no continuity correction. */
  readonly oddsRatio: Estimate;
  /**
   * As R's mada (`madauni(method = "MH")`) computes it: odds ratios after the continuity correction, weighted with the
   * counts before it, so that studies with a zero cell get no weight. Equal to `oddsRatio` where no cell is zero.
   */
  readonly oddsRatioByMada: Estimate;
}

/**
 * Mantel-Haenszel odds ratio (J Natl Cancer Inst 1959;22:719); variance of its logarithm by Robins, Breslow and
 * Greenland (Biometrics 1986;42:311). Null when every study lacks false positives or false negatives, or true
 * positives or true negatives: the ratio is infinite or zero then.
 */
export function mantelHaenszel(
  studies: readonly StudyCounts[],
  cells: readonly CorrectedCells[],
  level: number,
): MantelHaenszel | null {
  let r = 0;
  let s = 0;
  let pr = 0;
  let mixed = 0;
  let qs = 0;
  let correctedNumerator = 0;
  for (const [index, { tp, fn, fp, tn }] of studies.entries()) {
    const n = tp + fn + fp + tn;
    const p = (tp + tn) / n;
    const q = (fn + fp) / n;
    const ri = (tp * tn) / n;
    const si = (fn * fp) / n;
    r += ri;
    s += si;
    pr += p * ri;
    mixed += p * si + q * ri;
    qs += q * si;
    const corrected = cells[index];
    if (corrected && si > 0) correctedNumerator += si * Math.exp(logOddsRatio(corrected).value);
  }
  if (r === 0 || s === 0) return null;
  const error = Math.sqrt(pr / (2 * r * r) + mixed / (2 * r * s) + qs / (2 * s * s));
  const quantile = normalQuantile((1 + level) / 2);
  const around = (ratio: number) =>
    mapEstimate(symmetricEstimate(Math.log(ratio), error, quantile), Math.exp);
  return { oddsRatio: around(r / s), oddsRatioByMada: around(correctedNumerator / s) };
}
