import { createRequire } from 'node:module';
import { gzipSync } from 'node:zlib';
import sharp, { type JpegOptions } from 'sharp';
import { describe, expect, it } from 'vitest';
import { LucencyError } from '../core/errors.js';
import { decodeFrames } from './decode.js';
import { decodeNifti } from './nifti/decode-nifti.js';
import { imageElements, type TestImage, writeDicom } from './testing/dicom-writer.js';
import { encodeLosslessJpeg } from './testing/lossless-jpeg-encoder.js';
import { nifti } from './testing/nifti-writer.js';
import { seededRandom, smoothImage } from './testing/noise.js';
import { packBitsFrame } from './testing/rle-encoder.js';
import { greyTiff } from './testing/tiff-writer.js';

/*
 * An image is read whole or not at all: from every format bytes are taken out, anywhere in the payload, and what is left
 * must be refused, or give the very pixels of the whole.
 */

const require = createRequire(import.meta.url);
const width = 96;
const height = 80;
const shares = [0.01, 0.05, 0.5];
const placesPerShare = 25;

type Read = (bytes: Uint8Array) => Promise<unknown>;

async function readImage(bytes: Uint8Array): Promise<readonly Uint16Array[]> {
  const frames: Uint16Array[] = [];
  for await (const { pixels } of decodeFrames(bytes)) frames.push(pixels);
  return frames;
}

/** Without `count` bytes from `at` on. */
function without(bytes: Uint8Array, at: number, count: number): Uint8Array {
  return Uint8Array.from(Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + count)]));
}

interface Outcome {
  readonly refused: number;
  readonly same: number;
  readonly different: number;
}

/** Takes pieces out of `payload` (offsets in the file) and counts what becomes of them. */
async function outcomes(
  bytes: Uint8Array,
  [from, to]: readonly [number, number],
  read: Read,
): Promise<Outcome> {
  const truth = await read(bytes);
  const random = seededRandom(20_261_130);
  const count = { refused: 0, same: 0, different: 0 };
  for (const share of shares) {
    const size = Math.max(1, Math.round((to - from) * share));
    for (let place = 0; place < placesPerShare; place += 1) {
      const at = from + Math.floor(random() * (to - from - size + 1));
      try {
        expect(await read(without(bytes, at, size))).toEqual(truth);
        count.same += 1;
      } catch (error) {
        if (error instanceof LucencyError) count.refused += 1;
        else count.different += 1;
      }
    }
  }
  return count;
}

/** A DICOM file of one image and where its pixel data lie. */
function dicomOf(image: TestImage, transferSyntax: string): { bytes: Uint8Array; payload: [number, number] } {
  const bytes = writeDicom(imageElements(image), { transferSyntax });
  const head = writeDicom(imageElements({ ...image, pixels: new Uint8Array(0) }), { transferSyntax });
  return { bytes, payload: [head.length, bytes.length] };
}

interface WasmEncoder {
  getDecodedBuffer(info: object): Uint8Array;
  getEncodedBuffer(): Uint8Array;
  encode(): void;
  setTileSize?(size: { width: number; height: number }): void;
  delete(): void;
}

async function encodeWith(
  codec: string,
  name: string,
  set: (encoder: WasmEncoder) => void = () => undefined,
  size = { width, height },
): Promise<Uint8Array> {
  const factory = require(`@cornerstonejs/codec-${codec}/wasmjs`) as (
    options: object,
  ) => Promise<Record<string, new () => WasmEncoder>>;
  const module = await factory({ print: () => undefined, printErr: () => undefined });
  const Encoder = module[name];
  if (!Encoder) throw new Error(`${codec} has no ${name}`);
  const encoder = new Encoder();
  const info = {
    ...size,
    bitsPerSample: 12,
    componentCount: 1,
    isSigned: false,
    isUsingColorTransform: false,
  };
  encoder.getDecodedBuffer(info).set(new Uint8Array(smoothImage(size.width, size.height, 12).buffer));
  set(encoder);
  encoder.encode();
  const bytes = Uint8Array.from(encoder.getEncodedBuffer());
  encoder.delete();
  return bytes;
}

const twelveBits = { width, height, bitsStored: 12 };
const inFragment = (bytes: Uint8Array) => ({ fragments: [new Uint8Array(0), bytes] });

async function jpegOf(options: JpegOptions, columns = width, rows = height): Promise<Uint8Array> {
  const grey = Uint8Array.from(smoothImage(columns, rows, 8));
  return sharp(grey, { raw: { width: columns, height: rows, channels: 1 } })
    .toColourspace('b-w')
    .jpeg(options)
    .toBuffer();
}

/** Where the entropy-coded data of a JPEG begin. */
function firstScan(bytes: Uint8Array): number {
  return Buffer.from(bytes).indexOf(Buffer.of(0xff, 0xda)) + 10;
}

