import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Box } from '../src/core/box.js';
import { decodeImage } from '../src/image/decode.js';
import { cropSquare, letterboxes, stretchRange } from '../src/image/tensor.js';
import { calibrate, calibrateClasses } from '../src/models/calibration.js';
import { ModelRegistry, type RegisteredModel } from '../src/models/registry.js';
import { SessionHost } from '../src/models/session-host.js';
import { gradCam } from '../src/radiograph/explain.js';

// What PyTorch, with automatic differentiation, says of simulated pictures; written by `python -m training.parity`.
const folder = new URL('./fixtures/parity/', import.meta.url);

const expectedSchema = z.object({
  models: z.record(
    z.string(),
    z.object({
      sha256: z.string(),
      task: z.string(),
      images: z.record(
        z.string(),
        z.object({
          logits: z.array(z.number()),
          probabilities: z.array(z.number()),
          highestRawScore: z.number().optional(),
          camShape: z.array(z.number()).optional(),
          cams: z.array(z.number()).optional(),
          distance: z.number().optional(),
          box: z.tuple([z.number(), z.number(), z.number(), z.number()]).optional(),
        }),
      ),
    }),
  ),
});

const expected = expectedSchema.parse(JSON.parse(await readFile(new URL('expected.json', folder), 'utf8')));
const registry = await ModelRegistry.open();
let host: SessionHost;

beforeAll(() => {
  host = new SessionHost(registry, 1);
});
afterAll(() => host.close());

async function inputOf(
  { card }: RegisteredModel,
  picture: string,
  box: Box | undefined,
): Promise<Float32Array<ArrayBuffer>> {
  const [radiograph] = await decodeImage(await readFile(new URL(picture, folder)));
  if (!radiograph || !card.input) throw new Error(`${card.id} cannot read ${picture}`);
  const range = stretchRange(radiograph);
  const { width: size, context = 1, minimumSide = 1 } = card.input;
  const [made] = box
    ? [cropSquare(radiograph, box, { context, minimumSide, size }, range)]
    : letterboxes(radiograph, [size], range);
  if (!made) throw new Error('one size gives one letterbox');
  return made.tensor;
}

const cases = Object.entries(expected.models).flatMap(([id, { images }]) =>
  Object.entries(images).map(([picture, answer]) => ({ id, picture, answer })),
);

describe('the networks in Node answer as PyTorch did', () => {
  it('are the ones that the fixture was made from', () => {
    for (const [id, { sha256 }] of Object.entries(expected.models)) {
      expect(registry.get(id).card.file?.sha256, id).toBe(sha256);
    }
    // The networks of volumes read no pictures; their own tests hold them to PyTorch.
    const networks = registry
      .all()
      .filter(({ card }) => ['detect', 'classify', 'region', 'type'].includes(card.task));
    expect(networks.map(({ card }) => card.id).sort()).toEqual(Object.keys(expected.models).sort());
  });

  it.each(cases)('$id on $picture', async ({ id, picture, answer }) => {
    const model = registry.get(id);
    const { card } = model;
    const detects = card.task === 'detect';
    const outputs = detects ? ['boxes', 'scores'] : ['logits', 'features', 'alpha'];
    if (answer.distance !== undefined) outputs.push('distance');
    const run = await host.run(model, await inputOf(model, picture, answer.box), 1, outputs);

    if (detects) {
      const highest = Math.max(...(run.outputs.scores?.data ?? []));
      expect(Math.abs(highest - (answer.highestRawScore ?? -1))).toBeLessThan(1e-3);
      return;
    }
    const logits = run.outputs.logits?.data ?? new Float32Array();
    const probabilities =
      card.classes.length === 1
        ? [calibrate(logits[0] ?? 0, card.calibration)]
        : calibrateClasses(logits, card.calibration);
    for (const [i, p] of answer.probabilities.entries()) {
      expect(Math.abs((probabilities[i] ?? -1) - p)).toBeLessThan(1e-3);
    }
    if (answer.distance !== undefined) {
      expect(Math.abs((run.outputs.distance?.data[0] ?? -1) - answer.distance)).toBeLessThan(1e-2);
    }

    const { features, alpha } = run.outputs;
    const [classes = 0, height = 0, width = 0] = answer.camShape ?? [];
    const cams = answer.cams ?? [];
    if (!features || !alpha) throw new Error('no tensors for Grad-CAM');
    const highest = Math.max(...cams);
    for (let k = 0; k < classes; k++) {
      const map = gradCam(features, alpha, 0, k);
      expect([map.height, map.width]).toEqual([height, width]);
      // The tensors of the two runtimes differ in the last digits, so the difference is taken over the whole map.
      const wanted = cams.slice(k * height * width, (k + 1) * height * width);
      const worst = wanted.reduce(
        (most, value, i) => Math.max(most, Math.abs(value - (map.values[i] ?? 0))),
        0,
      );
      expect(worst).toBeLessThanOrEqual(1e-3 * Math.max(highest, 1e-6));
    }
  });
});
