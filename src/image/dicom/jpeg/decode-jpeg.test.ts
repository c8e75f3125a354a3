import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { afterAll, describe, expect, it } from 'vitest';
import { imageElements, writeDicom } from '../../testing/dicom-writer.js';
import { encodeLosslessJpeg } from '../../testing/lossless-jpeg-encoder.js';
import { smoothImage } from '../../testing/noise.js';
import { openDicomFile } from '../dicom-file.js';
import { decodeStoredFrame } from '../stored-values.js';
import { decodeJpeg } from './decode-jpeg.js';
import { JpegCorruptError, JpegTruncatedError, JpegUnsupportedError } from './errors.js';

const width = 43;
const height = 31;

describe('lossless JPEG (process 14)', () => {
  const predictors = [1, 2, 3, 4, 5, 6, 7];

  it.each(predictors)('gives back every value: predictor %d', (predictor) => {
    for (const precision of [2, 8, 12, 16]) {
      const image = {
        width,
        height,
        components: 1,
        precision,
        samples: smoothImage(width, height, precision),
      };
      expect(decodeJpeg(encodeLosslessJpeg(image, { predictor })).samples).toEqual(image.samples);
    }
  });

  it('gives back the largest differences, colours, restarts and point transforms', () => {
    const extremes = Uint16Array.from({ length: width * height }, (_, index) =>
      index % 3 === 0 ? 65535 : index % 2,
    );
    const wild = { width, height, components: 1, precision: 16, samples: extremes };
    expect(decodeJpeg(encodeLosslessJpeg(wild, { predictor: 1 })).samples).toEqual(extremes);
    const colours = {
      width,
      height,
      components: 3,
      precision: 8,
      samples: smoothImage(width * 3, height, 8),
    };
    expect(decodeJpeg(encodeLosslessJpeg(colours, { predictor: 4 })).samples).toEqual(colours.samples);
    const restarted = encodeLosslessJpeg(wild, { predictor: 7, rowsPerRestart: 5 });
    expect(decodeJpeg(restarted).samples).toEqual(extremes);
    const coarse = decodeJpeg(encodeLosslessJpeg(wild, { predictor: 1, pointTransform: 4 })).samples;
    expect(coarse).toEqual(extremes.map((value) => value & 0xfff0));
  });

  it('tells that a stream is cut, wherever', () => {
    const image = { width, height, components: 1, precision: 12, samples: smoothImage(width, height, 12) };
    const bytes = encodeLosslessJpeg(image, { predictor: 1 });
    for (let length = 2; length < bytes.length; length += 7) {
      expect(() => decodeJpeg(bytes.subarray(0, length))).toThrow(JpegTruncatedError);
    }
  });

  it('tells that data are left over', () => {
    const image = { width, height, components: 1, precision: 12, samples: smoothImage(width, height, 12) };
    const bytes = encodeLosslessJpeg(image, { predictor: 1 });
    const longer = Uint8Array.from([...bytes.subarray(0, -2), 1, 2, 3, 4, 5, 6, ...bytes.subarray(-2)]);
    expect(() => decodeJpeg(longer)).toThrow(JpegCorruptError);
    const longerByOne = Uint8Array.from([...bytes.subarray(0, -2), 0x55, ...bytes.subarray(-2)]);
    expect(() => decodeJpeg(longerByOne)).toThrow(JpegCorruptError);
  });

  it.each(predictors)(
    'takes differences modulo the precision, as some modalities write: predictor %d',
    (predictor) => {
      for (const precision of [8, 10, 12, 15]) {
        for (const pointTransform of [0, 3]) {
          // Jumps between black and white, whose differences are shortest around the end of the range.
          const white = 2 ** precision - 1;
          const samples = smoothImage(width, height, precision).map((value, index) =>
            index % 11 === 0 ? white - (value & 15) : index % 13 === 0 ? value & 15 : value,
          );
          const image = { width, height, components: 1, precision, samples };
          const differenceBits = precision - pointTransform;
          const options = { predictor, pointTransform, differenceBits, rowsPerRestart: 7 };
          const expected = samples.map((value) => (value >> pointTransform) << pointTransform);
          expect(decodeJpeg(encodeLosslessJpeg(image, options)).samples).toEqual(expected);
        }
      }
    },
  );
});

