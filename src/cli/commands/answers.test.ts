import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultModelsFolder } from '../../models/registry.js';
import { cardsIn } from './answers.js';

let work = '';
let empty = '';
let broken = '';
beforeAll(async () => {
  work = await mkdtemp(path.join(tmpdir(), 'lucency-cards-'));
  empty = path.join(work, 'empty');
  broken = path.join(work, 'broken');
  await mkdir(empty);
  await mkdir(path.join(broken, 'some-model'), { recursive: true });
  await writeFile(path.join(broken, 'some-model', 'card.json'), '{');
});
afterAll(() => rm(work, { recursive: true, force: true }));

describe('the cards that answers draw on', () => {
  it('are none where the package came without models', async () => {
    expect(await cardsIn(undefined, path.join(work, 'nowhere'))).toEqual([]);
    expect(await cardsIn(undefined, empty)).toEqual([]);
  });

  it('are an error where the folder that was named has no models', async () => {
    for (const named of [empty, path.join(work, 'nowhere')]) {
      await expect(cardsIn(named), named).rejects.toMatchObject({ code: 'LUC_MODEL_NONE' });
    }
  });

  it('are an error where a card cannot be read or the models are no folder, also those of the package', async () => {
    await expect(cardsIn(undefined, broken)).rejects.toMatchObject({ code: 'LUC_MODEL_CARD_INVALID' });
    const file = path.join(broken, 'some-model', 'card.json');
    await expect(cardsIn(undefined, file)).rejects.toMatchObject({ code: 'LUC_MODEL_NONE' });
  });

  it("are the package's own where no folder is named", async () => {
    const own = await cardsIn(undefined);
    expect(own.length).toBeGreaterThan(5);
    expect(own).toEqual(await cardsIn(defaultModelsFolder()));
  });
});
