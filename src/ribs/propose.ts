import { sigmoid } from '../models/calibration.js';
import { type RibAnswers, samplesPerAnswer } from './score-rib.js';
import { sampleMm } from './straighten.js';

/** A stretch of one rib that may be broken, in samples along its straightened form. */
export interface Proposal {
  readonly first: number;
  readonly last: number;
  /** Highest fracture logit, over three answers. */
  readonly logit: number;
  /** Mean logits over the stretch: positive for old, positive for displaced. */
  readonly old: number;
  readonly displaced: number;
}

const answerMm = samplesPerAnswer * sampleMm;
/** Two fractures of one rib whose peaks lie nearer than this are taken for one, mm. */
const apartMm = 16;
/** A stretch ends where the probability has fallen to this share of its peak. */
const endShare = 0.5;
const shortestMm = 8;
const longestMm = 44;
/** What is less probable is not listed even as a candidate. */
export const leastProbability = 0.001;

function smoothed(logits: Float32Array): Float32Array {
  return logits.map((value, i) => {
    const before = logits[Math.max(0, i - 1)] ?? value;
    const after = logits[Math.min(logits.length - 1, i + 1)] ?? value;
    return (before + value + after) / 3;
  });
}

const meanOver = (values: Float32Array, weights: Float32Array, first: number, last: number): number => {
  let [sum, weight] = [0, 0];
  for (let i = first; i <= last; i++) {
    const w = weights[i] ?? 0;
    sum += w * (values[i] ?? 0);
    weight += w;
  }
  return sum / Math.max(1e-9, weight);
};

/**
 * Peaks of the fracture probability along a rib, most probable first, each with the stretch around it.
 * @param beyond samples at both ends that are no part of the rib
 */
export function proposals(answers: RibAnswers, beyond = 0): Proposal[] {
  const outside = Math.floor(beyond / samplesPerAnswer);
  const logits = smoothed(answers.fracture);
  const probability = logits.map(sigmoid);
  const order = [...logits.keys()].sort((a, b) => (logits[b] ?? 0) - (logits[a] ?? 0));
  const apart = Math.round(apartMm / answerMm);
  const taken: number[] = [];
  for (const i of order) {
    if ((probability[i] ?? 0) < leastProbability) break;
    const peak =
      (logits[i] ?? 0) >= (logits[i - 1] ?? Number.NEGATIVE_INFINITY) &&
      (logits[i] ?? 0) >= (logits[i + 1] ?? Number.NEGATIVE_INFINITY);
    const inside = i >= outside && i < logits.length - outside;
    if (peak && inside && taken.every((other) => Math.abs(other - i) >= apart)) taken.push(i);
  }
  return taken.map((peak) => {
    const end = endShare * (probability[peak] ?? 0);
    const longest = Math.round(longestMm / 2 / answerMm);
    const edge = (step: 1 | -1): number => {
      let at = peak;
      while (Math.abs(at + step - peak) <= longest && (probability[at + step] ?? 0) >= end) at += step;
      return at;
    };
    let [first, last] = [edge(-1), edge(1)];
    while ((last - first + 1) * answerMm < shortestMm) {
      first--;
      last++;
    }
    [first, last] = [Math.max(0, first), Math.min(logits.length - 1, last)];
    return {
      first: first * samplesPerAnswer,
      last: last * samplesPerAnswer + samplesPerAnswer - 1,
      logit: logits[peak] ?? 0,
      old: meanOver(answers.old, probability, first, last),
      displaced: meanOver(answers.displaced, probability, first, last),
    };
  });
}
