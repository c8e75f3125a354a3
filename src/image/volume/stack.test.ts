import { describe, expect, it } from 'vitest';
import { LucencyError } from '../../core/errors.js';
import { shearDegrees, spacingMm } from '../../core/volume-geometry.js';
import type { FoundInput } from '../input/input-item.js';
import { seriesInputs, type TestSlice } from '../testing/volume-series.js';
import type { FoundSeries } from './series.js';
import { SeriesCollector } from './series-collector.js';
import { type Stack, stackSlices } from './stack.js';

async function collect(inputs: readonly FoundInput[]): Promise<FoundSeries[]> {
  const collector = new SeriesCollector();
  for (const input of inputs) await collector.take(input);
  return collector.series();
}

async function stackOf(count: number, slice?: (instance: number) => TestSlice | null): Promise<Stack> {
  const [series] = await collect(seriesInputs('ct', count, slice));
  if (!series) throw new Error('no series');
  return stackSlices(series, 3);
}

const order = (stack: Stack): (number | null)[] => stack.slices.map((slice) => slice?.instanceNumber ?? null);
const limits = (stack: Stack): string[] => stack.limitations.map(({ code }) => code);

async function codeOf(work: Promise<unknown>): Promise<{ code: string; text: string }> {
  return work.then(
    () => ({ code: 'none', text: '' }),
    (error: unknown) =>
      error instanceof LucencyError ? { code: error.code, text: error.message } : Promise.reject(error),
  );
}

describe('the slices of a series', () => {
  it('stand in the order of their places, whatever their numbers say', async () => {
    const stack = await stackOf(6, (n) => ({ position: [1, 2, -10 - 3 * ((n * 5) % 7)] }));
    expect(order(stack)).toEqual([4, 1, 5, 2, 6, 3]);
    expect(spacingMm(stack)).toEqual([0.5, 0.8, 3]);
    expect(stack.affine.slice(0, 12)).toEqual([0.5, 0, 0, 1, 0, 0.8, 0, 2, 0, 0, 3, -28]);
    expect(limits(stack)).toEqual([]);
  });

  it('are turned with the patient: of one who lies head last the first slice is that of the feet', async () => {
    const stack = await stackOf(5, (n) => ({ orientation: [-1, 0, 0, 0, 1, 0], position: [0, 0, 4 * n] }));
    expect(order(stack)).toEqual([5, 4, 3, 2, 1]);
    expect(stack.affine[10]).toBe(-4);
  });

  it('few missing ones are marked and named', async () => {
    const stack = await stackOf(60, (n) => (n === 20 || n === 21 ? null : {}));
    expect(stack.slices).toHaveLength(60);
    expect(order(stack).slice(18, 22)).toEqual([19, null, null, 22]);
    expect(stack.limitations).toEqual([
      {
        code: 'LUC_VOLUME_SLICES_FILLED',
        text: expect.stringContaining('2 between 38.0 mm (instance 19) and 44.0 mm (instance 22)'),
      },
    ]);
  });

  it('that are missing evenly, or before the first, are named by their numbers', async () => {
    const halved = await stackOf(20, (n) => (n % 2 === 0 ? null : {}));
    const headless = await stackOf(20, (n) => (n < 6 ? null : {}));
    const texts = [halved, headless].map(({ limitations }) => limitations);
    expect(texts).toEqual([
      [
        {
          code: 'LUC_VOLUME_INSTANCES_MISSING',
          text: expect.stringMatching(/9 image.* 2, 4, 6, 8, 10 \.\.\./),
        },
      ],
      [{ code: 'LUC_VOLUME_INSTANCES_MISSING', text: expect.stringMatching(/5 image.* 1 to 5/) }],
    ]);
  });

  it('many missing ones are an error that says where', async () => {
    const { code, text } = await codeOf(stackOf(60, (n) => (n >= 20 && n < 30 ? null : {})));
    expect(code).toBe('LUC_VOLUME_SLICES_MISSING');
    expect(text).toContain('10 between 38.0 mm (instance 19) and 60.0 mm (instance 30)');
  });

  it('at uneven distances are an error that says where', async () => {
    const { code, text } = await codeOf(stackOf(8, (n) => ({ position: [0, 0, n === 5 ? 11 : 2 * n] })));
    expect(code).toBe('LUC_VOLUME_SPACING_IRREGULAR');
    expect(text).toContain('3.00 mm between 8.0 mm (instance 4) and 11.0 mm (instance 5)');
  });

  it('that do not lie on one line are an error', async () => {
    const { code } = await codeOf(stackOf(8, (n) => ({ position: [n === 4 ? 5 : 0, 0, 2 * n] })));
    expect(code).toBe('LUC_VOLUME_SPACING_IRREGULAR');
  });

  it('in one place: the first one stays, and the others are counted', async () => {
    const stack = await stackOf(12, (n) => ({ position: [0, 0, 2 * Math.ceil(n / 2)] }));
    expect(order(stack)).toEqual([1, 3, 5, 7, 9, 11]);
    expect(limits(stack)).toEqual(['LUC_VOLUME_DUPLICATE_SLICES']);
  });

  it('of a tilted gantry keep their shear', async () => {
    const tilt = (15 * Math.PI) / 180;
    const orientation = [1, 0, 0, 0, Math.cos(tilt), -Math.sin(tilt)];
    const stack = await stackOf(6, (n) => ({ orientation, position: [0, 0, 3 * n] }));
    expect(shearDegrees(stack)).toBeCloseTo(15, 6);
    expect(stack.affine[10]).toBeCloseTo(3, 9);
    expect(stack.limitations[0]?.text).toContain('15.0 degrees');
  });

  it('scouts and images of another size do not come among them', async () => {
    const scout: TestSlice = { more: [[0x0008_0008, 'CS', 'ORIGINAL\\PRIMARY\\LOCALIZER']] };
    const stack = await stackOf(9, (n) => (n === 1 ? scout : n === 2 ? { width: 8, height: 6 } : {}));
    expect(order(stack)).toEqual([3, 4, 5, 6, 7, 8, 9]);
    expect(stack.limitations).toEqual([
      { code: 'LUC_VOLUME_OTHER_STACKS', text: expect.stringContaining('2 image(s)') },
    ]);
  });

  it('too few are no volume', async () => {
    expect((await codeOf(stackOf(2))).code).toBe('LUC_VOLUME_TOO_FEW_SLICES');
  });

  it('without place or direction are named, and the others stay', async () => {
    const lost: TestSlice = { more: [[0x0020_0032, 'DS', '']] };
    const [series] = await collect(seriesInputs('ct', 8, (n) => (n === 8 ? lost : {})));
    expect(series?.frames).toHaveLength(7);
    expect(series?.faults.map(({ input, error }) => [input, error.code])).toEqual([
      ['ct/8.dcm', 'LUC_VOLUME_ATTRIBUTE'],
    ]);
  });
});
