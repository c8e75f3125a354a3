import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DecodeAnswer, DecodeRequest } from './decode-damaged.fixture.js';
import { tag } from './dicom/tags.js';
import { imageElements, type TestElement, type TestImage, writeDicom } from './testing/dicom-writer.js';
import { encodeLosslessJpeg } from './testing/lossless-jpeg-encoder.js';
import { seededRandom, smoothImage } from './testing/noise.js';
import { greyTiff } from './testing/tiff-writer.js';
import { writeZip } from './testing/zip-writer.js';

/*
 * Two thousand damaged files. They are decoded in a process of their own, so that a crash of native code, a hang or a
 * leak is seen as what it is and does not take the tests along. Same seed, same files. To search longer or elsewhere:
 * LUCENCY_FUZZ_FILES=50000 LUCENCY_FUZZ_SEED=7 npx vitest run src/image/fuzz
 */

const fileCount = Number(process.env.LUCENCY_FUZZ_FILES ?? 2000);
const seed = Number(process.env.LUCENCY_FUZZ_SEED ?? 20_240_607);
/** Far above what any of these small files takes, also on a slow and busy machine; a hang is for ever. */
const hangSeconds = 60;
const memoryLimitBytes = 1_200_000_000;

const require = createRequire(import.meta.url);
const program = path.resolve('dist/image/decode-damaged.fixture.js');

class Decoder {
  private child: ChildProcess | null = null;

  async start(): Promise<void> {
    this.child = spawn(process.execPath, [program], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      serialization: 'advanced',
    });
    await this.answer();
  }

  private answer(): Promise<DecodeAnswer> {
    const { child } = this;
    if (!child) return Promise.reject(new Error('the decoder has not been started'));
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => finish(() => reject(new Error('the decoder hangs'))),
        hangSeconds * 1000,
      );
      const onExit = (code: number | null, signal: string | null): void =>
        finish(() => reject(new Error(`the decoder died: code ${code}, signal ${signal}`)));
      const onMessage = (message: unknown): void => finish(() => resolve(message as DecodeAnswer));
      const finish = (settle: () => void): void => {
        clearTimeout(timer);
        child.off('exit', onExit);
        child.off('message', onMessage);
        settle();
      };
      child.on('exit', onExit);
      child.on('message', onMessage);
    });
  }

  async decode(bytes: Uint8Array, file: string | null): Promise<DecodeAnswer> {
    const answer = this.answer();
    const request: DecodeRequest = { bytes, file };
    this.child?.send(request);
    return answer;
  }

  stop(): void {
    this.child?.kill('SIGKILL');
    this.child = null;
  }
}

const width = 40;
const height = 32;
const twelve = smoothImage(width, height, 12);
const eight = Uint8Array.from(smoothImage(width, height, 8));

type EncoderModule = Record<
  string,
  new () => {
    getDecodedBuffer(info: object): Uint8Array;
    getEncodedBuffer(): Uint8Array;
    encode(): void;
  }
>;

async function encodeWith(codec: string, name: string): Promise<Uint8Array> {
  const factory = require(`@cornerstonejs/codec-${codec}/wasmjs`) as (
    options: object,
  ) => Promise<EncoderModule>;
  const Encoder = (await factory({ print: () => undefined, printErr: () => undefined }))[name];
  if (!Encoder) throw new Error(`no ${name}`);
  const encoder = new Encoder();
  const info = {
    width,
    height,
    bitsPerSample: 12,
    componentCount: 1,
    isSigned: false,
    isUsingColorTransform: false,
  };
  encoder.getDecodedBuffer(info).set(new Uint8Array(twelve.buffer));
  encoder.encode();
  return Uint8Array.from(encoder.getEncodedBuffer());
}

function packBits(plane: Uint8Array): number[] {
  const out: number[] = [];
  for (let at = 0; at < plane.length; at += 64) {
    const run = plane.subarray(at, at + 64);
    out.push(run.length - 1, ...run);
  }
  return out;
}

function rleFrame(values: Uint16Array): Uint8Array {
  const high = packBits(Uint8Array.from(values, (value) => value >> 8));
  const low = packBits(Uint8Array.from(values, (value) => value & 255));
  const header = Uint32Array.from({ length: 16 }, (_, i) => [2, 64, 64 + high.length][i] ?? 0);
  return Uint8Array.from([...new Uint8Array(header.buffer), ...high, ...low]);
}