describe('bytes taken out of a DICOM image', () => {
  const lossless = () => {
    const image = { width, height, components: 1, precision: 12, samples: smoothImage(width, height, 12) };
    return encodeLosslessJpeg(image, { predictor: 1 });
  };
  const cases: { name: string; uid: string; image: () => Promise<TestImage> }[] = [
    {
      name: 'native',
      uid: '1.2.840.10008.1.2.1',
      image: async () => ({ ...twelveBits, pixels: smoothImage(width, height, 12) }),
    },
    {
      name: 'native, of several frames, with elements behind',
      uid: '1.2.840.10008.1.2.1',
      image: async () => ({
        ...twelveBits,
        frames: 4,
        pixels: Uint16Array.from([0, 1, 2, 3].flatMap(() => [...smoothImage(width, height, 12)])),
        more: [[0xfffc_fffc, 'OB', new Uint8Array(9000).fill(7)]],
      }),
    },
    {
      name: 'RLE',
      uid: '1.2.840.10008.1.2.5',
      image: async () => ({
        ...twelveBits,
        pixels: inFragment(packBitsFrame(smoothImage(width, height, 12), width)),
      }),
    },
    {
      name: 'JPEG lossless',
      uid: '1.2.840.10008.1.2.4.70',
      image: async () => ({ ...twelveBits, pixels: inFragment(lossless()) }),
    },
    {
      name: 'JPEG-LS',
      uid: '1.2.840.10008.1.2.4.80',
      image: async () => ({ ...twelveBits, pixels: inFragment(await encodeWith('charls', 'JpegLSEncoder')) }),
    },
    {
      name: 'JPEG 2000',
      uid: '1.2.840.10008.1.2.4.90',
      image: async () => ({ ...twelveBits, pixels: inFragment(await encodeWith('openjpeg', 'J2KEncoder')) }),
    },
    {
      name: 'HTJ2K',
      uid: '1.2.840.10008.1.2.4.201',
      image: async () => ({ ...twelveBits, pixels: inFragment(await encodeWith('openjph', 'HTJ2KEncoder')) }),
    },
  ];
  it.each(cases)('are noticed: $name', async ({ uid, image }) => {
    const { bytes, payload } = dicomOf(await image(), uid);
    const { refused, different } = await outcomes(bytes, payload, readImage);
    expect(different).toBe(0);
    expect(refused).toBeGreaterThan(0);
  });

  /** As above, with the lengths around the codestream set right: only the codestream itself can tell. */
  const inside = cases.slice(2).map((one) => ({ ...one, stream: async () => (await one.image()).pixels }));
  it.each(inside)('are noticed by the codestream alone: $name', async ({ uid, image, stream }) => {
    const pixels = await stream();
    const whole = typeof pixels === 'object' && 'fragments' in pixels ? pixels.fragments[1] : undefined;
    if (!whole) throw new Error('no codestream');
    const template = await image();
    const read: Read = (codestream) =>
      readImage(dicomOf({ ...template, pixels: inFragment(codestream) }, uid).bytes);
    const { refused, different } = await outcomes(whole, [0, whole.length], read);
    expect(different).toBe(0);
    expect(refused).toBeGreaterThan(0);
  });
});

describe('tiles and tile-parts taken out of JPEG 2000', () => {
  /** Offsets of the tile-parts and of the end. */
  function tileParts(bytes: Uint8Array): number[] {
    const view = Buffer.from(bytes);
    const starts: number[] = [];
    for (let at = view.indexOf(Buffer.of(0xff, 0x90)); view.readUInt16BE(at) === 0xff90; ) {
      starts.push(at);
      at += view.readUInt32BE(at + 6);
    }
    return [...starts, view.length - 2];
  }

  /** One stream of nine tiles made of nine streams of one: the encoder at hand does not cut images into tiles. */
  async function tiledJpeg2000(): Promise<Uint8Array> {
    const tile = await encodeWith('openjpeg', 'J2KEncoder', () => undefined, { width: 32, height: 32 });
    const [start = 0, end = 0] = tileParts(tile);
    const main = Buffer.from(tile.subarray(0, start));
    const size = main.indexOf(Buffer.of(0xff, 0x51)) + 6;
    main.writeUInt32BE(96, size);
    main.writeUInt32BE(96, size + 4);
    const bodies = Array.from({ length: 9 }, (_, index) => {
      const body = Buffer.from(tile.subarray(start, end));
      body.writeUInt16BE(index, 4);
      return body;
    });
    return Uint8Array.from(Buffer.concat([main, ...bodies, Buffer.of(0xff, 0xd9)]));
  }

  const tiledHtj2k = () =>
    encodeWith('openjph', 'HTJ2KEncoder', (one) => one.setTileSize?.({ width: 32, height: 32 }), {
      width: 96,
      height: 96,
    });

  it.each([
    { name: 'JPEG 2000', encode: tiledJpeg2000, uid: '1.2.840.10008.1.2.4.90' },
    { name: 'HTJ2K', encode: tiledHtj2k, uid: '1.2.840.10008.1.2.4.201' },
  ])('are noticed, whichever it is: $name', async ({ encode, uid }) => {
    const stream = await encode();
    const parts = tileParts(stream);
    expect(parts).toHaveLength(10);
    const read = (codestream: Uint8Array) =>
      readImage(dicomOf({ ...twelveBits, height: 96, pixels: inFragment(codestream) }, uid).bytes);
    await expect(read(stream)).resolves.toHaveLength(1);
    for (let part = 0; part + 1 < parts.length; part += 1) {
      const at = parts[part] ?? 0;
      const cut = without(stream, at, (parts[part + 1] ?? 0) - at);
      await expect(read(cut)).rejects.toMatchObject({ code: 'LUC_DICOM_TRUNCATED' });
    }
  });
});

