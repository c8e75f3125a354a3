import type { HitRule } from '../detection/hits.js';
import type { NamedThreshold } from '../operating-point.schema.js';

/** An operating point whose threshold may differ by the value of a column, such as the body region. */
export interface ColumnThreshold extends Omit<NamedThreshold, 'threshold'> {
  /** For all values that `byValue` does not name. */
  readonly threshold: number;
  /** Null where one threshold holds for all. */
  readonly column: string | null;
  readonly byValue: ReadonlyMap<string, number>;
}

/** How cases are measured. */
export interface EvaluateOptions {
  /** Confidence level of every interval. @default 0.95 */
  readonly level?: number;
  /** Bootstrap replicates. @default 2000 */
  readonly replicates?: number;
  /** Permutations of the tests. @default 5000 */
  readonly permutations?: number;
  /** Fixes every random draw. @default 1 */
  readonly seed?: number;
  /** Thresholds on the score of the image, fixed beforehand or chosen on another set. */
  readonly thresholds?: readonly NamedThreshold[];
  /** Thresholds on the score of the image that differ by a column. */
  readonly columnThresholds?: readonly ColumnThreshold[];
  /** Thresholds on the score of a box; by default those of the image where both are on one scale (COCO results). */
  readonly boxThresholds?: readonly NamedThreshold[];
  /** Share of diseased that predictive values shall also be given for. */
  readonly prevalence?: number;
  /** When a box finds a lesion. @default intersection over union at least 0.5 */
  readonly hitRule?: HitRule;
  /** Bins of the calibration errors. @default 15 */
  readonly calibrationBins?: number;
  /** False positive rate up to which the partial AUC is taken. @default 0.1 */
  readonly partialAucTo?: number;
  /** Columns to break the figures down by. */
  readonly by?: readonly string[];
  /** A figure of a subgroup that rests on fewer cases than this is withheld. @default 20 */
  readonly minimum?: number;
  /** Weights of the weighted kappa of types. @default 'linear' */
  readonly kappaWeights?: 'linear' | 'quadratic';
  /** Told what is being computed. */
  readonly onStage?: (stage: string) => void;
}

/** Every option with its value. */
export type Settled = Required<Omit<EvaluateOptions, 'prevalence' | 'boxThresholds' | 'onStage'>> &
  Pick<EvaluateOptions, 'prevalence' | 'boxThresholds' | 'onStage'>;

export function settle(options: EvaluateOptions): Settled {
  return {
    level: 0.95,
    replicates: 2000,
    permutations: 5000,
    seed: 1,
    thresholds: [],
    columnThresholds: [],
    hitRule: { kind: 'iou', threshold: 0.5, strict: false },
    calibrationBins: 15,
    partialAucTo: 0.1,
    by: [],
    minimum: 20,
    kappaWeights: 'linear',
    ...options,
  };
}
