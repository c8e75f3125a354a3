import { createRequire } from 'node:module';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { LucencyError } from '../../../core/errors.js';
import { imageElements, type TestImage, writeDicom } from '../../testing/dicom-writer.js';
import { encodeLosslessJpeg } from '../../testing/lossless-jpeg-encoder.js';
import { smoothImage } from '../../testing/noise.js';
import { openDicomFile } from '../dicom-file.js';
import { decodeStoredFrame, type StoredFrame } from '../stored-values.js';

const require = createRequire(import.meta.url);

async function decode(image: TestImage, transferSyntax: string, frame = 1): Promise<StoredFrame> {
  const littleEndian = transferSyntax !== '1.2.840.10008.1.2.2';
  const explicit = transferSyntax !== '1.2.840.10008.1.2';
  const bytes = writeDicom(imageElements(image), { transferSyntax, littleEndian, explicit });
  return decodeStoredFrame(openDicomFile(bytes, { name: 'test.dcm', maxInflatedBytes: 1e8 }), frame);
}

async function codeOf(decoding: Promise<unknown>): Promise<string> {
  return decoding.then(
    () => 'none',
    (error: unknown) => (error instanceof LucencyError ? error.code : String(error)),
  );
}

const explicitLittle = '1.2.840.10008.1.2.1';
const nativeSyntaxes = ['1.2.840.10008.1.2', explicitLittle, '1.2.840.10008.1.2.2'];
const none = new Uint8Array(0);
/** Encapsulated pixel data of one frame. */
const oneFrame = (bytes: Uint8Array) => ({ fragments: [none, bytes] });

describe('native pixel data', () => {
  it.each(nativeSyntaxes)('keeps signed and unsigned values of 16 bits: %s', async (syntax) => {
    const unsigned = await decode({ width: 2, height: 2, pixels: [0, 1, 40000, 65535] }, syntax);
    expect(unsigned.samples).toEqual(Uint16Array.of(0, 1, 40000, 65535));
    const signed = await decode({ width: 2, height: 2, signed: true, pixels: [-32768, -1, 0, 7] }, syntax);
    expect(signed.samples).toEqual(Int16Array.of(-32768, -1, 0, 7));
  });

  it('masks off overlays above the stored bits, extends signs, and follows the high bit', async () => {
    const overlay = { width: 2, height: 2, bitsStored: 12, pixels: [0xf001, 0x1fff, 0x0800, 0x8000] };
    expect((await decode(overlay, explicitLittle)).samples).toEqual(Uint16Array.of(1, 0xfff, 0x800, 0));
    const signed = await decode({ ...overlay, signed: true }, explicitLittle);
    expect(signed.samples).toEqual(Int16Array.of(1, -1, -2048, 0));
    const raised = await decode({ ...overlay, highBit: 15 }, explicitLittle);
    expect(raised.samples).toEqual(Uint16Array.of(0xf00, 0x1ff, 0x080, 0x800));
  });

  it('unpacks one-bit pixels, also when frames do not start at a byte', async () => {
    const image = { width: 3, height: 1, bitsAllocated: 1, frames: 2, pixels: Uint8Array.of(0b101011, 0) };
    expect((await decode(image, explicitLittle, 1)).samples).toEqual(Uint8Array.of(1, 1, 0));
    expect((await decode(image, explicitLittle, 2)).samples).toEqual(Uint8Array.of(1, 0, 1));
  });

  it('puts colour planes side by side and expands YBR_FULL_422', async () => {
    const colour = { width: 2, height: 1, bitsAllocated: 8, samplesPerPixel: 3, photometric: 'RGB' };
    const planes = await decode(
      { ...colour, planar: true, pixels: Uint8Array.of(1, 2, 3, 4, 5, 6) },
      explicitLittle,
    );
    expect(planes.samples).toEqual(Uint8Array.of(1, 3, 5, 2, 4, 6));
    const packed = { ...colour, photometric: 'YBR_FULL_422', pixels: Uint8Array.of(10, 20, 30, 40) };
    const expanded = await decode(packed, explicitLittle);
    expect(expanded.photometric).toBe('YBR_FULL');
    expect(expanded.samples).toEqual(Uint8Array.of(10, 30, 40, 20, 30, 40));
  });

  it('reads 32 bits, and refuses all frames when one is not whole', async () => {
    const wide = { width: 2, height: 1, bitsAllocated: 32, pixels: Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0x80) };
    expect((await decode(wide, explicitLittle)).samples).toEqual(Uint32Array.of(1, 0x80000000));
    const short = { width: 4, height: 4, frames: 2, pixels: new Uint8Array(60) };
    expect(await codeOf(decode(short, explicitLittle, 1))).toBe('LUC_DICOM_TRUNCATED');
    expect(await codeOf(decode(short, explicitLittle, 2))).toBe('LUC_DICOM_TRUNCATED');
  });
});

