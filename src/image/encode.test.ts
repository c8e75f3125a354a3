import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { decodeImage } from './decode.js';
import { encodeJpegThumbnail, encodePng, toEightBits } from './encode.js';
import { smoothImage } from './testing/noise.js';

const width = 30;
const height = 20;

describe('encodePng', () => {
  it('writes 16-bit grey that comes back bit for bit', async () => {
    const samples = smoothImage(width, height, 16);
    const [radiograph] = await decodeImage(await encodePng({ width, height, channels: 1, samples }));
    expect(radiograph?.pixels).toEqual(samples);
    expect(radiograph?.bitsStored).toBe(16);
  });

  it('writes 8-bit grey and colour that come back bit for bit', async () => {
    for (const channels of [1, 3] as const) {
      const samples = Uint8Array.from(smoothImage(width * channels, height, 8));
      const png = await encodePng({ width, height, channels, samples });
      const { data, info } = await sharp(png)
        .toColourspace(channels === 1 ? 'b-w' : 'srgb')
        .raw()
        .toBuffer({ resolveWithObject: true });
      expect(info.channels).toBe(channels);
      expect(Buffer.from(samples).equals(data)).toBe(true);
    }
  });

  it('refuses samples that do not fit the size', async () => {
    const samples = new Uint8Array(7);
    await expect(encodePng({ width, height, channels: 1, samples })).rejects.toThrow(RangeError);
  });
});

describe('toEightBits', () => {
  it('undoes the stretching of 8-bit pictures and rounds the rest', () => {
    expect(Array.from(toEightBits(Uint16Array.of(0, 257, 65535, 128, 129, 65407)))).toEqual([
      0, 1, 255, 0, 1, 255,
    ]);
  });
});

describe('encodeJpegThumbnail', () => {
  it('shrinks to the longer side and never enlarges', async () => {
    const samples = Uint8Array.from(smoothImage(width, height, 8));
    const small = await sharp(
      await encodeJpegThumbnail({ width, height, channels: 1, samples }, 15),
    ).metadata();
    expect([small.format, small.width, small.height]).toEqual(['jpeg', 15, 10]);
    const same = await sharp(
      await encodeJpegThumbnail({ width, height, channels: 1, samples }, 500),
    ).metadata();
    expect([same.width, same.height]).toEqual([width, height]);
  });
});