describe('bytes taken out of a picture or a volume', () => {
  it('are noticed in PNG, also a whole chunk of pixels', async () => {
    const grey = Uint8Array.from(smoothImage(width, height, 8));
    const bytes = await sharp(grey, { raw: { width, height, channels: 1 } })
      .toColourspace('b-w')
      .png()
      .toBuffer();
    const { refused, different } = await outcomes(bytes, [33, bytes.length], readImage);
    expect(different).toBe(0);
    expect(refused).toBeGreaterThan(60);
    const data = bytes.indexOf('IDAT') - 4;
    const chunk = without(bytes, data, bytes.readUInt32BE(data) + 12);
    await expect(readImage(chunk)).rejects.toMatchObject({
      code: expect.stringMatching(/^LUC_IMAGE_(TRUNCATED|CORRUPT)$/),
    });
  });

  it.each(['none', 'lzw', 'deflate', 'jpeg', 'packbits'] as const)(
    'are noticed in TIFF: %s',
    async (compression) => {
      const grey = Uint8Array.from(smoothImage(width, height, 8));
      const image = sharp(grey, { raw: { width, height, channels: 1 } }).toColourspace('b-w');
      for (const tile of [false, true]) {
        const options = { compression, tile, tileWidth: 32, tileHeight: 32 };
        const bytes = await image.clone().tiff(options).toBuffer();
        const { refused, different } = await outcomes(bytes, [8, bytes.length], readImage);
        expect(different).toBe(0);
        expect(refused).toBeGreaterThan(60);
      }
    },
  );

  it('are noticed in a TIFF whose directory comes first, and one of several pages', async () => {
    const samples = smoothImage(width, height, 16);
    const page = { width, height, samples };
    for (const pages of [[page], [page, page, page]]) {
      const bytes = greyTiff(pages);
      const { refused, different } = await outcomes(bytes, [8, bytes.length], readImage);
      expect(different).toBe(0);
      expect(refused).toBeGreaterThan(60);
    }
  });

  it('are noticed in NIfTI, packed or not', async () => {
    const plain = nifti({
      dims: [3, 24, 20, 16, 1, 1, 1, 1],
      voxels: Array.from(smoothImage(24 * 20, 16, 11)),
    });
    for (const bytes of [plain, gzipSync(plain)]) {
      const from = bytes === plain ? 352 : 10;
      const read: Read = async (file) => (await decodeNifti(file, 'volume.nii')).voxels;
      const { refused, different } = await outcomes(bytes, [from, bytes.length], read);
      expect(different).toBe(0);
      expect(refused).toBe(shares.length * placesPerShare);
    }
  });
});

describe('bytes taken out of the scans of a lossy JPEG', () => {
  // Nothing in the format vouches for them. What can be told is told: codes that do not exist, coefficients out of
  // range, data that end early or are left over. Of a few kilobytes a few missing bytes may still pass for codes.
  it.each([
    ['baseline', {}],
    ['progressive', { progressive: true }],
  ] as const)('are noticed in an image of 30 kB: %s', async (_, options) => {
    const bytes = await jpegOf({ quality: 90, ...options }, 480, 400);
    const { refused, same, different } = await outcomes(bytes, [firstScan(bytes), bytes.length], readImage);
    expect(refused + same).toBe(shares.length * placesPerShare);
    expect(different).toBe(0);
  });

  it('are noticed in most cases in an image of 2 kB', async () => {
    const bytes = await jpegOf({ quality: 90 });
    const { different } = await outcomes(bytes, [firstScan(bytes), bytes.length], readImage);
    expect(different).toBeLessThanOrEqual(3);
  });

  it('are noticed when a whole scan is missing', async () => {
    const bytes = Buffer.from(await jpegOf({ quality: 90, progressive: true }));
    const scans: number[] = [];
    for (
      let at = bytes.indexOf(Buffer.of(0xff, 0xda));
      at >= 0;
      at = bytes.indexOf(Buffer.of(0xff, 0xda), at + 2)
    )
      scans.push(at);
    expect(scans.length).toBeGreaterThan(3);
    const ends = [...scans.slice(1), bytes.length - 2];
    for (const [index, start] of scans.entries()) {
      const cut = without(bytes, start, (ends[index] ?? 0) - start);
      await expect(readImage(cut)).rejects.toMatchObject({
        code: expect.stringMatching(/^LUC_IMAGE_(TRUNCATED|CORRUPT)$/),
      });
    }
  });
});
