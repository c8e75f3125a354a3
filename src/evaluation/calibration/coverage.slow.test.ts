import { describe, expect, it } from 'vitest';
import { bootstrapGroups } from '../bootstrap/bootstrap.js';
import { equalMassBins } from './bins.js';
import { brierScore, brierStatistic } from './brier.js';
import { simulate } from './calibration.fixture.js';
import { calibrationError, calibrationErrorStatistic } from './calibration-error.js';
import { recalibrate } from './recalibration.js';

describe('coverage of the calibration intervals by simulation', { timeout: 400_000 }, () => {
  it('slope, intercept, calibration in the large (robust to groups), Brier score and calibration error', () => {
    const [truthIntercept, truthSlope] = [0.3, 0.6];
    const large = simulate(99, 400_000, truthIntercept, truthSlope);
    const truth = {
      slope: truthSlope,
      intercept: truthIntercept,
      inTheLarge: recalibrate(large)?.inTheLarge ?? 0,
      brier: brierScore(large),
      error: calibrationError(large, equalMassBins(large, 5)),
    };
    const covered = { slope: 0, intercept: 0, inTheLarge: 0, brier: 0, error: 0 };
    const runs = 500;
    for (let run = 0; run < runs; run++) {
      const set = simulate(60_000 + run, 400, truthIntercept, truthSlope, 2);
      const fit = recalibrate(set);
      const inside = (value: number, error: number, expected: number) =>
        Math.abs(value - expected) <= 1.959964 * error ? 1 : 0;
      covered.slope += inside(fit?.joint.slope ?? 9, fit?.standardErrors.slope ?? 0, truth.slope);
      covered.intercept += inside(
        fit?.joint.intercept ?? 9,
        fit?.standardErrors.intercept ?? 0,
        truth.intercept,
      );
      covered.inTheLarge += inside(
        fit?.inTheLarge ?? 9,
        fit?.standardErrors.inTheLarge ?? 0,
        truth.inTheLarge,
      );
      const statistics = [brierStatistic(set), calibrationErrorStatistic(set, equalMassBins(set, 5))];
      const [brier, error] = bootstrapGroups(statistics, set.groupCount, { replicates: 300, seed: run });
      const holds = (
        interval: { lower: number | null; upper: number | null } | undefined,
        expected: number,
      ) => ((interval?.lower ?? 2) <= expected && expected <= (interval?.upper ?? 0) ? 1 : 0);
      covered.brier += holds(brier?.bca, truth.brier);
      covered.error += holds(error?.bca, truth.error);
    }
    for (const [name, hits] of Object.entries(covered)) {
      expect(hits / runs, name).toBeGreaterThan(0.93);
      expect(hits / runs, name).toBeLessThan(0.97);
    }
  });
});
