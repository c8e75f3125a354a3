import type { z } from 'zod';
import { largest } from '../core/extremes.js';
import type { calibrationSchema, combinerSchema } from './card.js';

export type Calibration = z.infer<typeof calibrationSchema>;
export type Combiner = z.infer<typeof combinerSchema>;

// Scores of exactly 0 or 1 have no logit; they are moved this far inside, as the training program does.
const probabilityFloor = 1e-6;

/** Logistic function, real line to (0, 1). */
export function sigmoid(logit: number): number {
  return 1 / (1 + Math.exp(-logit));
}

/** Inverse of the logistic function; probabilities are first kept within [1e-6, 1 - 1e-6]. */
export function logit(probability: number): number {
  const p = Math.min(Math.max(probability, probabilityFloor), 1 - probabilityFloor);
  return Math.log(p / (1 - p));
}

/** Probabilities (sum 1) of a vector of logits. */
export function softmax(logits: ArrayLike<number>): number[] {
  const values = Array.from(logits);
  const highest = largest(values);
  const exponentials = values.map((value) => Math.exp(value - highest));
  const sum = exponentials.reduce((total, value) => total + value, 0);
  return exponentials.map((value) => value / sum);
}

/** Calibrated probability of one raw logit (Platt 1999; temperature scaling of Guo 2017 is the case `shift` 0). */
export function calibrate(rawLogit: number, calibration: Calibration | null): number {
  return calibration ? sigmoid(calibration.scale * rawLogit + calibration.shift) : sigmoid(rawLogit);
}

/** Calibrated probabilities of several classes: softmax of the scaled logits. */
export function calibrateClasses(logits: ArrayLike<number>, calibration: Calibration | null): number[] {
  const scale = calibration?.scale ?? 1;
  return softmax(Array.from(logits, (value) => value * scale));
}

/**
 * Fuses calibrated probabilities by the logistic combiner of a card.
 * Returns null when a probability that the combiner weighs is missing.
 */
export function combine(probabilities: Readonly<Record<string, number>>, combiner: Combiner): number | null {
  let sum = combiner.intercept;
  for (const [model, weight] of Object.entries(combiner.weights)) {
    const probability = probabilities[model];
    if (probability === undefined) return null;
    sum += weight * logit(probability);
  }
  return sigmoid(sum);
}
