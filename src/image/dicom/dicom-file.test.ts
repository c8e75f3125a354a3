import { describe, expect, it } from 'vitest';
import { LucencyError } from '../../core/errors.js';
import { type TestElement, type TestFileOptions, writeDicom } from '../testing/dicom-writer.js';
import type { DataSet } from './data-set.js';
import { openDicomFile } from './dicom-file.js';
import { readDicomAttributes } from './identity.js';
import { tag } from './tags.js';

const privateSequence = 0x0009_1010;
const privateValue = 0x0009_1011;

const elements: TestElement[] = [
  [tag.Modality, 'CS', 'DX'],
  [tag.StudyInstanceUid, 'UI', '1.2.3'],
  [tag.Rows, 'US', [258]],
  [tag.WindowCenter, 'DS', '40\\-12.5 \\x'],
  [
    privateSequence,
    'SQ',
    [
      [
        [privateValue, 'LO', 'inner'],
        [privateSequence, 'SQ', [[[privateValue, 'LO', 'innermost']], []]],
      ],
      [[privateValue, 'LO', 'second']],
    ],
  ],
];

const encodings: Record<string, TestFileOptions> = {
  'explicit little endian': {},
  'implicit little endian': { transferSyntax: '1.2.840.10008.1.2', explicit: false },
  'explicit big endian': { transferSyntax: '1.2.840.10008.1.2.2', littleEndian: false },
  deflated: { transferSyntax: '1.2.840.10008.1.2.1.99', deflated: true },
  'undefined lengths': { undefinedLengths: true },
  'implicit with undefined lengths': {
    transferSyntax: '1.2.840.10008.1.2',
    explicit: false,
    undefinedLengths: true,
  },
  'no preamble': { preamble: false },
  'no preamble, no meta group': { preamble: false, meta: false },
  'no meta group, implicit': { meta: false, explicit: false },
  'no meta group, big endian': { meta: false, littleEndian: false },
  'implicit against its header': { explicit: false },
  'explicit against its header': { transferSyntax: '1.2.840.10008.1.2' },
  'an unknown transfer syntax': { transferSyntax: '1.2.3.4.5' },
};

