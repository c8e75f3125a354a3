import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { decodeFrames } from './decode.js';
import { DecodedBudget, decodedBudget } from './decoded-budget.js';
import { expandSegments } from './dicom/segmented-palette.js';
import { imageElements, writeDicom } from './testing/dicom-writer.js';

const megabyte = 2 ** 20;
const usual = decodedBudget().limit;

afterEach(() => {
  decodedBudget().limit = usual;
});

async function codeOf(bytes: Uint8Array): Promise<string> {
  try {
    for await (const { width } of decodeFrames(bytes)) expect(width).toBeGreaterThan(0);
    return 'none';
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : String(error);
  }
}

describe('the budget of decoded bytes', () => {
  it('lets inputs in flight have it one after another', async () => {
    const budget = DecodedBudget.of(10 * megabyte);
    const first = await budget.hold(6 * megabyte, 'a');
    let second: (() => void) | null = null;
    const waiting = budget.hold(6 * megabyte, 'b').then((release) => {
      second = release;
    });
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(second).toBeNull();
    first();
    first();
    await waiting;
    expect(budget.used).toBe(6 * megabyte);
  });

  it('counts the threads together, and takes back what a stopped one held', async () => {
    const budget = DecodedBudget.of(10 * megabyte);
    const share = budget.share(1);
    const thread = DecodedBudget.joined(share);
    const release = await thread.hold(7 * megabyte, 'a');
    expect(budget.used).toBe(7 * megabyte);
    budget.giveUp(share);
    expect(budget.used).toBe(0);
    release();
    expect(budget.used).toBe(0);
    expect(budget.share(1)).not.toEqual(budget.share(2));
  });

  it('refuses an image that is larger than all of it, before anything is decoded', async () => {
    const image = { width: 512, height: 512, pixels: new Uint8Array(2 * 512 * 512) };
    const bytes = writeDicom(imageElements(image));
    decodedBudget().limit = megabyte;
    expect(await codeOf(bytes)).toBe('LUC_IMAGE_BUDGET');
    decodedBudget().limit = 8 * megabyte;
    expect(await codeOf(bytes)).toBe('none');
    expect(decodedBudget().used).toBe(0);
  });
});

describe('a segmented palette', () => {
  it('that repeats empty segments for ever is given up', () => {
    // A first entry, an empty segment, and indirect ones that each go through 65535 segments of nothing.
    const empty = Array.from({ length: 4096 }, () => [0, 0]).flat();
    const indirect = Array.from({ length: 2048 }, () => [2, 4096, 6, 0]).flat();
    expect(expandSegments(Uint16Array.from([0, 1, 7, ...empty, ...indirect]), 65536)).toBeNull();
  });
});

const cases = fileURLToPath(new URL('../../../shared/cases/limits/', import.meta.url));

describe.skipIf(!existsSync(cases))('files made to cost far more than they are', () => {
  it.each([
    ['ct-frames-130000.dcm', 'LUC_IMAGE_TOO_MANY_FRAMES'],
    ['ct-frames-2e7.dcm', 'LUC_IMAGE_TOO_MANY_FRAMES'],
    ['frames-800k.dcm', 'LUC_IMAGE_TOO_MANY_FRAMES'],
    ['tiff-50k-pages.tif.gz', 'LUC_IMAGE_TOO_MANY_FRAMES'],
    ['j2k-one-tile.dcm', 'LUC_DICOM_TRUNCATED'],
    ['palette-small.dcm.gz', 'LUC_DICOM_UNSUPPORTED_PHOTOMETRIC'],
  ])('end at once: %s', async (name, code) => {
    const packed = await readFile(`${cases}${name}`);
    expect(await codeOf(name.endsWith('.gz') ? gunzipSync(packed) : packed)).toBe(code);
  });
});
