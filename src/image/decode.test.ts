import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { LucencyError } from '../core/errors.js';
import type { Radiograph } from '../core/radiograph.js';
import { decodeFrames, decodeImage } from './decode.js';
import type { DecodeOptions } from './decode-options.js';
import { encodePng } from './encode.js';
import { crc32 } from './input/crc32.js';
import { smoothImage } from './testing/noise.js';
import { greyTiff } from './testing/tiff-writer.js';

const width = 37;
const height = 23;
const eight = Uint8Array.from(smoothImage(width, height, 8));
const sixteen = smoothImage(width, height, 16);
const grey8 = () => sharp(eight, { raw: { width, height, channels: 1 } }).toColourspace('b-w');
const grey16 = () => sharp(sixteen, { raw: { width, height, channels: 1 } }).toColourspace('grey16');

async function one(bytes: Uint8Array, options?: DecodeOptions): Promise<Radiograph> {
  const radiographs = await decodeImage(bytes, options);
  expect(radiographs).toHaveLength(1);
  return radiographs[0] as Radiograph;
}

async function codeOf(decoding: Promise<unknown>): Promise<string> {
  return decoding.then(
    () => 'none',
    (error: unknown) => (error instanceof LucencyError ? error.code : String(error)),
  );
}

describe('grey pictures', () => {
  it.each(['none', 'lzw', 'deflate'] as const)(
    'keep all 16 bits of a TIFF: compression %s',
    async (compression) => {
      const { pixels, bitsStored, format } = await one(await grey16().tiff({ compression }).toBuffer());
      expect(pixels).toEqual(sixteen);
      expect([bitsStored, format]).toEqual([16, 'tiff']);
    },
  );

  it('keep all 16 bits of a PNG, also interlaced', async () => {
    for (const progressive of [false, true]) {
      const { pixels, bitsStored, format } = await one(await grey16().png({ progressive }).toBuffer());
      expect(pixels).toEqual(sixteen);
      expect([bitsStored, format]).toEqual([16, 'png']);
    }
  });

  it('of 8 bits are stretched by 257, so that white stays white', async () => {
    for (const bytes of [
      await grey8().png().toBuffer(),
      await grey8().tiff({ compression: 'lzw' }).toBuffer(),
    ]) {
      const { pixels, bitsStored, colourfulness } = await one(bytes);
      expect(pixels).toEqual(Uint16Array.from(eight, (value) => value * 257));
      expect([bitsStored, colourfulness]).toEqual([8, null]);
    }
  });

  it('written white-is-zero come out the right way round', async () => {
    const inverted = await grey16().tiff({ miniswhite: true, compression: 'none' }).toBuffer();
    expect((await one(inverted)).pixels).toEqual(sixteen);
  });

  it('of a big endian TIFF are read', async () => {
    const bytes = greyTiff([{ width, height, samples: sixteen }], { littleEndian: false });
    expect((await one(bytes)).pixels).toEqual(sixteen);
  });

  it('with a colour profile keep their stored values', async () => {
    const { pixels } = await one(await grey8().withIccProfile('p3').png().toBuffer());
    expect(pixels).toEqual(Uint16Array.from(eight, (value) => value * 257));
  });

  it('with transparency are laid on black', async () => {
    const samples = Uint8Array.of(200, 255, 200, 51, 200, 0, 0, 255);
    const bytes = await sharp(samples, { raw: { width: 4, height: 1, channels: 2 } })
      .toColourspace('b-w')
      .png()
      .toBuffer();
    const { pixels, colourfulness } = await one(bytes);
    expect(Array.from(pixels)).toEqual([200 * 257, 40 * 257, 0, 0]);
    expect(colourfulness).toBeNull();
  });

  it('of 16 bits with transparency keep them', async () => {
    const samples = Uint16Array.of(40001, 65535, 40001, 0, 1, 65535);
    const raw = { width: 3, height: 1, channels: 2 } as const;
    const bytes = await sharp(samples, { raw }).toColourspace('grey16').png().toBuffer();
    const { pixels, bitsStored } = await one(bytes);
    expect(Array.from(pixels)).toEqual([40001, 0, 1]);
    expect(bitsStored).toBe(16);
  });
});

