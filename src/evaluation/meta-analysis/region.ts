import { chiSquareQuantile } from '../distributions.js';
import { at, type Rows } from '../matrix.js';
import type { BetweenStudies } from './bivariate-fit.js';
import { expit } from './logit-accuracy.js';
import type { LogitPoint } from './summary-point.js';

/** A point in ROC space. */
export interface RocPoint {
  readonly falsePositiveRate: number;
  readonly sensitivity: number;
}

const corners = 120;

/** Outline of the region whose logits lie within an ellipse that holds `level` of a bivariate normal. */
function outline(point: LogitPoint, spread: Rows, level: number): RocPoint[] {
  const radius = Math.sqrt(chiSquareQuantile(level, 2));
  const l11 = Math.sqrt(Math.max(0, at(spread, 0, 0)));
  const l21 = l11 > 0 ? at(spread, 0, 1) / l11 : 0;
  const l22 = Math.sqrt(Math.max(0, at(spread, 1, 1) - l21 * l21));
  return Array.from({ length: corners + 1 }, (_, i) => {
    // The last corner is the first again, to the bit, so that the outline closes.
    const angle = (2 * Math.PI * (i % corners)) / corners;
    const a = radius * Math.cos(angle);
    const b = radius * Math.sin(angle);
    return {
      falsePositiveRate: expit(point.logitFpr + l21 * a + l22 * b),
      sensitivity: expit(point.logitSensitivity + l11 * a),
    };
  });
}

/** Where the mean sensitivity and false positive rate lie, with confidence `level`. */
export function confidenceRegion(point: LogitPoint, level: number): RocPoint[] {
  return outline(point, point.covariance, level);
}

/** Where the true sensitivity and false positive rate of a further study lie, with probability `level`. */
export function predictionRegion(point: LogitPoint, between: BetweenStudies, level: number): RocPoint[] {
  const spread = [
    [
      at(point.covariance, 0, 0) + between.varianceSensitivity,
      at(point.covariance, 0, 1) + between.covariance,
    ],
    [at(point.covariance, 1, 0) + between.covariance, at(point.covariance, 1, 1) + between.varianceFpr],
  ];
  return outline(point, spread, level);
}
