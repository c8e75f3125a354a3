import { describe, expect, it } from 'vitest';
import { LucencyError } from '../../core/errors.js';
import { readDicomAttributes } from '../../image/dicom/identity.js';
import type { TestElement } from '../../image/testing/dicom-writer.js';
import { type AttributeName, tagOf } from '../data-set/attributes.js';
import { sampleReading, sampleSource } from '../testing/sample-result.js';
import { type ResultInput, resultObjects } from './result-objects.js';

const version = '0.1.0';
const createdAt = new Date('2026-03-04T05:06:07Z');

function report(source: Uint8Array, more: Partial<ResultInput> = {}) {
  const [sr] = resultObjects({ reading: sampleReading(), source, version, createdAt, ...more });
  if (!sr) throw new Error('no report');
  const dataSet = readDicomAttributes(sr.bytes);
  return { ...sr, dataSet, text: (name: AttributeName) => dataSet.text(tagOf(name)) };
}

function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof LucencyError) return `${error.code} ${error.details.attribute ?? ''}`.trim();
    throw error;
  }
  return 'no error';
}

describe('UIDs of results', () => {
  it('are the same for the same reading, whenever and wherever it was made', () => {
    const first = report(sampleSource());
    const again = report(sampleSource(), {
      createdAt: new Date('2027-01-01T00:00:00Z'),
      reading: sampleReading({ input: '/elsewhere/copy.dcm', timingsMs: { total: 9 } }),
    });
    expect(again.sopInstanceUid).toBe(first.sopInstanceUid);
    expect(again.text('SeriesInstanceUID')).toBe(first.text('SeriesInstanceUID'));
  });

  it('differ between readings, images and kinds of object, and are valid', () => {
    const readings = [sampleReading(), sampleReading({ probability: 0.5 })];
    const sources = [sampleSource(), sampleSource({ 524312: [0x0008_0018, 'UI', '1.2.3.9'] })];
    const objects = sources.flatMap((source) =>
      readings.flatMap((reading) => resultObjects({ reading, source, version, createdAt })),
    );
    const uids = objects.map(({ sopInstanceUid }) => sopInstanceUid);
    expect(new Set(uids).size).toBe(uids.length);
    for (const uid of uids) expect(uid).toMatch(/^2\.25\.[1-9]\d{0,38}$/);
  });
});

describe('what results copy', () => {
  it('is patient and study, byte for byte, in a new series of the same study', () => {
    const { dataSet, text } = report(sampleSource());
    const original = readDicomAttributes(sampleSource());
    for (const name of ['PatientName', 'PatientID', 'StudyInstanceUID', 'AccessionNumber'] as const) {
      expect(dataSet.bytes(tagOf(name)), name).toEqual(original.bytes(tagOf(name)));
    }
    expect(text('SeriesInstanceUID')).not.toBe(original.text(tagOf('SeriesInstanceUID')));
    expect(text('SpecificCharacterSet')).toBe('ISO_IR 100');
  });

  it('is the same from every encoding', () => {
    const explicit = report(sampleSource());
    const implicit = report(sampleSource({}, { transferSyntax: '1.2.840.10008.1.2', explicit: false }));
    const big = report(sampleSource({}, { transferSyntax: '1.2.840.10008.1.2.2', littleEndian: false }));
    expect(implicit.bytes).toEqual(explicit.bytes);
    expect(big.bytes).toEqual(explicit.bytes);
  });

  it('is taken from the part before the pixels as from the whole file', () => {
    const whole = sampleSource();
    const pixels = Buffer.from(whole).indexOf(Buffer.from([0xe0, 0x7f, 0x10, 0x00]));
    expect(report(whole.subarray(0, pixels)).bytes).toEqual(report(whole).bytes);
  });

  it('speaks of times in the time zone of the source', () => {
    const east = sampleSource({ 524801: [0x0008_0201, 'SH', '+0930'] });
    expect(report(east).text('ContentTime')).toBe('143607');
  });
});

describe('deformed sources', () => {
  const missing: Readonly<Record<string, number>> = {
    StudyInstanceUID: 0x0020_000d,
    SeriesInstanceUID: 0x0020_000e,
    SOPInstanceUID: 0x0008_0018,
    SOPClassUID: 0x0008_0016,
  };
  for (const [name, tag] of Object.entries(missing)) {
    it(`without ${name} are refused by name`, () => {
      expect(codeOf(() => report(sampleSource({ [tag]: null })))).toBe(
        `LUC_RESULT_SOURCE_INCOMPLETE ${name}`,
      );
    });
  }

  it('of another study than the reading are refused', () => {
    const stranger = sampleSource({ 2097165: [0x0020_000d, 'UI', '1.2.3'] });
    expect(codeOf(() => report(stranger))).toBe('LUC_RESULT_SOURCE_MISMATCH StudyInstanceUID');
  });

  it('without patient or study attributes get them empty', () => {
    const bare = sampleSource({ 1048592: null, 1048608: null, 524368: null, 524320: null });
    const { dataSet } = report(bare);
    for (const name of ['PatientName', 'PatientID', 'AccessionNumber', 'StudyDate', 'StudyID'] as const) {
      expect(dataSet.has(tagOf(name)), name).toBe(true);
    }
  });

  it('with private groups, NUL padding, odd lengths or huge text still give a whole report', () => {
    const huge = 'x'.repeat(200_000);
    const changes: Record<number, TestElement> = {
      589840: [0x0009_0010, 'LO', 'ACME'],
      593921: [0x0009_1001, 'UN', Uint8Array.of(1, 2, 3)],
      1048608: [0x0010_0020, 'LO', 'ID\0\0'],
      528432: [0x0008_1030, 'LO', huge],
    };
    const source = sampleSource(changes, { transferSyntax: '1.2.840.10008.1.2', explicit: false });
    const { dataSet, text } = report(source);
    expect(text('PatientID')).toBe('ID');
    expect(text('StudyDescription')).toBeNull();
    expect(dataSet.tags().some((tag) => (tag >>> 16) % 2 === 1)).toBe(false);
    expect(text('CompletionFlag')).toBe('COMPLETE');
  });
});
