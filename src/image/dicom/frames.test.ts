import { describe, expect, it } from 'vitest';
import { LucencyError } from '../../core/errors.js';
import { imageElements, type TestElement, writeDicom } from '../testing/dicom-writer.js';
import { openDicomFile } from './dicom-file.js';
import { encapsulatedFrames, type FrameSource } from './frames.js';
import { tag } from './tags.js';

const jpegLs = '1.2.840.10008.1.2.4.80';

/** A fragment that begins like a codestream and is told apart by its number. */
const begin = (id: number): Uint8Array => Uint8Array.of(0xff, 0xd8, 0xff, id);
const more = (id: number): Uint8Array => Uint8Array.of(1, 2, 3, id);
const nothing = new Uint8Array(0);

function table(...offsets: number[]): Uint8Array {
  return new Uint8Array(Uint32Array.from(offsets).buffer);
}

function wideTable(...values: number[]): Uint8Array {
  return new Uint8Array(BigUint64Array.from(values, BigInt).buffer);
}

function framesOf(fragments: Uint8Array[], frames: number, extra: TestElement[] = []): FrameSource {
  const elements = imageElements({ width: 2, height: 2, frames, pixels: { fragments }, more: extra });
  const { dataSet } = openDicomFile(writeDicom(elements, { transferSyntax: jpegLs }), {
    name: 'test.dcm',
    maxInflatedBytes: 0,
  });
  const location = dataSet.pixelData;
  if (!location) throw new Error('the test file has no pixel data');
  return encapsulatedFrames(dataSet, location, frames);
}

function codeOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof LucencyError) return error.code;
    throw error;
  }
  return 'none';
}

describe('encapsulatedFrames', () => {
  it('joins all fragments of a single frame', () => {
    const frame = framesOf([nothing, begin(1), more(2), more(3)], 1);
    expect(Array.from(frame(1))).toEqual([...begin(1), ...more(2), ...more(3)]);
  });

  const twoFrames = [begin(1), more(2), begin(3), more(4), more(5)];
  const expected = [
    [...begin(1), ...more(2)],
    [...begin(3), ...more(4), ...more(5)],
  ];

  it('follows the basic offset table', () => {
    const frame = framesOf([table(0, 24), ...twoFrames], 2);
    expect([1, 2].map((number) => Array.from(frame(number)))).toEqual(expected);
  });

  it('follows the extended offset table', () => {
    const extra: TestElement[] = [
      [tag.ExtendedOffsetTable, 'OV', wideTable(0, 24)],
      [tag.ExtendedOffsetTableLengths, 'OV', wideTable(8, 12)],
    ];
    const frame = framesOf([nothing, ...twoFrames], 2, extra);
    expect([1, 2].map((number) => Array.from(frame(number)))).toEqual(expected);
  });

  it('finds frames by where codestreams begin when there is no table, or a wrong one', () => {
    for (const first of [nothing, table(0, 20), table(7, 24)]) {
      const frame = framesOf([first, ...twoFrames], 2);
      expect([1, 2].map((number) => Array.from(frame(number)))).toEqual(expected);
    }
  });

  it('takes one fragment per frame when their numbers agree', () => {
    const frame = framesOf([nothing, more(1), more(2), more(3)], 3);
    expect([1, 2, 3].map((number) => frame(number)[3])).toEqual([1, 2, 3]);
  });

  it('refuses fragments that cannot be told apart, or are too few', () => {
    expect(codeOf(() => framesOf([nothing, more(1), more(2), more(3)], 2))).toBe('LUC_DICOM_CORRUPT');
    expect(codeOf(() => framesOf([nothing, begin(1)], 2))).toBe('LUC_DICOM_TRUNCATED');
    expect(codeOf(() => framesOf([nothing], 1))).toBe('LUC_DICOM_CORRUPT');
  });
});
