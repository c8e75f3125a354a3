/** Every figure of a two-by-two table, in the order in which they are reported. */
export const tableMeasures = [
  'sensitivity',
  'specificity',
  'positivePredictiveValue',
  'negativePredictiveValue',
  'accuracy',
  'balancedAccuracy',
  'f1',
  'matthewsCorrelation',
  'positiveLikelihoodRatio',
  'negativeLikelihoodRatio',
  'diagnosticOddsRatio',
  'positivePredictiveValueAtPrevalence',
  'negativePredictiveValueAtPrevalence',
] as const;
export type TableMeasure = (typeof tableMeasures)[number];

/**
 * Writes the measures of a table with cells `tp`, `fp`, `fn`, `tn` (weights, not necessarily whole) to
 * `out[offset ..]`, in the order of `tableMeasures`; NaN or infinite where one is not defined. `prevalence` is the
 * share of diseased in the population that the predictive values at a stated prevalence are for; NaN where none is.
 */
export function writeMeasures(
  tp: number,
  fp: number,
  fn: number,
  tn: number,
  prevalence: number,
  out: Float64Array,
  offset: number,
): void {
  const sensitivity = tp / (tp + fn);
  const specificity = tn / (tn + fp);
  const product = (tp + fp) * (tp + fn) * (tn + fp) * (tn + fn);
  const foundIll = sensitivity * prevalence;
  const clearedHealthy = specificity * (1 - prevalence);
  out[offset] = sensitivity;
  out[offset + 1] = specificity;
  out[offset + 2] = tp / (tp + fp);
  out[offset + 3] = tn / (tn + fn);
  out[offset + 4] = (tp + tn) / (tp + fp + fn + tn);
  out[offset + 5] = (sensitivity + specificity) / 2;
  out[offset + 6] = (2 * tp) / (2 * tp + fp + fn);
  out[offset + 7] = product > 0 ? (tp * tn - fp * fn) / Math.sqrt(product) : Number.NaN;
  out[offset + 8] = sensitivity / (1 - specificity);
  out[offset + 9] = (1 - sensitivity) / specificity;
  out[offset + 10] = (tp * tn) / (fp * fn);
  out[offset + 11] = foundIll / (foundIll + (1 - specificity) * (1 - prevalence));
  out[offset + 12] = clearedHealthy / (clearedHealthy + (1 - sensitivity) * prevalence);
}
