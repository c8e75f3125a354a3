import { describe, expect, it } from 'vitest';
import { detectFormat } from './detect-format.js';
import { writeDicom } from './testing/dicom-writer.js';

const text = (content: string): Uint8Array => Uint8Array.from(Buffer.from(content));
const elements = [
  [0x0008_0016, 'UI', '1.2.840.10008.5.1.4.1.1.1.1'],
  [0x0008_0060, 'CS', 'DX'],
] as const;

describe('detectFormat', () => {
  it.each([
    ['png', Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)],
    ['jpeg', Uint8Array.of(0xff, 0xd8, 0xff, 0xe0)],
    ['tiff', Uint8Array.of(0x49, 0x49, 0x2a, 0)],
    ['tiff', Uint8Array.of(0x4d, 0x4d, 0, 0x2a)],
    ['tiff', Uint8Array.of(0x49, 0x49, 0x2b, 0)],
    ['zip', Uint8Array.of(0x50, 0x4b, 3, 4)],
    ['dicom', writeDicom(elements)],
  ])('knows %s by its first bytes', (format, bytes) => {
    expect(detectFormat(bytes)).toBe(format);
  });

  it.each([
    ['explicit', {}],
    ['implicit', { explicit: false }],
    ['big endian', { littleEndian: false }],
  ])('knows DICOM without preamble and meta group: %s', (_, options) => {
    expect(detectFormat(writeDicom(elements, { ...options, preamble: false, meta: false }))).toBe('dicom');
  });

  it('takes a DICOM file for DICOM even when its preamble is that of a TIFF (PS3.10 7.1)', () => {
    const bytes = writeDicom(elements);
    bytes.set([0x49, 0x49, 0x2a, 0]);
    expect(detectFormat(bytes)).toBe('dicom');
  });

  it.each([
    ['nothing', new Uint8Array(0)],
    ['one byte', Uint8Array.of(8)],
    ['zeros', new Uint8Array(1024)],
    ['text', text('The wrist of a patient, age 8\n'.repeat(40))],
    ['JSON', text('{"a": 1}')],
    ['a table', text('image,group\n1,2\n')],
    ['PDF', text('%PDF-1.7')],
    ['gzip', Uint8Array.of(0x1f, 0x8b, 8, 8, 0, 0, 0, 0, 0, 0, 0, 0)],
    ['NIfTI', Uint8Array.of(0x5c, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)],
    ['a Windows thumbnail cache', Uint8Array.of(0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1)],
    ['small numbers', Uint8Array.from({ length: 1024 }, (_, index) => (index % 4 === 0 ? 8 : 0))],
  ])('takes no %s for an image', (_, bytes) => {
    expect(detectFormat(bytes)).toBeNull();
  });
});
