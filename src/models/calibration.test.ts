import { describe, expect, it } from 'vitest';
import { calibrate, calibrateClasses, combine, logit, sigmoid } from './calibration.js';

const identity = { method: 'none' as const, scale: 1, shift: 0, fittedOn: '' };

describe('calibration', () => {
  it('leaves a logit as it is without calibration', () => {
    expect(calibrate(0, null)).toBe(0.5);
    expect(calibrate(logit(0.2), null)).toBeCloseTo(0.2, 12);
  });

  it('scales and shifts the logit before the logistic function', () => {
    expect(calibrate(2, { ...identity, method: 'platt', scale: 0.5, shift: -1 })).toBe(0.5);
  });

  it('keeps probabilities of 0 and 1 finite', () => {
    expect(Number.isFinite(logit(0))).toBe(true);
    expect(Number.isFinite(logit(1))).toBe(true);
  });

  it('gives class probabilities that sum to 1, even for huge logits', () => {
    const probabilities = calibrateClasses([1000, 1001, -1000], identity);
    expect(probabilities.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 12);
    expect(probabilities[1]).toBeCloseTo(sigmoid(1), 12);
  });
});

describe('combiner', () => {
  const combiner = {
    intercept: -1,
    weights: { a: 1, b: 0.5 },
    detectorImageCalibration: identity,
    fittedOn: '',
  };

  it('is the logistic function of the weighted logits', () => {
    expect(combine({ a: sigmoid(2), b: sigmoid(-2) }, combiner)).toBeCloseTo(sigmoid(0), 12);
  });

  it('gives no answer when a network is missing', () => {
    expect(combine({ a: 0.5 }, combiner)).toBeNull();
  });
});
