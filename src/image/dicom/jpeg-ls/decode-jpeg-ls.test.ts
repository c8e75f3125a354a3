import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { seededRandom, smoothImage } from '../../testing/noise.js';
import { decodeJpegLs } from './decode-jpeg-ls.js';

interface Encoder {
  getDecodedBuffer(info: object): Uint8Array;
  getEncodedBuffer(): Uint8Array;
  setNearLossless(near: number): void;
  setInterleaveMode(mode: number): void;
  encode(): void;
  delete(): void;
}

interface Decoder {
  getEncodedBuffer(length: number): Uint8Array;
  getDecodedBuffer(): Uint8Array;
  decode(): void;
  delete(): void;
}

interface Charls {
  readonly JpegLSEncoder: new () => Encoder;
  readonly JpegLSDecoder: new () => Decoder;
}

const require = createRequire(import.meta.url);
const factory = require('@cornerstonejs/codec-charls/wasmjs') as () => Promise<Charls>;
const charls = factory();

interface Case {
  readonly width: number;
  readonly height: number;
  readonly bits: number;
  readonly components: 1 | 3;
  readonly near: number;
  readonly interleave: number;
  readonly kind: string;
}

function samplesOf({ width, height, bits, components, kind }: Case, seed: number): Uint16Array {
  const random = seededRandom(seed);
  const white = 2 ** bits - 1;
  const smooth = smoothImage(width, height, bits, seed);
  return Uint16Array.from({ length: width * height * components }, (_, index) => {
    const pixel = Math.floor(index / components);
    if (kind === 'noise') return Math.floor(random() * (white + 1));
    if (kind === 'flat') return pixel % width > width / 2 ? white : 0;
    if (kind === 'steps') return Math.floor((Math.floor(((pixel % width) / width) * 8) * white) / 8);
    return smooth[pixel] ?? 0;
  });
}

/** What CharLS, the reference of the format's makers, writes and reads back. */
async function withCharls(
  example: Case,
  samples: Uint16Array,
): Promise<{ encoded: Uint8Array; decoded: Uint16Array }> {
  const { JpegLSEncoder, JpegLSDecoder } = await charls;
  const { width, height, bits, components, near, interleave } = example;
  const encoder = new JpegLSEncoder();
  const info = { width, height, bitsPerSample: bits, componentCount: components, isSigned: false };
  encoder.getDecodedBuffer(info).set(bits <= 8 ? Uint8Array.from(samples) : new Uint8Array(samples.buffer));
  encoder.setNearLossless(near);
  encoder.setInterleaveMode(interleave);
  encoder.encode();
  const encoded = Uint8Array.from(encoder.getEncodedBuffer());
  encoder.delete();
  const decoder = new JpegLSDecoder();
  decoder.getEncodedBuffer(encoded.length).set(encoded);
  decoder.decode();
  const bytes = Uint8Array.from(decoder.getDecodedBuffer());
  decoder.delete();
  const decoded = bits <= 8 ? Uint16Array.from(bytes) : new Uint16Array(bytes.buffer);
  const planar = components === 3 && interleave === 0;
  const pixels = width * height;
  const ordered = decoded.map((value, index) =>
    planar ? (decoded[(index % 3) * pixels + Math.floor(index / 3)] ?? 0) : value,
  );
  return { encoded, decoded: ordered };
}

const kinds = ['noise', 'flat', 'steps', 'smooth'];
const cases = Array.from({ length: 120 }, (_, index): Case => {
  const random = seededRandom(index + 1);
  const bits = [2, 3, 5, 7, 8, 10, 12, 13, 16][index % 9] ?? 8;
  const components = index % 5 === 0 ? 3 : 1;
  return {
    width: 1 + Math.floor(random() * 70),
    height: 1 + Math.floor(random() * 40),
    bits,
    components,
    near: Math.min([0, 0, 1, 3, 10][(index % 7) % 5] ?? 0, 2 ** (bits - 2)),
    interleave: components === 3 ? index % 3 : 0,
    kind: kinds[index % 4] ?? 'noise',
  };
});

describe('decodeJpegLs', () => {
  it.each(cases)(
    'decodes what CharLS decodes: $width x $height x $components, $bits bits, near $near, interleave $interleave, $kind',
    async (example) => {
      const { encoded, decoded } = await withCharls(example, samplesOf(example, example.width));
      expect(decodeJpegLs(encoded).samples).toEqual(decoded);
    },
  );

  it('ends with an error for a stream that is cut anywhere', async () => {
    const example: Case = {
      width: 61,
      height: 47,
      bits: 12,
      components: 1,
      near: 0,
      interleave: 0,
      kind: 'smooth',
    };
    const { encoded } = await withCharls(example, samplesOf(example, 1));
    for (let length = 0; length < encoded.length - 1; length += 13) {
      expect(() => decodeJpegLs(encoded.subarray(0, length))).toThrow();
    }
  });
});