describe('RLE', () => {
  const rle = '1.2.840.10008.1.2.5';
  const frame = (...segments: number[][]): Uint8Array => {
    const header = new Uint32Array(16);
    header[0] = segments.length;
    let offset = 64;
    segments.forEach((segment, index) => {
      header[index + 1] = offset;
      offset += segment.length;
    });
    return Uint8Array.from([...new Uint8Array(header.buffer), ...segments.flat()]);
  };

  it('decodes literal and repeated runs, most significant bytes first (PS3.5 G.3)', async () => {
    // High bytes 1 1 1 2 as a run of three and a literal; low bytes 9 8 7 6 as literals; -128 does nothing.
    const bytes = frame([254, 1, 0, 2], [128, 3, 9, 8, 7, 6]);
    const { samples } = await decode({ width: 2, height: 2, pixels: oneFrame(bytes) }, rle);
    expect(samples).toEqual(Uint16Array.of(0x109, 0x108, 0x107, 0x206));
  });

  it('refuses too few segments, cut segments and disordered offsets', async () => {
    const image = { width: 2, height: 2 };
    expect(await codeOf(decode({ ...image, pixels: oneFrame(frame([254, 1, 0, 2])) }, rle))).toBe(
      'LUC_DICOM_CORRUPT',
    );
    const cut = frame([254, 1, 0, 2], [3, 9, 8]);
    expect(await codeOf(decode({ ...image, pixels: oneFrame(cut) }, rle))).toBe('LUC_DICOM_TRUNCATED');
    const disordered = frame([254, 1, 0, 2], [3, 9, 8, 7, 6]);
    disordered.set([66, 0, 0, 0, 64], 4);
    expect(await codeOf(decode({ ...image, pixels: oneFrame(disordered) }, rle))).toBe('LUC_DICOM_CORRUPT');
  });
});

describe('JPEG baseline', () => {
  const jpeg = '1.2.840.10008.1.2.4.50';
  const width = 48;
  const height = 40;

  it('decodes grey to what sharp decodes', async () => {
    const grey = Uint8Array.from(smoothImage(width, height, 8));
    const bytes = await sharp(grey, { raw: { width, height, channels: 1 } })
      .toColourspace('b-w')
      .jpeg()
      .toBuffer();
    const truth = await sharp(bytes).toColourspace('b-w').raw().toBuffer();
    const { samples } = await decode({ width, height, bitsAllocated: 8, pixels: oneFrame(bytes) }, jpeg);
    expect(Buffer.from(samples.buffer, samples.byteOffset, samples.length).equals(truth)).toBe(true);
  });

  it('refuses a size that is not that of the data set, and a stream without end', async () => {
    const grey = new Uint8Array(width * height);
    const bytes = await sharp(grey, { raw: { width, height, channels: 1 } })
      .toColourspace('b-w')
      .jpeg()
      .toBuffer();
    const pixels = oneFrame(bytes);
    expect(await codeOf(decode({ width, height: 39, bitsAllocated: 8, pixels }, jpeg))).toBe(
      'LUC_DICOM_CORRUPT',
    );
    const cut = oneFrame(bytes.subarray(0, bytes.length - 4));
    expect(await codeOf(decode({ width, height, bitsAllocated: 8, pixels: cut }, jpeg))).toBe(
      'LUC_DICOM_TRUNCATED',
    );
  });
});

describe('a codestream that contradicts its data set', () => {
  it('is grey with one component and colour with three', async () => {
    const lossless = '1.2.840.10008.1.2.4.57';
    const colour = { width: 9, height: 5, components: 3, precision: 8, samples: smoothImage(27, 5, 8) };
    const three = oneFrame(encodeLosslessJpeg(colour, { predictor: 1 }));
    const asGrey = await decode({ width: 9, height: 5, bitsAllocated: 8, pixels: three }, lossless);
    expect([asGrey.photometric, asGrey.samplesPerPixel]).toEqual(['RGB', 3]);
    const grey = { width: 9, height: 5, components: 1, precision: 8, samples: smoothImage(9, 5, 8) };
    const one = oneFrame(encodeLosslessJpeg(grey, { predictor: 1 }));
    const rgb = { bitsAllocated: 8, samplesPerPixel: 3, photometric: 'RGB' };
    const asColour = await decode({ width: 9, height: 5, ...rgb, pixels: one }, lossless);
    expect([asColour.photometric, asColour.samplesPerPixel]).toEqual(['MONOCHROME2', 1]);
  });
});

interface WasmEncoder {
  getDecodedBuffer(info: object): Uint8Array;
  getEncodedBuffer(): Uint8Array;
  encode(): void;
  setQuality?(reversible: boolean, quality: number): void;
  setNearLossless?(near: number): void;
  delete(): void;
}
type EncoderModule = Record<string, new () => WasmEncoder>;

