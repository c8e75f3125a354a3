import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LucencyError } from '../../core/errors.js';
import { decodeImage } from '../../image/decode.js';
import { readDicomAttributes } from '../../image/dicom/identity.js';
import type { TestElement } from '../../image/testing/dicom-writer.js';
import { type AttributeName, tagOf } from '../data-set/attributes.js';
import { sampleSource } from '../testing/sample-result.js';
import { type DeidentifyOptions, deidentify } from './deidentify.js';

const options: DeidentifyOptions = { key: 'secret' };
const secrets: Record<number, TestElement> = {
  524416: [0x0008_0080, 'LO', 'SECRET HOSPITAL'],
  528456: [0x0008_1048, 'PN', 'SECRET^PHYSICIAN'],
  1048592: [0x0010_0010, 'PN', 'SECRET^NAME'],
  1048608: [0x0010_0020, 'LO', 'SECRETID'],
  1052688: [0x0010_1010, 'AS', '055Y'],
  1057200: [0x0010_21b0, 'LT', 'SECRET history'],
  1576960: [0x0018_1000, 'LO', 'SECRETSERIAL'],
  2113536: [0x0020_4000, 'LT', 'SECRET comment'],
  589840: [0x0009_0010, 'LO', 'SECRET MAKER'],
  593921: [0x0009_1001, 'LO', 'SECRET private'],
  1610629120: [0x6000_4000, 'LT', 'SECRET overlay'],
  528704: [
    0x0008_1140,
    'SQ',
    [
      [
        [0x0008_1150, 'UI', '1.2.840.10008.5.1.4.1.1.1.1'],
        [0x0008_1155, 'UI', '1.2.826.0.1.3680043.8.498.77'],
      ],
    ],
  ],
};

function copy(source: Uint8Array, more: Partial<DeidentifyOptions> = {}) {
  const { bytes, sopInstanceUid } = deidentify(source, { ...options, ...more });
  const dataSet = readDicomAttributes(bytes);
  return { bytes, sopInstanceUid, dataSet, text: (name: AttributeName) => dataSet.text(tagOf(name)) };
}

function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return error instanceof LucencyError ? error.code : String(error);
  }
  return 'no error';
}

describe('a de-identified copy', () => {
  it('holds nothing of who the patient is, also in private elements and overlays', () => {
    const { bytes, text } = copy(sampleSource(secrets));
    expect(Buffer.from(bytes).includes('SECRET')).toBe(false);
    expect(text('PatientIdentityRemoved')).toBe('YES');
    expect(text('PatientBirthDate')).toBeNull();
    expect(text('StudyDate')).toBeNull();
    expect(text('BodyPartExamined')).toBe('WRIST');
  });

  it('has other UIDs, the same for the same UID and key, also in references', () => {
    const first = copy(sampleSource(secrets));
    const again = copy(sampleSource(secrets));
    const foreign = copy(sampleSource(secrets), { key: 'another' });
    expect(again.bytes).toEqual(first.bytes);
    expect(foreign.sopInstanceUid).not.toBe(first.sopInstanceUid);
    const [reference] = first.dataSet.items(tagOf('ReferencedImageSequence'));
    expect(reference?.text(tagOf('ReferencedSOPClassUID'))).toBe('1.2.840.10008.5.1.4.1.1.1.1');
    const referred = reference?.text(tagOf('ReferencedSOPInstanceUID'));
    const target = sampleSource({ 524312: [0x0008_0018, 'UI', '1.2.826.0.1.3680043.8.498.77'] });
    expect(referred).toBe(copy(target).sopInstanceUid);
  });

  it('keeps what an option retains, and says so', () => {
    const { text, dataSet } = copy(sampleSource(secrets), { retain: ['uids', 'times', 'characteristics'] });
    expect(text('SOPInstanceUID')).toBe('1.2.826.0.1.3680043.8.498.1');
    expect(text('StudyDate')).toBe('20260102');
    expect(text('PatientAge')).toBe('055Y');
    const codes = dataSet.items(tagOf('DeidentificationMethodCodeSequence'));
    expect(codes.map((code) => code.text(tagOf('CodeValue')))).toEqual([
      '113100',
      '113110',
      '113106',
      '113108',
    ]);
    expect(text('LongitudinalTemporalInformationModified')).toBe('UNMODIFIED');
  });

  it('has the pixels of the original in every encoding', async () => {
    const [original] = await decodeImage(sampleSource());
    const encodings = [
      {},
      { transferSyntax: '1.2.840.10008.1.2', explicit: false },
      { transferSyntax: '1.2.840.10008.1.2.2', littleEndian: false },
      { transferSyntax: '1.2.840.10008.1.2.1.99', deflated: true },
    ];
    for (const encoding of encodings) {
      const [copied] = await decodeImage(copy(sampleSource({}, encoding)).bytes);
      expect(copied?.pixels).toEqual(original?.pixels);
    }
  });

  it('is refused where the pixels may show a name, unless that is allowed', () => {
    const stated = sampleSource({ 2622209: [0x0028_0301, 'CS', 'YES'] });
    const ultrasound = sampleSource({ 524384: [0x0008_0060, 'CS', 'US'] });
    expect(codeOf(() => copy(stated))).toBe('LUC_DEIDENTIFY_BURNED_IN');
    expect(codeOf(() => copy(ultrasound))).toBe('LUC_DEIDENTIFY_BURNED_IN');
    expect(codeOf(() => copy(stated, { allowBurnedIn: true }))).toBe('no error');
  });
});

/** Pixel Data as they lie in a file, from their value to the end. */
function pixelBytes(bytes: Uint8Array): Buffer {
  const { pixelData, source } = readDicomAttributes(bytes);
  return Buffer.from(source.subarray(pixelData?.start ?? source.length));
}

const hasValidator = spawnSync('dciodvfy', ['-version']).error === undefined;
const example = fileURLToPath(new URL('../../../examples/leg-spiral.dcm', import.meta.url));
const radiographs = fileURLToPath(
  new URL('../../../../shared/data/dicom/radiograph-transfer-syntaxes/', import.meta.url),
);

describe('de-identified files in outside programs', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'lucency-deidentify-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it.skipIf(!hasValidator)('get no new fault from dciodvfy (skipped without dicom3tools)', async () => {
    const target = path.join(folder, 'example.dcm');
    await writeFile(target, deidentify(await readFile(example), options).bytes);
    const faults = (file: string) =>
      spawnSync('dciodvfy', [file], { encoding: 'utf8' })
        .stderr.split('\n')
        .filter((line) => line.startsWith('Error'));
    expect(faults(target)).toEqual(faults(example));
  });

  it.skipIf(!existsSync(radiographs))(
    'keep compressed pixels as they are (skipped without ../shared/data)',
    async () => {
      for (const name of ['RG3_JPLL', 'RG3_J2KR', 'RG3_RLE', 'RG3_UNC']) {
        const source = await readFile(path.join(radiographs, name));
        const { bytes } = deidentify(source, options);
        const copied = pixelBytes(bytes);
        // What lies behind the pixels of a file is no part of its copy.
        expect(copied.equals(pixelBytes(source).subarray(0, copied.length)), name).toBe(true);
        expect(copied.length, name).toBeGreaterThan(100_000);
        expect(readDicomAttributes(bytes).text(tagOf('PatientID'))).toMatch(/^ANON-[0-9A-F]{12}$/);
      }
    },
  );
});
