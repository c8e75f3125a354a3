import { LucencyError } from '../core/errors.js';
import { largest } from '../core/extremes.js';
import { calibrateClasses } from '../models/calibration.js';
import type { RegisteredModel } from '../models/registry.js';
import type { NetworkRun } from '../models/session-thread.js';

/** The label of images that are no limb, hip or shoulder. */
const otherLabel = 'other';

export interface RegionAnswer {
  readonly label: string;
  readonly probability: number;
  /** Why no further network may read the image; null when they may. */
  readonly refusal: LucencyError | null;
}

/** Names of the outputs that the region network is asked for. */
export function regionOutputs({ card }: RegisteredModel): string[] {
  return card.outOfDistribution ? ['logits', card.outOfDistribution.output] : ['logits'];
}

/** Body region, and refusal by the region itself or by the distance of its features from the training data. */
export function answerRegion({ card }: RegisteredModel, run: NetworkRun): RegionAnswer {
  const probabilities = calibrateClasses(run.outputs.logits?.data ?? [], card.calibration);
  const best = probabilities.indexOf(largest(probabilities));
  const label = card.classes[best] ?? otherLabel;
  const probability = probabilities[best] ?? 0;
  if (label === otherLabel) {
    const refusal = new LucencyError('LUC_RADIOGRAPH_REGION', { probability: probability.toFixed(2) });
    return { label, probability, refusal };
  }
  const rule = card.outOfDistribution;
  const distance = rule ? run.outputs[rule.output]?.data[0] : undefined;
  if (rule && distance !== undefined && !(distance <= rule.threshold)) {
    const details = { distance: distance.toFixed(1), limit: rule.threshold.toFixed(1) };
    return { label, probability, refusal: new LucencyError('LUC_RADIOGRAPH_UNLIKE_TRAINING', details) };
  }
  return { label, probability, refusal: null };
}