/** Encodes with the codecs' own encoders, which the product does not use. */
async function encodeWith(
  path: string,
  name: string,
  image: Uint16Array,
  info: object,
  set: (encoder: WasmEncoder) => void = () => undefined,
): Promise<Uint8Array> {
  const factory = require(path) as (options: object) => Promise<EncoderModule>;
  const module = await factory({ print: () => undefined, printErr: () => undefined });
  const Encoder = module[name];
  if (!Encoder) throw new Error(`${path} has no ${name}`);
  const encoder = new Encoder();
  encoder.getDecodedBuffer(info).set(new Uint8Array(image.buffer));
  set(encoder);
  encoder.encode();
  const bytes = Uint8Array.from(encoder.getEncodedBuffer());
  encoder.delete();
  return bytes;
}

describe('JPEG-LS, JPEG 2000 and HTJ2K', () => {
  const width = 61;
  const height = 47;
  const info = {
    width,
    height,
    bitsPerSample: 12,
    componentCount: 1,
    isSigned: false,
    isUsingColorTransform: false,
  };
  const values = smoothImage(width, height, 12);
  const image = { width, height, bitsStored: 12 };
  const codecs = [
    { name: 'JPEG-LS', uid: '1.2.840.10008.1.2.4.80', path: 'charls', encoder: 'JpegLSEncoder' },
    { name: 'JPEG 2000', uid: '1.2.840.10008.1.2.4.90', path: 'openjpeg', encoder: 'J2KEncoder' },
    { name: 'HTJ2K', uid: '1.2.840.10008.1.2.4.201', path: 'openjph', encoder: 'HTJ2KEncoder' },
  ];

  for (const { name, uid, path, encoder } of codecs) {
    const wasm = `@cornerstonejs/codec-${path}/wasmjs`;
    const encoded = encodeWith(wasm, encoder, values, info);

    it(`gives back the stored values bit for bit: ${name}`, async () => {
      const { samples, bits } = await decode({ ...image, pixels: oneFrame(await encoded) }, uid);
      expect(bits).toBe(12);
      expect(samples).toEqual(values);
    });

    it(`tells that a stream is cut, wherever: ${name}`, async () => {
      const bytes = await encoded;
      for (const share of [0.02, 0.3, 0.6, 0.9, 0.99]) {
        const cut = oneFrame(bytes.subarray(0, Math.floor(bytes.length * share)));
        expect(await codeOf(decode({ ...image, pixels: cut }, uid))).toMatch(
          /^LUC_DICOM_(TRUNCATED|CORRUPT)$/,
        );
      }
    });

    it(`refuses a stream whose size is not that of the data set: ${name}`, async () => {
      const pixels = oneFrame(await encoded);
      expect(await codeOf(decode({ ...image, width: 60, pixels }, uid))).toBe('LUC_DICOM_CORRUPT');
    });
  }

  it('keeps near-lossless JPEG-LS within its bound', async () => {
    const wasm = '@cornerstonejs/codec-charls/wasmjs';
    const encoded = await encodeWith(wasm, 'JpegLSEncoder', values, info, (encoder) =>
      encoder.setNearLossless?.(3),
    );
    const { samples } = await decode({ ...image, pixels: oneFrame(encoded) }, '1.2.840.10008.1.2.4.81');
    const largest = Math.max(
      ...Array.from(samples, (value, index) => Math.abs(value - (values[index] ?? Number.NaN))),
    );
    expect(largest).toBeGreaterThan(0);
    expect(largest).toBeLessThanOrEqual(3);
  });

  it('keeps irreversible HTJ2K close', async () => {
    const wasm = '@cornerstonejs/codec-openjph/wasmjs';
    const encoded = await encodeWith(wasm, 'HTJ2KEncoder', values, info, (encoder) =>
      encoder.setQuality?.(false, 0.001),
    );
    const { samples } = await decode({ ...image, pixels: oneFrame(encoded) }, '1.2.840.10008.1.2.4.203');
    const largest = Math.max(
      ...Array.from(samples, (value, index) => Math.abs(value - (values[index] ?? Number.NaN))),
    );
    expect(largest).toBeLessThanOrEqual(16);
  });

  it('reads signed values whatever sign the codestream claims', async () => {
    const encoded = await encodeWith('@cornerstonejs/codec-openjpeg/wasmjs', 'J2KEncoder', values, info);
    const stored = { ...image, signed: true, pixels: oneFrame(encoded) };
    const { samples } = await decode(stored, '1.2.840.10008.1.2.4.90');
    expect(samples).toEqual(Int16Array.from(values, (value) => (value > 2047 ? value - 4096 : value)));
  });
});
