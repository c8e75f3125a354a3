import { at, type Rows } from '../matrix.js';
import { readerMean } from './hillis.js';
import { type Scope, type TestedDifference, testedDifference } from './inference.js';

/**
 * Readers of one modality against one program that read the same cases: the differences reader minus program are
 * analysed as a single modality, so that the program stays fixed while readers and cases vary as the scope says
 * (Chakraborty, Observer Performance Methods for Diagnostic Imaging, CRC Press 2017: standalone CAD). Null where the
 * scope needs more readers than there are, or nothing varies.
 *
 * @param values figure of merit of each reader
 * @param program figure of merit of the program
 * @param covariance over cases, of the readers in order and the program last
 */
export function againstProgram(
  values: readonly number[],
  program: number,
  covariance: Rows,
  scope: Scope,
  level: number,
): TestedDifference | null {
  const last = values.length;
  const ofDifferences = values.map((_, i) =>
    values.map(
      (__, j) =>
        at(covariance, i, j) - at(covariance, i, last) - at(covariance, j, last) + at(covariance, last, last),
    ),
  );
  const mean = readerMean(
    values.map((value) => value - program),
    ofDifferences,
    scope,
  );
  return mean === null ? null : testedDifference(mean.value, mean.standardError, mean.degrees, level);
}