describe('colour pictures', () => {
  it('become the luma that Pillow computes, and tell how colourful they were', async () => {
    const samples = Uint8Array.of(255, 0, 0, 0, 255, 0, 0, 0, 255, 90, 90, 90);
    const bytes = await sharp(samples, { raw: { width: 4, height: 1, channels: 3 } })
      .png()
      .toBuffer();
    const { pixels, colourfulness } = await one(bytes);
    expect(Array.from(pixels, (value) => value / 257)).toEqual([76, 150, 29, 90]);
    expect(colourfulness).toBe(0.75);
  });

  it('of 16 bits keep them', async () => {
    const samples = Uint16Array.of(1001, 1001, 1001, 65535, 0, 0);
    const bytes = await encodePng({ width: 2, height: 1, channels: 3, samples });
    const { pixels, bitsStored } = await one(bytes);
    expect(Array.from(pixels)).toEqual([1001, Math.floor((19595 * 65535 + 0x8000) / 0x10000)]);
    expect(bitsStored).toBe(16);
  });

  it('that are really grey have no colourfulness', async () => {
    const bytes = await grey8().toColourspace('srgb').png().toBuffer();
    const { colourfulness, pixels } = await one(bytes);
    expect(colourfulness).toBe(0);
    expect(pixels).toEqual(Uint16Array.from(eight, (value) => value * 257));
  });
});

describe('EXIF orientation', () => {
  // Where the pixel that is shown at (x, y) is stored, for a stored image of 3 x 2 (TIFF 6.0, tag 274).
  const stored: Readonly<Record<number, (x: number, y: number) => [number, number]>> = {
    1: (x, y) => [x, y],
    2: (x, y) => [2 - x, y],
    3: (x, y) => [2 - x, 1 - y],
    4: (x, y) => [x, 1 - y],
    5: (x, y) => [y, x],
    6: (x, y) => [y, 1 - x],
    7: (x, y) => [2 - y, 1 - x],
    8: (x, y) => [2 - y, x],
  };
  const samples = Uint16Array.of(1000, 2000, 3000, 4000, 5000, 6000);

  it.each([1, 2, 3, 4, 5, 6, 7, 8])('%d is honoured', async (orientation) => {
    const raw = sharp(samples, { raw: { width: 3, height: 2, channels: 1 } }).toColourspace('grey16');
    const png = await raw.clone().withMetadata({ orientation }).png().toBuffer();
    const tiff = greyTiff([{ width: 3, height: 2, samples, orientation }]);
    for (const bytes of [png, tiff]) {
      const { pixels, width: shownWidth, height: shownHeight } = await one(bytes);
      expect([shownWidth, shownHeight]).toEqual(orientation > 4 ? [2, 3] : [3, 2]);
      const expected = Array.from(pixels, (_, index) => {
        const [x, y] = stored[orientation]?.(index % shownWidth, Math.floor(index / shownWidth)) ?? [0, 0];
        return samples[y * 3 + x];
      });
      expect(Array.from(pixels)).toEqual(expected);
    }
  });

  it('is honoured in JPEG', async () => {
    const bytes = await grey8().withMetadata({ orientation: 6 }).jpeg().toBuffer();
    const { width: shownWidth, height: shownHeight } = await one(bytes);
    expect([shownWidth, shownHeight]).toEqual([height, width]);
  });
});

describe('pages of a TIFF', () => {
  const pages = [1, 2, 3].map((seed) => ({
    width: 20 + seed,
    height: 10,
    samples: smoothImage(20 + seed, 10, 16, seed),
  }));
  const bytes = greyTiff(pages);

  it('come one by one, each with its own size', async () => {
    const radiographs: Radiograph[] = [];
    for await (const radiograph of decodeFrames(bytes)) radiographs.push(radiograph);
    expect(radiographs.map(({ frame, frames, width: w }) => [frame, frames, w])).toEqual([
      [1, 3, 21],
      [2, 3, 22],
      [3, 3, 23],
    ]);
    radiographs.forEach(({ pixels }, index) => {
      expect(pixels).toEqual(pages[index]?.samples);
    });
  });

  it('can be asked for one by one', async () => {
    expect((await one(bytes, { frames: 2 })).pixels).toEqual(pages[1]?.samples);
    expect(await codeOf(decodeImage(bytes, { frames: 4 }))).toBe('LUC_IMAGE_NO_SUCH_FRAME');
    expect(await codeOf(decodeImage(bytes, { frames: 0 }))).toBe('LUC_IMAGE_NO_SUCH_FRAME');
  });

  it('may together not exceed four times the limit unless read one by one', async () => {
    const many = greyTiff(
      Array.from({ length: 5 }, () => ({ width: 10, height: 10, samples: new Uint16Array(100) })),
    );
    expect(await codeOf(decodeImage(many, { maxPixels: 100 }))).toBe('LUC_IMAGE_TOO_LARGE');
    let frames = 0;
    for await (const { frame } of decodeFrames(many, { maxPixels: 100 })) frames = frame;
    expect(frames).toBe(5);
  });
});

