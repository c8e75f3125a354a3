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
import { type TestElement, writeDicom } from '../../image/testing/dicom-writer.js';
import { type AttributeName, tagOf } from '../data-set/attributes.js';
import { sampleElements, sampleSource } from '../testing/sample-result.js';
import { type DeidentifyOptions, deidentify } from './deidentify.js';

const options: DeidentifyOptions = { key: 'secret', pixelsChecked: true };
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

async function copy(source: Uint8Array, more: Partial<DeidentifyOptions> = {}) {
  const { bytes, sopInstanceUid } = await deidentify(source, { ...options, ...more });
  const dataSet = readDicomAttributes(bytes);
  return { bytes, sopInstanceUid, dataSet, text: (name: AttributeName) => dataSet.text(tagOf(name)) };
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'no error',
    (error: unknown) => (error instanceof LucencyError ? error.code : String(error)),
  );
}

describe('a de-identified copy', () => {
  it('holds nothing of who the patient is, also in private elements and overlays', async () => {
    const { bytes, text } = await copy(sampleSource(secrets));
    expect(Buffer.from(bytes).includes('SECRET')).toBe(false);
    expect(text('PatientIdentityRemoved')).toBe('YES');
    expect(text('PatientBirthDate')).toBeNull();
    expect(text('StudyDate')).toBeNull();
    expect(text('BodyPartExamined')).toBe('WRIST');
  });

  it('has other UIDs, the same for the same UID and key, also in references', async () => {
    const first = await copy(sampleSource(secrets));
    const again = await copy(sampleSource(secrets));
    const foreign = await copy(sampleSource(secrets), { key: 'another' });
    expect(again.bytes).toEqual(first.bytes);
    expect(foreign.sopInstanceUid).not.toBe(first.sopInstanceUid);
    const [reference] = first.dataSet.items(tagOf('ReferencedImageSequence'));
    expect(reference?.text(tagOf('ReferencedSOPClassUID'))).toBe('1.2.840.10008.5.1.4.1.1.1.1');
    const referred = reference?.text(tagOf('ReferencedSOPInstanceUID'));
    const target = sampleSource({ 524312: [0x0008_0018, 'UI', '1.2.826.0.1.3680043.8.498.77'] });
    expect(referred).toBe((await copy(target)).sopInstanceUid);
  });

  it('has UIDs of its own where a UID only looks like one of the standard, or is a path', async () => {
    for (const uid of [
      '1.2.840.10008.99.1',
      '1.2.840.10008.1/../../evil',
      '../x',
      '1.2.840.10008.5.1.4.1.1.1.9',
    ]) {
      for (const retain of [[], ['uids']] as const) {
        const source = sampleSource({ 524312: [0x0008_0018, 'UI', uid] });
        const { sopInstanceUid, bytes } = await copy(source, { retain });
        expect(sopInstanceUid).toMatch(/^[0-9.]+$/);
        const kept = Buffer.from(bytes).includes(uid);
        expect(kept).toBe(retain.length > 0 && /^[0-9.]+$/.test(uid));
      }
    }
  });

  it('keeps what an option retains, and says so', async () => {
    const retain = ['uids', 'times', 'characteristics'] as const;
    const { text, dataSet } = await copy(sampleSource(secrets), { retain });
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
      const [copied] = await decodeImage((await copy(sampleSource({}, encoding))).bytes);
      expect(copied?.pixels).toEqual(original?.pixels);
    }
  });

  it('is refused where the pixels may show a name, unless someone has looked', async () => {
    const burnedIn = (value: string): TestElement => [0x0028_0301, 'CS', value];
    const kind = (value: string): TestElement => [0x0008_0008, 'CS', value];
    const refused = [
      sampleSource(),
      sampleSource({ 1: burnedIn('YES') }),
      sampleSource({ 524384: [0x0008_0060, 'CS', 'US'] }),
      sampleSource({ 1: kind('DERIVED\\SECONDARY') }),
      sampleSource({ 1: burnedIn('NO'), 2: kind('DERIVED\\SECONDARY\\SCREEN SAVE') }),
      sampleSource({ 524310: [0x0008_0016, 'UI', '1.2.840.10008.5.1.4.1.1.7'] }),
    ];
    for (const source of refused) {
      expect(await codeOf(copy(source, { pixelsChecked: false }))).toBe('LUC_DEIDENTIFY_BURNED_IN');
      expect(await codeOf(copy(source))).toBe('no error');
    }
    const stated = sampleSource({ 1: burnedIn('NO'), 2: kind('ORIGINAL\\PRIMARY') });
    expect(await codeOf(copy(stated, { pixelsChecked: false }))).toBe('no error');
  });

  it('is not made of reports, documents and objects of no known class', async () => {
    const report = writeDicom(
      sampleElements({ 1: [0x0042_0011, 'OB', Uint8Array.from(Buffer.from('%PDF'))] }),
    );
    expect(await codeOf(copy(report))).toBe('LUC_DEIDENTIFY_DOCUMENT');
    const unknown = sampleSource({ 524310: [0x0008_0016, 'UI', '1.2.3.4.5'] });
    expect(await codeOf(copy(unknown))).toBe('LUC_DEIDENTIFY_CLASS');
  });
});

/** Pixel Data as they lie in a file, from their value to the end. */
function pixelBytes(bytes: Uint8Array): Buffer {
  const { pixelData, source } = readDicomAttributes(bytes);
  return Buffer.from(source.subarray(pixelData?.start ?? source.length));
}

const hasValidator = spawnSync('dciodvfy', ['-version']).error === undefined;
const example = fileURLToPath(new URL('../../../test/fixtures/phantoms/leg-spiral.dcm', import.meta.url));
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
    await writeFile(target, (await deidentify(await readFile(example), options)).bytes);
    const faults = (file: string) =>
      spawnSync('dciodvfy', [file], { encoding: 'utf8' })
        .stderr.split('\n')
        .filter((line) => line.startsWith('Error'));
    expect(faults(target)).toEqual(faults(example));
  });

  it.skipIf(!existsSync(radiographs))(
    'show the pixels of their originals, in their transfer syntax (skipped without ../shared/data)',
    async () => {
      for (const name of [
        'RG3_JPLL',
        'RG3_JPLY',
        'RG3_JLSL',
        'RG3_JLSN',
        'RG3_J2KR',
        'RG3_J2KI',
        'RG3_RLE',
        'RG3_UNC',
      ]) {
        const source = await readFile(path.join(radiographs, name));
        const { bytes } = await deidentify(source, options);
        const [copied, original] = await Promise.all([decodeImage(bytes), decodeImage(source)]);
        const pixels = [copied, original].map(([image]) =>
          Buffer.from(new Uint8Array(image?.pixels.buffer ?? new ArrayBuffer(0))),
        );
        expect(pixels[0]?.equals(pixels[1] ?? Buffer.alloc(0)), name).toBe(true);
        expect(pixelBytes(bytes).length).toBeGreaterThan(0.9 * Math.min(pixelBytes(source).length, 1e5));
        expect(readDicomAttributes(bytes).text(tagOf('PatientID'))).toMatch(/^ANON-[0-9A-F]{12}$/);
      }
    },
  );
});
