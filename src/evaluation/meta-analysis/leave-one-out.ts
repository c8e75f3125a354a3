import { LucencyError } from '../../core/errors.js';
import type { BivariateFit } from './bivariate-fit.js';
import type { StudyCounts } from './study-table.js';
import { logitPoint, type SummaryPoint, summaryPoint } from './summary-point.js';

export interface LeftOut {
  /** The study that was left out. */
  readonly without: string;
  /** Null when the model without that study has no estimate. */
  readonly summary: SummaryPoint | null;
  readonly reason: string | null;
}

/** The summary point without each study in turn: shows whether one study carries the result. */
export function leaveOneOut(
  studies: readonly StudyCounts[],
  pool: (rest: readonly StudyCounts[]) => BivariateFit,
  level: number,
): LeftOut[] {
  return studies.map(({ study }, index) => {
    try {
      const rest = pool(studies.filter((_, other) => other !== index));
      return { without: study, summary: summaryPoint(logitPoint(rest), level), reason: null };
    } catch (error) {
      if (error instanceof LucencyError) return { without: study, summary: null, reason: error.message };
      throw error;
    }
  });
}