function open(bytes: Uint8Array, maxInflatedBytes = 1e6): DataSet {
  return openDicomFile(bytes, { name: 'test.dcm', maxInflatedBytes }).dataSet;
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

describe('openDicomFile', () => {
  it.each(Object.entries(encodings))('reads the same values from %s', (_, options) => {
    const dataSet = open(writeDicom(elements, options));
    expect(dataSet.text(tag.Modality)).toBe('DX');
    expect(dataSet.text(tag.StudyInstanceUid)).toBe('1.2.3');
    expect(dataSet.number(tag.Rows, 'US')).toBe(258);
    expect(dataSet.numbers(tag.WindowCenter, 'DS')).toEqual([40, -12.5, Number.NaN]);
    const [first, second, ...others] = dataSet.items(privateSequence);
    expect(first?.text(privateValue)).toBe('inner');
    expect(first?.items(privateSequence).map((item) => item.text(privateValue))).toEqual(['innermost', null]);
    expect(second?.text(privateValue)).toBe('second');
    expect(others).toEqual([]);
  });

  it('answers what is absent with nothing', () => {
    const dataSet = open(writeDicom(elements));
    expect(dataSet.text(tag.PatientId)).toBeNull();
    expect(dataSet.number(tag.Columns, 'US')).toBeNull();
    expect(dataSet.items(tag.VoiLutSequence)).toEqual([]);
    expect(dataSet.items(tag.Modality)).toEqual([]);
    expect(dataSet.words(tag.LutData)).toBeNull();
    expect(dataSet.pixelData).toBeNull();
  });

  it('reads a sequence of VR UN and undefined length as implicit (PS3.5 6.2.2)', () => {
    const inner = writeDicom([[privateValue, 'LO', 'inside']], {
      meta: false,
      preamble: false,
      explicit: false,
    });
    const bytes = writeDicom([[tag.Modality, 'CS', 'DX']], { preamble: false, meta: false });
    const header = Uint8Array.of(9, 0, 0x10, 0x10, 0x55, 0x4e, 0, 0, 255, 255, 255, 255);
    const item = Uint8Array.of(0xfe, 0xff, 0, 0xe0, inner.length, 0, 0, 0, ...inner);
    const end = Uint8Array.of(0xfe, 0xff, 0xdd, 0xe0, 0, 0, 0, 0);
    const dataSet = open(Uint8Array.from([...bytes, ...header, ...item, ...end]));
    expect(dataSet.items(privateSequence)[0]?.text(privateValue)).toBe('inside');
  });

  it('ignores a few zeros at the end, but no other left-overs', () => {
    const bytes = writeDicom(elements);
    expect(open(Uint8Array.from([...bytes, 0, 0, 0])).text(tag.Modality)).toBe('DX');
    expect(codeOf(() => open(Uint8Array.from([...bytes, 1, 2, 3])))).toBe('LUC_DICOM_TRUNCATED');
  });

  it.each(['explicit little endian', 'undefined lengths', 'explicit big endian'])(
    'tells that a file is cut, wherever: %s',
    (name) => {
      const bytes = writeDicom(elements, encodings[name]);
      const wholeUpTo = new Set<string>();
      const head = writeDicom([], encodings[name]).length;
      for (let length = head + 1; length < bytes.length; length += 1) {
        const code = codeOf(() => open(bytes.subarray(0, length)));
        if (code !== 'none') expect(code).toBe('LUC_DICOM_TRUNCATED');
        else wholeUpTo.add(String(length));
      }
      // Only cuts between elements of the root leave a valid file, or one behind them that leaves a zero of the next tag.
      expect(wholeUpTo.size).toBeLessThanOrEqual(2 * elements.length);
    },
  );

  it('refuses a deflated data set that is cut or unpacks to too much', () => {
    const big: TestElement[] = [...elements, [0x7fe0_0010, 'OW', new Uint8Array(2_000_000)]];
    const bytes = writeDicom(big, { transferSyntax: '1.2.840.10008.1.2.1.99', deflated: true });
    expect(codeOf(() => open(bytes))).toBe('LUC_DICOM_BOMB');
    expect(codeOf(() => open(bytes.subarray(0, bytes.length - 20), 1e8))).toBe('LUC_DICOM_TRUNCATED');
  });

  it('refuses sequences nested beyond all sense instead of exhausting the stack', () => {
    const sequence = Uint8Array.of(9, 0, 0x10, 0x10, 0x53, 0x51, 0, 0, 255, 255, 255, 255);
    const item = Uint8Array.of(0xfe, 0xff, 0, 0xe0, 255, 255, 255, 255);
    const deep = Array.from({ length: 50_000 }, () => [...sequence, ...item]).flat();
    const bytes = Uint8Array.from([...writeDicom([[tag.Modality, 'CS', 'DX']]), ...deep]);
    expect(codeOf(() => open(bytes))).toBe('LUC_DICOM_CORRUPT');
  });
});

describe('text', () => {
  const named = (characterSet: string, name: string): DataSet =>
    readDicomAttributes(
      writeDicom([
        [tag.SpecificCharacterSet, 'CS', characterSet],
        [0x0010_0010, 'PN', Uint8Array.from(Buffer.from(name, 'latin1'))],
      ]),
    );

  // The examples of PS3.5 annexes H, I and J, and one of each single-byte kind.
  it.each([
    ['', 'Smith^Anna', 'Smith^Anna'],
    ['ISO_IR 100', 'Buc^J\xe9r\xf4me', 'Buc^Jérôme'],
    ['ISO_IR 192', 'Wang^XiaoDong=\xe7\x8e\x8b^\xe5\xb0\x8f\xe4\xb8\x9c', 'Wang^XiaoDong=王^小东'],
    ['GB18030', 'Wang^XiaoDong=\xcd\xf5^\xd0\xa1\xb6\xab', 'Wang^XiaoDong=王^小东'],
    ['ISO_IR 144', '\xbb\xee\xda\x63\x65\xdc\xd1\xe3\xe0\xd3', 'Люкceмбург'],
    [
      '\\ISO 2022 IR 87',
      'Yamada^Tarou=\x1b$B;3ED\x1b(B^\x1b$BB@O:\x1b(B=\x1b$B$d$^$@\x1b(B^\x1b$B$?$m$&\x1b(B',
      'Yamada^Tarou=山田^太郎=やまだ^たろう',
    ],
    [
      'ISO 2022 IR 13\\ISO 2022 IR 87',
      '\xd4\xcf\xc0\xde^\xc0\xdb\xb3=\x1b$B;3ED\x1b(J^\x1b$BB@O:\x1b(J=\x1b$B$d$^$@\x1b(J^\x1b$B$?$m$&\x1b(J',
      'ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう',
    ],
    [
      '\\ISO 2022 IR 149',
      'Hong^Gildong=\x1b$)C\xfb\xf3^\x1b$)C\xd1\xce\xd4\xd7=\x1b$)C\xc8\xab^\x1b$)C\xb1\xe6\xb5\xbf',
      'Hong^Gildong=洪^吉洞=홍^길동',
    ],
    ['an unknown set', 'Smith^Anna', 'Smith^Anna'],
  ])('is decoded from %j', (characterSet, bytes, expected) => {
    expect(named(characterSet, bytes).text(0x0010_0010)).toBe(expected);
  });

  it('is trimmed of its padding, split at backslashes, or left whole', () => {
    const dataSet = readDicomAttributes(
      writeDicom([
        [0x0008_0008, 'CS', ' ORIGINAL \\PRIMARY '],
        [0x0008_103e, 'LO', 'one\\two'],
      ]),
    );
    expect(dataSet.texts(0x0008_0008)).toEqual(['ORIGINAL', 'PRIMARY']);
    expect(dataSet.wholeText(0x0008_103e)).toBe('one\\two');
  });
});
