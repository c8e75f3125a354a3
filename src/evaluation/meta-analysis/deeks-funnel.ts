import { tQuantile, tTwoSidedP } from '../distributions.js';
import { symmetricEstimate } from '../estimate.js';
import type { CorrectedCells } from './continuity-correction.js';
import { logOddsRatio } from './diagnostic-odds-ratio.js';
import type { DeeksTest } from './meta-analysis.schema.js';
import type { StudyCounts } from './study-table.js';

/** Effective sample size 4 n1 n0 / (n1 + n0): the size of a balanced study that knows as much. */
function effectiveSize({ tp, fn, fp, tn }: StudyCounts): number {
  const diseased = tp + fn;
  const normal = fp + tn;
  return (4 * diseased * normal) / (diseased + normal);
}

/**
 * Funnel plot asymmetry: regression of the log diagnostic odds ratio on 1 / sqrt(ESS), weighted by ESS (Deeks,
 * Macaskill & Irwig, J Clin Epidemiol 2005;58:882). The authors judge p < .10.
 *
 * Null when all studies have the same effective size, so that there is no slope to estimate.
 */
export function deeksTest(
  studies: readonly StudyCounts[],
  cells: readonly CorrectedCells[],
  level: number,
): DeeksTest | null {
  const points = studies.map((study, i) => {
    const cell = cells[i];
    if (cell === undefined) throw new RangeError('one corrected table per study is needed');
    const ess = effectiveSize(study);
    return { study: study.study, ess, x: 1 / Math.sqrt(ess), y: logOddsRatio(cell).value };
  });
  const total = points.reduce((sum, { ess }) => sum + ess, 0);
  const meanX = points.reduce((sum, { ess, x }) => sum + ess * x, 0) / total;
  const meanY = points.reduce((sum, { ess, y }) => sum + ess * y, 0) / total;
  const sxx = points.reduce((sum, { ess, x }) => sum + ess * (x - meanX) ** 2, 0);
  if (sxx < 1e-12 * total * meanX * meanX) return null;
  const slope = points.reduce((sum, { ess, x, y }) => sum + ess * (x - meanX) * (y - meanY), 0) / sxx;
  const intercept = meanY - slope * meanX;
  const degrees = points.length - 2;
  const residual =
    points.reduce((sum, { ess, x, y }) => sum + ess * (y - intercept - slope * x) ** 2, 0) / degrees;
  const error = Math.sqrt(residual / sxx);
  return {
    slope: symmetricEstimate(slope, error, tQuantile((1 + level) / 2, degrees)),
    intercept,
    t: slope / error,
    degrees,
    p: tTwoSidedP(slope / error, degrees),
    points: points.map(({ study, x, y }) => ({ study, inverseRootEss: x, logOddsRatio: y })),
  };
}