const windows: TestElement[] = [
  [tag.Modality, 'CS', 'DX'],
  [tag.PixelSpacing, 'DS', '0.1\\0.1'],
  [tag.WindowCenter, 'DS', '2048'],
  [tag.WindowWidth, 'DS', '4096'],
  [tag.PixelPaddingValue, 'US', [0]],
  [
    tag.VoiLutSequence,
    'SQ',
    [
      [
        [tag.LutDescriptor, 'US', [4, 1000, 12]],
        [tag.LutData, 'OW', Uint16Array.of(0, 100, 1000, 4095)],
      ],
    ],
  ],
];

/** Whole files of every kind that is read, to be damaged. */
async function wholeFiles(): Promise<{ name: string; bytes: Uint8Array }[]> {
  const image: TestImage = { width, height, bitsStored: 12, pixels: twelve, more: windows };
  const framed = (bytes: Uint8Array) => ({ fragments: [new Uint8Array(0), bytes] });
  const encoded = (uid: string, bytes: Uint8Array, more: Partial<TestImage> = {}): Uint8Array =>
    writeDicom(imageElements({ ...image, ...more, pixels: framed(bytes) }), { transferSyntax: uid });
  const jpeg8 = await sharp(eight, { raw: { width, height, channels: 1 } })
    .toColourspace('b-w')
    .jpeg()
    .toBuffer();
  const lossless = encodeLosslessJpeg(
    { width, height, components: 1, precision: 12, samples: twelve },
    { predictor: 1 },
  );
  const rgb = { bitsAllocated: 8, bitsStored: 8, samplesPerPixel: 3, photometric: 'RGB', planar: true };
  const grey16 = sharp(twelve, { raw: { width, height, channels: 1 } }).toColourspace('grey16');
  const grey8 = sharp(eight, { raw: { width, height, channels: 1 } }).toColourspace('b-w');
  const files: [string, Uint8Array][] = [
    ['explicit', writeDicom(imageElements(image))],
    ['implicit', writeDicom(imageElements(image), { transferSyntax: '1.2.840.10008.1.2', explicit: false })],
    [
      'big endian',
      writeDicom(imageElements(image), { transferSyntax: '1.2.840.10008.1.2.2', littleEndian: false }),
    ],
    [
      'deflated',
      writeDicom(imageElements(image), { transferSyntax: '1.2.840.10008.1.2.1.99', deflated: true }),
    ],
    ['undefined lengths', writeDicom(imageElements(image), { undefinedLengths: true })],
    ['headless', writeDicom(imageElements(image), { preamble: false, meta: false })],
    ['frames', writeDicom(imageElements({ ...image, height: height / 4, frames: 4 }))],
    ['colour', writeDicom(imageElements({ ...image, ...rgb, height: 10, pixels: eight.subarray(0, 1200) }))],
    ['rle', encoded('1.2.840.10008.1.2.5', rleFrame(twelve))],
    ['jpeg', encoded('1.2.840.10008.1.2.4.50', jpeg8, { bitsAllocated: 8, bitsStored: 8 })],
    ['jpeg lossless', encoded('1.2.840.10008.1.2.4.70', lossless)],
    ['jpeg-ls', encoded('1.2.840.10008.1.2.4.80', await encodeWith('charls', 'JpegLSEncoder'))],
    ['jpeg 2000', encoded('1.2.840.10008.1.2.4.90', await encodeWith('openjpeg', 'J2KEncoder'))],
    ['htj2k', encoded('1.2.840.10008.1.2.4.201', await encodeWith('openjph', 'HTJ2KEncoder'))],
    ['png 16', await grey16.clone().png().toBuffer()],
    ['png palette', await grey8.clone().toColourspace('srgb').png({ palette: true }).toBuffer()],
    ['jpeg picture', await grey8.clone().withMetadata({ orientation: 6 }).jpeg().toBuffer()],
    ['progressive', await grey8.clone().jpeg({ progressive: true }).toBuffer()],
    [
      'tiff',
      greyTiff([1, 2].map((page) => ({ width, height, samples: smoothImage(width, height, 16, page) }))),
    ],
    [
      'tiff lzw',
      await grey16.clone().tiff({ compression: 'lzw', tile: true, tileWidth: 16, tileHeight: 16 }).toBuffer(),
    ],
    ['tiff jpeg', await grey8.clone().tiff({ compression: 'jpeg' }).toBuffer()],
    [
      'tiff deflate',
      await grey8.clone().tiff({ compression: 'deflate', predictor: 'horizontal' }).toBuffer(),
    ],
  ];
  const zip = writeZip(files.slice(0, 3).map(([name, content]) => ({ name: `${name}.dcm`, content })));
  return [...files, ['zip', zip] as const].map(([name, bytes]) => ({ name, bytes: Uint8Array.from(bytes) }));
}

