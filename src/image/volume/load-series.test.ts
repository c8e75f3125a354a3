import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { LucencyError } from '../../core/errors.js';
import type { Volume } from '../../core/volume.js';
import type { FoundInput } from '../input/input-item.js';
import { imageElements, type TestElement, writeDicom } from '../testing/dicom-writer.js';
import { memoryInput, seriesInputs, type TestSlice } from '../testing/volume-series.js';
import { type LoadOptions, loadSeries } from './load-series.js';
import { SeriesCollector } from './series-collector.js';
import { stackSlices } from './stack.js';

async function load(inputs: readonly FoundInput[], options: LoadOptions = {}): Promise<Volume> {
  const collector = new SeriesCollector();
  for (const input of inputs) expect(await collector.take(input)).toBe('slice');
  const [series] = collector.series();
  if (!series) throw new Error('no series');
  return loadSeries(series, stackSlices(series, 3), options);
}

const ct = (slice: (n: number) => TestSlice | null): Promise<Volume> => load(seriesInputs('ct', 3, slice));
const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'none',
    (error: unknown) => (error instanceof LucencyError ? error.code : String(error)),
  );
const twelve = (value: (at: number) => number): number[] => Array.from({ length: 12 }, (_, at) => value(at));

const cases = fileURLToPath(new URL('../../../../shared/cases/limits/', import.meta.url));

describe.skipIf(!existsSync(cases))('a CT that states far more frames than it has', () => {
  it.each(['ct-frames-2e7.dcm', 'ct-frames-130000.dcm'])('is refused at once: %s', async (name) => {
    const bytes = new Uint8Array(await readFile(`${cases}${name}`));
    const collector = new SeriesCollector();
    const read = async (): Promise<Uint8Array> => bytes;
    await collector.take({
      input: name,
      study: null,
      format: 'dicom',
      size: bytes.length,
      read,
      readStart: read,
    });
    const faults = collector.series().flatMap((series) => series.faults);
    expect(faults.map(({ error }) => error.code)).toEqual(['LUC_IMAGE_TOO_MANY_FRAMES']);
  });
});

describe('reading the voxels of a series', () => {
  it('reads unsigned and signed 16 bits alike', async () => {
    const unsigned = await ct(() => ({ pixels: twelve((at) => 100 * at), intercept: -1024 }));
    const signed = await ct(() => ({ pixels: twelve((at) => 100 * at - 1024), signed: true }));
    expect(unsigned.voxels).toBeInstanceOf(Int16Array);
    expect([...unsigned.voxels.slice(0, 12)]).toEqual(twelve((at) => 100 * at - 1024));
    expect(signed.voxels).toEqual(unsigned.voxels);
    expect(unsigned).toMatchObject({ unit: 'HU', modality: 'CT', size: [4, 3, 3], paddingValue: null });
    expect(unsigned.slices[2]).toEqual({ sopInstanceUid: '1.2.1.3', frame: null });
  });

  it('uses the slope and intercept of each slice', async () => {
    const volume = await ct((n) => ({ pixels: twelve(() => 10), slope: n, intercept: -n }));
    expect([0, 12, 24].map((at) => volume.voxels[at])).toEqual([9, 18, 27]);
  });

  it('turns padding into air and says so', async () => {
    const more: TestElement[] = [[0x0028_0120, 'SS', [-2000]]];
    const volume = await ct(() => ({ pixels: twelve((at) => (at < 2 ? -2000 : 40)), signed: true, more }));
    expect([...volume.voxels.slice(0, 3)]).toEqual([-1024, -1024, 40]);
    expect(volume.paddingValue).toBe(-1024);
  });

  it('fills a missing slice in between its neighbours', async () => {
    const inputs = seriesInputs('ct', 40, (n) => (n === 20 ? null : { pixels: twelve(() => 10 * n) }));
    const volume = await load(inputs);
    expect(volume.voxels[19 * 12]).toBe(200);
    expect(volume.slices[19]).toBeNull();
  });

  it('reads an enhanced multi-frame CT, frame by frame from its functional groups', async () => {
    const frames = [30, 10, 20].map((z, index): TestElement[] => [
      [0x0020_9113, 'SQ', [[[0x0020_0032, 'DS', `-5\\-6\\${z}`]]]],
      [
        0x0028_9145,
        'SQ',
        [
          [
            [0x0028_1052, 'DS', '-1000'],
            [0x0028_1053, 'DS', String(index + 1)],
          ],
        ],
      ],
    ]);
    const shared: TestElement[] = [
      [0x0020_9116, 'SQ', [[[0x0020_0037, 'DS', '1\\0\\0\\0\\1\\0']]]],
      [0x0028_9110, 'SQ', [[[0x0028_0030, 'DS', '0.8\\0.5']]]],
    ];
    const elements: TestElement[] = [
      ...imageElements({ width: 4, height: 3, frames: 3, pixels: Array.from({ length: 36 }, () => 100) }),
      [0x0008_0016, 'UI', '1.2.840.10008.5.1.4.1.1.2.1'],
      [0x0008_0018, 'UI', '1.2.7'],
      [0x0020_000e, 'UI', '1.2.6'],
      [0x5200_9229, 'SQ', [shared]],
      [0x5200_9230, 'SQ', frames],
    ];
    const volume = await load([memoryInput('enhanced.dcm', writeDicom(elements))]);
    expect(volume.slices.map((slice) => slice?.frame)).toEqual([2, 3, 1]);
    expect([0, 12, 24].map((at) => volume.voxels[at])).toEqual([-800, -700, -900]);
    expect(volume.affine.slice(0, 12)).toEqual([0.5, 0, 0, -5, 0, 0.8, 0, -6, 0, 0, 10, 10]);
  });

  it('reads compressed slices like the others', async () => {
    // RLE (PS3.5 annex G): a header of 64 bytes, then the high and the low bytes as literal runs.
    const run = (bytes: number[]): number[] => [bytes.length - 1, ...bytes];
    const high = run(twelve(() => 4));
    const low = run(twelve((at) => at));
    const head = new Uint8Array(64);
    head.set([2, 0, 0, 0, 64, 0, 0, 0, 64 + high.length + 1]);
    const pixels = { fragments: [new Uint8Array(0), Uint8Array.from([...head, ...high, 0, ...low, 0])] };
    const file = { transferSyntax: '1.2.840.10008.1.2.5' };
    const volume = await ct(() => ({ pixels, file, intercept: -1024 }));
    expect([...volume.voxels.slice(12, 24)]).toEqual(twelve((at) => at));
  });

  it('refuses by name what cannot be scaled or is too large', async () => {
    const plain: TestElement[] = [[0x0028_1053, 'DS', '']];
    expect(await codeOf(ct(() => ({ more: plain })))).toBe('LUC_VOLUME_ATTRIBUTE');
    expect(await codeOf(ct(() => ({ more: [[0x0028_1054, 'LO', 'US']] })))).toBe('LUC_VOLUME_UNIT');
    expect(await codeOf(load(seriesInputs('ct', 3), { maxVoxels: 35 }))).toBe('LUC_VOLUME_TOO_LARGE');
    const cut = seriesInputs('ct', 3).map((input) => ({
      ...input,
      read: async () => (await input.read()).slice(0, -2),
    }));
    expect(await codeOf(load(cut))).toBe('LUC_DICOM_TRUNCATED');
  });

  it('stops when it is told to', async () => {
    await expect(
      load(seriesInputs('ct', 3), { signal: AbortSignal.abort(new Error('enough')) }),
    ).rejects.toThrow('enough');
  });
});