describe('bad pictures', () => {
  const made = {
    png: grey16().png().toBuffer(),
    jpeg: grey8().jpeg().toBuffer(),
    tiff: grey16().tiff({ compression: 'none' }).toBuffer(),
  };

  it('that are empty, or no picture, are refused by name', async () => {
    expect(await codeOf(decodeImage(new Uint8Array(0)))).toBe('LUC_IMAGE_EMPTY');
    expect(await codeOf(decodeImage(Buffer.from('no picture at all')))).toBe('LUC_IMAGE_UNKNOWN_FORMAT');
    const gif = Buffer.from('R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==', 'base64');
    expect(await codeOf(decodeImage(gif))).toBe('LUC_IMAGE_UNKNOWN_FORMAT');
  });

  it.each(['png', 'jpeg', 'tiff'] as const)('that are cut are never read in part: %s', async (format) => {
    const bytes = await made[format];
    for (const share of [0.15, 0.3, 0.5, 0.7, 0.9]) {
      const cut = bytes.subarray(0, Math.floor(bytes.length * share));
      expect(await codeOf(decodeImage(cut))).toMatch(/^LUC_IMAGE_(TRUNCATED|CORRUPT)$/);
    }
    const nearly = bytes.subarray(0, bytes.length - (format === 'tiff' ? 400 : 20));
    expect(await codeOf(decodeImage(nearly))).toMatch(/^LUC_IMAGE_(TRUNCATED|CORRUPT)$/);
  });

  it('that are cut say so', async () => {
    const jpeg = await made.jpeg;
    expect(await codeOf(decodeImage(jpeg.subarray(0, jpeg.length / 2)))).toBe('LUC_IMAGE_TRUNCATED');
    const png = await made.png;
    expect(await codeOf(decodeImage(png.subarray(0, png.length / 2)))).toBe('LUC_IMAGE_TRUNCATED');
  });

  it('that claim to be huge are refused before they are decoded', async () => {
    const bytes = Buffer.from(await made.png);
    bytes.writeUInt32BE(60_000, 16);
    bytes.writeUInt32BE(60_000, 20);
    // The checksum of the header must fit, or the reader stops there.
    bytes.writeUInt32BE(crc32(bytes.subarray(12, 29)), 29);
    expect(await codeOf(decodeImage(bytes))).toBe('LUC_IMAGE_TOO_LARGE');
    expect(await codeOf(decodeImage(await made.png, { maxPixels: width * height - 1 }))).toBe(
      'LUC_IMAGE_TOO_LARGE',
    );
    expect(await codeOf(decodeImage(await made.png, { maxPixels: width * height }))).toBe('none');
  });

  it('with floating samples are refused', async () => {
    const bytes = greyTiff([{ width: 2, height: 2, samples: new Uint16Array(8), float: true }]);
    expect(await codeOf(decodeImage(bytes))).toBe('LUC_IMAGE_UNSUPPORTED_SAMPLES');
  });

  it('are called by the name that was given', async () => {
    await expect(decodeImage(new Uint8Array(0), { name: 'wrist.png' })).rejects.toThrow('wrist.png');
  });
});

const radiographs = path.resolve(process.cwd(), '../shared/data/fracatlas/images');
if (!existsSync(radiographs))
  console.log(`The test of real radiographs is skipped: there is no ${radiographs}`);

describe.skipIf(!existsSync(radiographs))('real radiographs', () => {
  it('are decoded whole, grey and not blank', async () => {
    const files = readdirSync(radiographs).filter((_, index) => index % 200 === 0);
    for (const file of files) {
      const { pixels, colourfulness, bitsStored } = await one(readFileSync(path.join(radiographs, file)), {
        name: file,
      });
      expect(new Set(pixels).size).toBeGreaterThan(50);
      expect(colourfulness).toBeNull();
      expect(bitsStored).toBe(8);
    }
  });
});
