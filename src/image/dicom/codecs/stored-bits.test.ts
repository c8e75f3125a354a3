import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { imageElements, type TestImage, writeDicom } from '../../testing/dicom-writer.js';
import { encodeLosslessJpeg } from '../../testing/lossless-jpeg-encoder.js';
import { smoothImage } from '../../testing/noise.js';
import { packBitsFrame } from '../../testing/rle-encoder.js';
import { openDicomFile } from '../dicom-file.js';
import { decodeStoredFrame } from '../stored-values.js';

const require = createRequire(import.meta.url);
const width = 40;
const height = 34;

interface WasmEncoder {
  getDecodedBuffer(info: object): Uint8Array;
  getEncodedBuffer(): Uint8Array;
  encode(): void;
  delete(): void;
}

async function encodeWith(codec: string, name: string, words: Uint16Array): Promise<Uint8Array> {
  const factory = require(`@cornerstonejs/codec-${codec}/wasmjs`) as (
    options: object,
  ) => Promise<Record<string, new () => WasmEncoder>>;
  const Encoder = (await factory({ print: () => undefined, printErr: () => undefined }))[name];
  if (!Encoder) throw new Error(`${codec} has no ${name}`);
  const encoder = new Encoder();
  const info = {
    width,
    height,
    bitsPerSample: 16,
    componentCount: 1,
    isSigned: false,
    isUsingColorTransform: false,
  };
  encoder.getDecodedBuffer(info).set(new Uint8Array(words.buffer));
  encoder.encode();
  const bytes = Uint8Array.from(encoder.getEncodedBuffer());
  encoder.delete();
  return bytes;
}

async function stored(image: TestImage, transferSyntax: string) {
  const bytes = writeDicom(imageElements(image), { transferSyntax });
  return decodeStoredFrame(openDicomFile(bytes, { name: 'test.dcm', maxInflatedBytes: 1e8 }), 1);
}

const encoders: { name: string; uid: string; encode: (words: Uint16Array) => Promise<Uint8Array> }[] = [
  { name: 'RLE', uid: '1.2.840.10008.1.2.5', encode: async (words) => packBitsFrame(words, width) },
  {
    name: 'JPEG lossless',
    uid: '1.2.840.10008.1.2.4.70',
    encode: async (samples) =>
      encodeLosslessJpeg({ width, height, components: 1, precision: 16, samples }, { predictor: 1 }),
  },
  {
    name: 'JPEG-LS',
    uid: '1.2.840.10008.1.2.4.80',
    encode: (words) => encodeWith('charls', 'JpegLSEncoder', words),
  },
  {
    name: 'JPEG 2000',
    uid: '1.2.840.10008.1.2.4.90',
    encode: (words) => encodeWith('openjpeg', 'J2KEncoder', words),
  },
  {
    name: 'HTJ2K',
    uid: '1.2.840.10008.1.2.4.201',
    encode: (words) => encodeWith('openjph', 'HTJ2KEncoder', words),
  },
];

/** Values in the stored bits, and an overlay in each bit that is none of them. */
function withOverlay(bitsStored: number, highBit: number): Uint16Array {
  const shift = highBit + 1 - bitsStored;
  const mask = ((2 ** bitsStored - 1) << shift) & 0xffff;
  const overlay = ~mask & 0xffff;
  return smoothImage(width, height, bitsStored).map(
    (value, index) => (value << shift) | (index % width < 12 ? overlay : index > 800 ? overlay & 0x8001 : 0),
  );
}

describe('overlays in the unused bits of allocated words', () => {
  const layouts = [
    { bitsStored: 12, highBit: 11 },
    { bitsStored: 10, highBit: 9 },
    { bitsStored: 12, highBit: 15 },
    { bitsStored: 11, highBit: 12 },
  ];
  it.each(encoders)(
    'do not reach the stored values, as in native pixel data: $name',
    async ({ uid, encode }) => {
      for (const layout of layouts) {
        const words = withOverlay(layout.bitsStored, layout.highBit);
        const codestream = await encode(words);
        for (const signed of [false, true]) {
          const image = { width, height, ...layout, signed };
          const native = await stored({ ...image, pixels: words }, '1.2.840.10008.1.2.1');
          const coded = await stored(
            { ...image, pixels: { fragments: [new Uint8Array(0), codestream] } },
            uid,
          );
          expect(coded.samples).toEqual(native.samples);
          expect(coded.bits).toBe(layout.bitsStored);
        }
      }
    },
  );

  const cases = fileURLToPath(new URL('../../../../../shared/cases/dicom/', import.meta.url));
  it.skipIf(!existsSync(cases))('of one picture in three encodings give one picture', async () => {
    const samples = await Promise.all(
      ['native', 'jpll_native', 'jls_native'].map(async (name) => {
        const bytes = await readFile(`${cases}overlay/${name}.dcm`);
        return (await decodeStoredFrame(openDicomFile(bytes, { name, maxInflatedBytes: 1e8 }), 1)).samples;
      }),
    );
    expect(samples[1]).toEqual(samples[0]);
    expect(samples[2]).toEqual(samples[0]);
  });
});
