import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Radiograph } from '../core/radiograph.js';
import { cropSquare, type Letterbox, letterboxes, type StretchRange, stretchRange } from './tensor.js';

interface Summary {
  readonly sum: number;
  readonly weighted: number;
  readonly samples: readonly number[];
}

interface Case {
  readonly width: number;
  readonly height: number;
  readonly paddedColumns: number;
  readonly lo: number;
  readonly hi: number;
  readonly letterbox: Summary & { size: number; left: number; top: number; width: number; height: number };
  readonly crops: readonly (Summary & {
    box: [number, number, number, number];
    context: number;
    minimumSide: number;
    size: number;
  })[];
}

/** Made by the training programs themselves, so that networks see here what they saw there. */
const fixture = JSON.parse(readFileSync(new URL('./tensor.fixture.json', import.meta.url), 'utf8')) as {
  readonly cases: readonly Case[];
};

function radiographOf(
  width: number,
  height: number,
  pixels: Uint16Array,
  padding: Uint8Array | null,
): Radiograph {
  return {
    width,
    height,
    pixels,
    padding,
    bitsStored: 16,
    pixelSpacingMm: null,
    spacingSource: null,
    colourfulness: null,
    format: 'png',
    frame: 1,
    frames: 1,
    dicom: null,
  };
}

function generated({ width, height, paddedColumns }: Case): Radiograph {
  let state = width + height;
  const pixels = new Uint16Array(width * height);
  const padding = paddedColumns > 0 ? new Uint8Array(width * height) : null;
  for (let index = 0; index < pixels.length; index += 1) {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    pixels[index] = Math.floor(((state >>> 15) & 0xffff) / 3) + 5000;
    if (padding && index % width < paddedColumns) padding[index] = 1;
  }
  return radiographOf(width, height, pixels, padding);
}

function expectSame(tensor: Float32Array, expected: Summary): void {
  let sum = 0;
  let weighted = 0;
  tensor.forEach((value, index) => {
    sum += value;
    weighted += value * ((index % 97) + 1);
  });
  expect(sum).toBeCloseTo(expected.sum, 2);
  expect(weighted).toBeCloseTo(expected.weighted, 1);
  const step = Math.max(1, Math.floor(tensor.length / 40));
  expected.samples.forEach((value, index) => {
    expect(Math.abs((tensor[index * step] ?? Number.NaN) - value)).toBeLessThan(1e-5);
  });
}

function letterbox(radiograph: Radiograph, size: number, range: StretchRange): Letterbox {
  const [box] = letterboxes(radiograph, [size], range);
  if (!box) throw new Error('one size gives one letterbox');
  return box;
}

describe('preprocessing shared with training', () => {
  for (const example of fixture.cases) {
    const radiograph = generated(example);
    const range = stretchRange(radiograph);
    const title = `${example.width} x ${example.height}, ${example.paddedColumns} padded columns`;

    it(`stretches between the same grey values: ${title}`, () => {
      expect(range).toEqual({ lo: example.lo, hi: example.hi });
    });

    it(`letterboxes the same: ${title}`, () => {
      const box = letterbox(radiograph, example.letterbox.size, range);
      const { left, top, width, height } = box;
      expect({ left, top, width, height }).toMatchObject({
        left: example.letterbox.left,
        top: example.letterbox.top,
        width: example.letterbox.width,
        height: example.letterbox.height,
      });
      expectSame(box.tensor, example.letterbox);
    });

    it.each(example.crops)(`crops the same: ${title}, box $box`, (crop) => {
      expectSame(cropSquare(radiograph, crop.box, crop, range).tensor, crop);
    });
  }
});

describe('stretchRange', () => {
  it('is empty when every pixel is padding, and such an image becomes all 0', () => {
    const all = radiographOf(4, 4, new Uint16Array(16).fill(500), new Uint8Array(16).fill(1));
    expect(stretchRange(all)).toEqual({ lo: 0, hi: 0 });
    expect(Math.max(...letterbox(all, 8, { lo: 0, hi: 0 }).tensor)).toBe(0);
  });

  it('turns a constant image into zeros', () => {
    const flat = radiographOf(4, 4, new Uint16Array(16).fill(500), null);
    const range = stretchRange(flat);
    expect(range).toEqual({ lo: 500, hi: 500 });
    expect(Math.max(...letterbox(flat, 8, range).tensor)).toBe(0);
  });
});

describe('cropSquare', () => {
  it('gives zeros for a box outside the image', () => {
    const white = radiographOf(8, 8, new Uint16Array(64).fill(65535), null);
    const crop = cropSquare(
      white,
      [100, 100, 4, 4],
      { context: 1, minimumSide: 4, size: 4 },
      { lo: 0, hi: 65535 },
    );
    expect(Array.from(crop.tensor)).toEqual(new Array(16).fill(0));
  });

  it('says which square of the image it shows', () => {
    const image = radiographOf(100, 80, new Uint16Array(8000), null);
    const crop = cropSquare(
      image,
      [40, 30, 20, 10],
      { context: 1.5, minimumSide: 8, size: 4 },
      { lo: 0, hi: 1 },
    );
    expect(crop).toMatchObject({ left: 35, top: 20, side: 30 });
  });
});
