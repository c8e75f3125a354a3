import { appendFile, cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultModelsFolder, ModelRegistry } from './registry.js';

const id = 'efficientnet-lite0-region';
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lucency-models-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function copyOf(name: string): Promise<string> {
  const copy = path.join(folder, name);
  await cp(path.join(defaultModelsFolder(), id), path.join(copy, id), { recursive: true });
  return copy;
}

describe('model registry', () => {
  it('opens every shipped model, and every sum is right', async () => {
    const registry = await ModelRegistry.open();
    for (const model of registry.all()) if (model.weightsPath) await registry.readWeights(model);
    expect(registry.all().map(({ card }) => card.task)).toEqual(
      expect.arrayContaining(['detect', 'classify', 'region', 'type', 'combine', 'infection']),
    );
  });

  it('refuses weights that do not match the sum in their card', async () => {
    const registry = await ModelRegistry.open(await copyOf('tampered'));
    const model = registry.get(id);
    await appendFile(model.weightsPath ?? '', 'x');
    await expect(registry.readWeights(model)).rejects.toMatchObject({ code: 'LUC_MODEL_TAMPERED' });
  });

  it('names a model whose weights are missing', async () => {
    const registry = await ModelRegistry.open(await copyOf('missing'));
    const model = registry.get(id);
    await rm(model.weightsPath ?? '');
    await expect(registry.readWeights(model)).rejects.toMatchObject({
      code: 'LUC_MODEL_MISSING',
      details: { id },
    });
  });

  it.each([
    ['no JSON', '{'],
    ['another schema', '{"schema":"something"}'],
  ])('refuses a card that is %s', async (name, text) => {
    const copy = await copyOf(`card-${name.replace(' ', '-')}`);
    await writeFile(path.join(copy, id, 'card.json'), text);
    await expect(ModelRegistry.open(copy)).rejects.toMatchObject({
      code: 'LUC_MODEL_CARD_INVALID',
      details: { id },
    });
  });

  it('says so when a folder holds no models or does not exist', async () => {
    await expect(ModelRegistry.open(path.join(folder, 'nowhere'))).rejects.toMatchObject({
      code: 'LUC_MODEL_NONE',
    });
    const empty = await mkdtemp(path.join(folder, 'empty-'));
    await expect(ModelRegistry.open(empty)).rejects.toMatchObject({ code: 'LUC_MODEL_NONE' });
  });
});

describe('cards of the shipped models', () => {
  it('give every result its set and size, and an interval or the reason why there is none', async () => {
    for (const { card } of (await ModelRegistry.open()).all()) {
      expect(card.results.length, card.id).toBeGreaterThan(0);
      for (const { interval, intervalMethod, metric, set, value } of card.results) {
        expect(set).not.toBe('');
        expect(intervalMethod).not.toBe('');
        // Calibration error is biased upwards by resampling, so its interval need not hold the value.
        if (interval && !metric.startsWith('ECE')) {
          expect(interval[0] <= value && value <= interval[1], `${card.id} ${metric}`).toBe(true);
        }
      }
    }
  });
});