describe('sequential DCT', () => {
  const grey = Uint8Array.from(smoothImage(width, height, 8));

  it.each([40, 75, 95])('agrees with libjpeg on 8 bits to within rounding: quality %d', async (quality) => {
    const bytes = await sharp(grey, { raw: { width, height, channels: 1 } })
      .toColourspace('b-w')
      .jpeg({ quality })
      .toBuffer();
    const truth = await sharp(bytes).toColourspace('b-w').raw().toBuffer();
    const { samples } = decodeJpeg(bytes);
    const largest = Math.max(
      ...Array.from(samples, (value, index) => Math.abs(value - (truth[index] ?? Number.NaN))),
    );
    expect(largest).toBeLessThanOrEqual(1);
  });

  it('decodes subsampled colour: the luminance agrees with libjpeg', async () => {
    const colour = Uint8Array.from(smoothImage(width * 3, height, 8));
    const bytes = await sharp(colour, { raw: { width, height, channels: 3 } })
      .jpeg({ chromaSubsampling: '4:2:0' })
      .toBuffer();
    const { samples, frame } = decodeJpeg(bytes);
    expect(frame.components.map(({ horizontal, vertical }) => horizontal * vertical)).toEqual([4, 1, 1]);
    const rgb = await sharp(bytes).raw().toBuffer();
    for (let pixel = 0; pixel < width * height; pixel += 1) {
      const [red = 0, green = 0, blue = 0] = rgb.subarray(pixel * 3, pixel * 3 + 3);
      const clipped = [red, green, blue].some((value) => value === 0 || value === 255);
      if (clipped) continue;
      const luminance = 0.299 * red + 0.587 * green + 0.114 * blue;
      expect(Math.abs((samples[pixel * 3] ?? Number.NaN) - luminance)).toBeLessThanOrEqual(1.6);
    }
  });

  it('refuses progressive and arithmetic streams', async () => {
    const bytes = await sharp(grey, { raw: { width, height, channels: 1 } })
      .jpeg({ progressive: true })
      .toBuffer();
    expect(() => decodeJpeg(bytes)).toThrow(JpegUnsupportedError);
  });

  it('tells that a stream is cut, wherever', async () => {
    const bytes = await sharp(grey, { raw: { width, height, channels: 1 } })
      .jpeg()
      .toBuffer();
    for (let length = 2; length < bytes.length; length += 11) {
      expect(() => decodeJpeg(bytes.subarray(0, length))).toThrow(JpegTruncatedError);
    }
  });
});

const wrapped = path.resolve(
  path.dirname(fileURLToPath(import.meta.url)),
  '../../../../../shared/cases/dicom/codec',
);
const dcmtk = spawnSync('dcmcjpeg', ['--version']).status === 0;
if (!dcmtk) console.log('The comparison of JPEG with dcmtk is skipped: dcmcjpeg is not installed');

describe.skipIf(!dcmtk)('what dcmtk writes', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'lucency-jpeg-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const values = smoothImage(96, 80, 12);
  const source = path.join(folder, 'source.dcm');
  writeFileSync(
    source,
    writeDicom([
      [0x0008_0016, 'UI', '1.2.840.10008.5.1.4.1.1.7'],
      [0x0008_0018, 'UI', '1.2.3.4'],
      ...imageElements({ width: 96, height: 80, bitsStored: 12, pixels: values }),
    ]),
  );

  const stored = async (file: string) => {
    const dicom = openDicomFile(readFileSync(file), { name: file, maxInflatedBytes: 0 });
    return { uid: dicom.transferSyntaxUid, samples: (await decodeStoredFrame(dicom, 1)).samples };
  };

  it.each([1, 2, 3, 4, 5, 6, 7])('is read bit for bit: lossless, selection value %d', async (selection) => {
    const file = path.join(folder, `lossless-${selection}.dcm`);
    execFileSync('dcmcjpeg', ['--encode-lossless', '--selection-value', String(selection), source, file]);
    const { uid, samples } = await stored(file);
    expect(uid).toBe('1.2.840.10008.1.2.4.57');
    expect(samples).toEqual(values);
  });

  it.skipIf(!existsSync(wrapped)).each(['libjpeg90_8bit_wrap', 'libjpeg90_12bit_wrap'])(
    'is what is read of files whose differences wrap: %s',
    async (name) => {
      const truth = path.join(folder, `${name}.dcm`);
      execFileSync('dcmdjpeg', [path.join(wrapped, `${name}.dcm`), truth]);
      const ours = await stored(path.join(wrapped, `${name}.dcm`));
      expect([...ours.samples]).toEqual([...(await stored(truth)).samples]);
    },
  );

  it('is read as dcmtk reads it, to within rounding: extended, 12 bits', async () => {
    const file = path.join(folder, 'extended.dcm');
    const truth = path.join(folder, 'extended-decoded.dcm');
    execFileSync('dcmcjpeg', ['--encode-extended', '--bits-force-12', source, file]);
    execFileSync('dcmdjpeg', [file, truth]);
    const ours = await stored(file);
    expect(ours.uid).toBe('1.2.840.10008.1.2.4.51');
    const theirs = (await stored(truth)).samples;
    const largest = Math.max(
      ...Array.from(ours.samples, (value, i) => Math.abs(value - (theirs[i] ?? Number.NaN))),
    );
    expect(largest).toBeLessThanOrEqual(1);
  });
});
