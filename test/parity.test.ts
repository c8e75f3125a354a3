import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Box } from '../src/core/box.js';
import { decodeImage } from '../src/image/decode.js';
import { cropSquare, letterboxes, stretchRange } from '../src/image/tensor.js';
import { type Calibration, calibrate, calibrateClasses } from '../src/models/calibration.js';
import { ModelRegistry, type RegisteredModel } from '../src/models/registry.js';
import { SessionHost } from '../src/models/session-host.js';
import type { OutputTensor } from '../src/models/session-messages.js';
import { gradCam } from '../src/radiograph/explain.js';

// What PyTorch, with automatic differentiation, says of simulated pictures; written by `python -m training.parity`.
const folder = new URL('./fixtures/parity/', import.meta.url);

const answerSchema = z.object({
  logits: z.array(z.number()),
  probabilities: z.array(z.number()),
  camShape: z.array(z.number()).optional(),
  cams: z.array(z.number()).optional(),
});
type Answer = z.infer<typeof answerSchema>;

const expectedSchema = z.object({
  models: z.record(
    z.string(),
    z.object({
      sha256: z.string(),
      task: z.string(),
      images: z.record(
        z.string(),
        answerSchema.extend({
          highestRawScore: z.number().optional(),
          /** Of a detector that also answers for the whole image. */
          image: answerSchema.optional(),
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

/** Probabilities within 1e-3, Grad-CAM within 1e-3 of its height. */
function checkAnswer(
  outputs: Readonly<Record<string, OutputTensor>>,
  answer: Answer,
  calibration: Calibration | null,
): void {
  const logits = outputs.logits?.data ?? new Float32Array();
  const probabilities =
    answer.logits.length === 1
      ? [calibrate(logits[0] ?? 0, calibration)]
      : calibrateClasses(logits, calibration);
  expect(probabilities).toHaveLength(answer.probabilities.length);
  for (const [i, p] of answer.probabilities.entries()) {
    expect(Math.abs((probabilities[i] ?? -1) - p)).toBeLessThan(1e-3);
  }
  const { features, alpha } = outputs;
  const [classes = 0, height = 0, width = 0] = answer.camShape ?? [];
  const cams = answer.cams ?? [];
  if (!features || !alpha) throw new Error('no tensors for Grad-CAM');
  expect(classes).toBeGreaterThan(0);
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
    const image = ['logits', 'features', 'alpha'];
    const outputs = detects ? ['boxes', 'scores', ...(card.imageAnswer ? image : [])] : image;
    if (answer.distance !== undefined) outputs.push('distance');
    const run = await host.run(model, await inputOf(model, picture, answer.box), 1, outputs);

    if (answer.distance !== undefined) {
      expect(Math.abs((run.outputs.distance?.data[0] ?? -1) - answer.distance)).toBeLessThan(1e-2);
    }
    if (!detects) {
      checkAnswer(run.outputs, answer, card.calibration);
      return;
    }
    const highest = Math.max(...(run.outputs.scores?.data ?? []));
    expect(Math.abs(highest - (answer.highestRawScore ?? -1))).toBeLessThan(1e-3);
    expect(answer.image !== undefined).toBe(card.imageAnswer !== undefined);
    if (answer.image) checkAnswer(run.outputs, answer.image, card.imageAnswer?.calibration ?? null);
  });
});
