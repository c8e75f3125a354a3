import { describe, expect, it } from 'vitest';
import { ModelRegistry } from '../models/registry.js';
import type { NetworkRun } from '../models/session-thread.js';
import { answerRegion, regionOutputs } from './region.js';

const registry = await ModelRegistry.open();
const [model] = registry.byTask('region');
if (!model) throw new Error('no region network is shipped');
const { classes, outOfDistribution } = model.card;

/** What the network gives for an image that it is sure of, at a distance from the training data. */
function run(label: string, distance: number): NetworkRun {
  const logits = Float32Array.from(classes, (name) => (name === label ? 20 : 0));
  const outputs = {
    logits: { data: logits, dims: [1, classes.length] },
    [outOfDistribution?.output ?? 'distance']: { data: Float32Array.of(distance), dims: [1] },
  };
  return { outputs, milliseconds: 1 };
}

describe('region', () => {
  it('is asked for together with the distance from the training data', () => {
    expect(regionOutputs(model)).toEqual(['logits', outOfDistribution?.output]);
  });

  it.each(classes.filter((label) => label !== 'other'))('%s is named, and read', (label) => {
    const { label: named, probability, refusal } = answerRegion(model, run(label, 0));
    expect([named, refusal]).toEqual([label, null]);
    expect(probability).toBeGreaterThan(0.9);
  });

  it('other is refused', () => {
    expect(answerRegion(model, run('other', 0)).refusal?.code).toBe('LUC_RADIOGRAPH_REGION');
  });

  it('is refused when the image is unlike the training data, also when the distance is no number', () => {
    const threshold = outOfDistribution?.threshold ?? 0;
    expect(answerRegion(model, run('leg', threshold)).refusal).toBeNull();
    for (const distance of [threshold * 1.01, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(answerRegion(model, run('leg', distance)).refusal?.code).toBe('LUC_RADIOGRAPH_UNLIKE_TRAINING');
    }
  });
});
