import { describe, expect, it } from 'vitest';
import { computeOnce } from '../bootstrap/weighted-statistic.js';
import { makeScoredSet } from '../roc/scored-set.js';
import { equalMassBins, equalWidthBins, monotoneSweepBins, sumBins } from './bins.js';
import { brierDecomposition, brierScore, brierStatistic } from './brier.js';
import { simulate } from './calibration.fixture.js';
import { calibrationError, calibrationErrorByChance } from './calibration-error.js';
import { calibrationFigures, calibrationObstacle, decisionCurve } from './calibration-figures.js';
import { recalibrate } from './recalibration.js';

const small = makeScoredSet([0.1, 0.9, 0.8, 0.3], [0, 1, 1, 0]);

describe('Brier score', () => {
  it('of y = 0,1,1,0 and p = .1,.9,.8,.3 is .0375', () => {
    expect(brierScore(small)).toBeCloseTo(0.0375, 12);
    expect(computeOnce(brierStatistic(small), 4)[0]).toBeCloseTo(0.0375, 12);
  });

  it('is the exact sum of its parts, whatever the bins', () => {
    const set = simulate(1, 500, 0.5, 0.6);
    for (const binning of [equalWidthBins(set, 10), equalMassBins(set, 15), equalMassBins(set, 1)]) {
      const parts = brierDecomposition(set, binning);
      const sum =
        parts.reliability -
        parts.resolution +
        parts.uncertainty +
        parts.withinBinVariance -
        parts.withinBinCovariance;
      expect(sum).toBeCloseTo(brierScore(set), 12);
    }
  });
});

describe('calibration error', () => {
  it('averages the gaps of the bins, whose number is stated', () => {
    // Two bins of equal width: scores .1 and .3 (no positive), .9 and .8 (both positive).
    expect(calibrationError(small, equalWidthBins(small, 2))).toBeCloseTo(0.2 / 2 + 0.15 / 2, 12);
    expect(calibrationError(small, equalMassBins(small, 4))).toBeCloseTo((0.1 + 0.1 + 0.2 + 0.3) / 4, 12);
  });

  it('uses bins of equal mass that keep equal scores together, in any order of the items', () => {
    const scores = Array.from({ length: 100 }, (_, item) => (item < 40 ? 0.2 : item / 100));
    const labels = scores.map((_, item) => item % 2);
    const binning = equalMassBins(makeScoredSet(scores, labels), 10);
    expect(new Set(binning.binOf.slice(0, 40)).size).toBe(1);
    expect(
      [...sumBins(makeScoredSet(scores, labels), binning).weight].filter((items) => items === 10),
    ).toHaveLength(6);
    const reversed = makeScoredSet([...scores].reverse(), [...labels].reverse());
    expect([...equalMassBins(reversed, 10).binOf].reverse()).toEqual([...binning.binOf]);
  });

  it('sweeps to as many bins as keep the frequencies rising', () => {
    const steps = makeScoredSet([0.1, 0.2, 0.3, 0.4, 0.6, 0.7, 0.8, 0.9], [0, 0, 1, 0, 0, 1, 1, 1]);
    const binning = monotoneSweepBins(steps);
    expect(binning.count).toBeGreaterThanOrEqual(2);
    const { weight, positives } = sumBins(steps, binning);
    const rates = [...weight.keys()].map((bin) => (positives[bin] ?? 0) / (weight[bin] ?? 1));
    expect(rates).toEqual([...rates].sort((a, b) => a - b));
  });

  it('of a calibrated model is about what chance gives, and of a poor one far above', () => {
    const good = simulate(3, 2000, 0, 1);
    const goodBins = equalMassBins(good, 15);
    const chance = calibrationErrorByChance(good, goodBins, 1);
    expect(chance.mean).toBeGreaterThan(0.01);
    expect(calibrationError(good, goodBins)).toBeLessThan(chance.upper);
    const poor = simulate(3, 2000, 1, 0.5);
    const poorBins = equalMassBins(poor, 15);
    expect(calibrationError(poor, poorBins)).toBeGreaterThan(
      2 * calibrationErrorByChance(poor, poorBins, 1).upper,
    );
  });
});

describe('slope and intercept', () => {
  it('agree with a logistic regression worked out apart', () => {
    // Maximum likelihood of 8 points, by scipy.
    const set = makeScoredSet([0.1, 0.2, 0.35, 0.4, 0.55, 0.6, 0.8, 0.9], [0, 0, 1, 0, 1, 0, 1, 1]);
    const fit = recalibrate(set);
    expect(fit?.joint.slope).toBeCloseTo(1.49969107, 6);
    expect(fit?.joint.intercept).toBeCloseTo(0.12110743, 6);
    expect(fit?.inTheLarge).toBeCloseTo(0.06866989, 6);
  });

  it('are withheld with the reason when the classes are separated or there is one only', () => {
    expect(recalibrate(makeScoredSet([0.1, 0.2, 0.8, 0.9], [0, 0, 1, 1]))).toBeNull();
    const figures = calibrationFigures(makeScoredSet([0.1, 0.2, 0.8, 0.9], [0, 0, 0, 0]), {
      replicates: 100,
    });
    expect(figures.slope).toMatchObject({ value: null });
    expect(figures.slope.reason).toMatch(/did not converge/);
    expect(figures.brier.value).not.toBeNull();
  });
});

describe('decision curve', () => {
  it('is the net benefit by hand, and meets "treat all" at low thresholds', () => {
    const curve = decisionCurve(small, { replicates: 100 });
    const at = (threshold: number) => curve.find((point) => Math.abs(point.threshold - threshold) < 1e-9);
    expect(at(0.05)?.netBenefit).toBeCloseTo(2 / 4 - (2 / 4) * (0.05 / 0.95), 12);
    expect(at(0.05)?.treatAll).toBeCloseTo(at(0.05)?.netBenefit ?? 0, 12);
    // At .3 the score .3 still counts as positive, at .31 it does not.
    expect(at(0.3)?.netBenefit).toBeCloseTo(2 / 4 - (1 / 4) * (0.3 / 0.7), 12);
    expect(at(0.31)?.netBenefit).toBeCloseTo(2 / 4, 12);
    expect(at(0.85)?.netBenefit).toBeCloseTo(1 / 4, 12);
  });
});

describe('scores that are no probabilities', () => {
  it('are not judged as such', () => {
    expect(calibrationObstacle(makeScoredSet([0.5, 1.2, -3], [0, 1, 0]))).toBe(
      '2 of 3 scores lie outside 0..1: they are no probabilities',
    );
    expect(calibrationObstacle(small)).toBeNull();
  });
});