type Random = () => number;
const below = (random: Random, limit: number): number => Math.floor(random() * limit);

/** The ways in which files are damaged; headers more often than pixels, as that is where decoders are hurt. */
const damages: readonly ((bytes: Uint8Array, random: Random, other: Uint8Array) => Uint8Array)[] = [
  function flipBits(bytes, random) {
    const copy = bytes.slice();
    for (let flips = 1 + below(random, 8); flips > 0; flips -= 1) {
      const at = below(random, copy.length);
      copy[at] = (copy[at] ?? 0) ^ (1 << below(random, 8));
    }
    return copy;
  },
  function flipHeader(bytes, random) {
    const copy = bytes.slice();
    const from = copy.length > 1000 && copy[128] === 0x44 ? 128 : 0;
    for (let flips = 1 + below(random, 4); flips > 0; flips -= 1) {
      const at = from + below(random, Math.min(700, copy.length - from));
      copy[at] = (copy[at] ?? 0) ^ (1 << below(random, 8));
    }
    return copy;
  },
  function cut(bytes, random) {
    return bytes.slice(0, below(random, bytes.length));
  },
  function splice(bytes, random, other) {
    const from = below(random, bytes.length);
    const length = below(random, Math.min(400, bytes.length - from));
    const start = below(random, other.length);
    const insert = other.subarray(start, start + below(random, 400));
    return Uint8Array.from([...bytes.subarray(0, from), ...insert, ...bytes.subarray(from + length)]);
  },
  function setField(bytes, random) {
    // Length and size fields: extreme values of two or four bytes in either order.
    const copy = bytes.slice();
    const view = new DataView(copy.buffer);
    const from = copy.length > 1000 && copy[128] === 0x44 ? 128 : 0;
    const at = from + below(random, Math.min(800, copy.length - from - 4));
    const values = [
      0,
      1,
      0xff,
      0x7fff,
      0xffff,
      0x10000,
      0x7fffffff,
      0xfffffffe,
      0xffffffff,
      below(random, 2 ** 32),
    ];
    const value = values[below(random, values.length)] ?? 0;
    if (random() < 0.5) view.setUint16(at, value & 0xffff, random() < 0.5);
    else view.setUint32(at, value, random() < 0.5);
    return copy;
  },
];

describe('damaged files', () => {
  const decoder = new Decoder();
  const folder = mkdtempSync(path.join(tmpdir(), 'lucency-fuzz-'));
  beforeAll(() => decoder.start());
  afterAll(() => {
    decoder.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it(`end in pixels or in an error by name, ${fileCount} of them, without crash, hang or leak`, {
    timeout: 600_000,
  }, async () => {
    const files = await wholeFiles();
    for (const { name, bytes } of files.filter((file) => file.name !== 'zip')) {
      const { pixels, message } = await decoder.decode(bytes, null);
      expect(pixels, `${name} undamaged: ${message}`).toBeGreaterThan(0);
    }
    const random = seededRandom(seed);
    const outcomes = new Map<string, number>();
    let highest = 0;
    for (let index = 0; index < fileCount; index += 1) {
      const { name, bytes } = files[index % files.length] as (typeof files)[number];
      const other = (files[below(random, files.length)] as (typeof files)[number]).bytes;
      const damage = damages[below(random, damages.length)] as (typeof damages)[number];
      const damaged = damage(bytes, random, other);
      const file = name === 'zip' ? path.join(folder, 'damaged.zip') : null;
      const answer = await decoder.decode(damaged, file).catch((error: unknown) => {
        throw new Error(`file ${index} (${name}, ${damage.name})`, { cause: error });
      });
      const outcome = answer.pixels === undefined ? String(answer.code) : 'pixels';
      expect(outcome, `file ${index} (${name}, ${damage.name}): ${answer.message}`).toMatch(
        /^(pixels|LUC_[A-Z_]+)$/,
      );
      expect(answer.slip ?? null, `file ${index} (${name}, ${damage.name})`).toBeNull();
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
      highest = Math.max(highest, answer.rss ?? 0);
    }
    expect(highest).toBeLessThan(memoryLimitBytes);
    // Damage must have been done, and found.
    expect(outcomes.get('pixels') ?? 0).toBeLessThan(0.7 * fileCount);
    expect(outcomes.size).toBeGreaterThan(8);
  });
});
