import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cellNumber, numberOf, parseCsv, readCsv } from './csv-table.js';
import { matchIds } from './read/match-ids.js';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lucency-csv-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const numbersOf = (text: string) => {
  const table = parseCsv(text, 't.csv');
  return table.rows.map((row) => [row.cells.image, cellNumber(table, row, 'score')]);
};
const expected = [
  ['a', 0.5],
  ['b', 0.25],
];

describe('tables as colleagues have them', () => {
  it.each([
    ['commas and LF', 'image,score\na,0.5\nb,0.25\n'],
    ['CR LF', 'image,score\r\na,0.5\r\nb,0.25\r\n'],
    ['CR only', 'image,score\ra,0.5\rb,0.25\r'],
    ['tabs', 'image\tscore\na\t0.5\nb\t0.25\n'],
    ['semicolons and decimal commas', 'image;score\na;0,5\nb;0,25\n'],
    ['the separator that a spreadsheet states', 'sep=;\r\nimage;score\r\na;0.5\r\nb;0.25\r\n'],
    ['tabs and decimal commas', 'image\tscore\na\t0,5\nb\t2,5e-1\n'],
  ])('reads %s', (_, text) => {
    expect(numbersOf(text)).toEqual(expected);
  });

  it.each([
    ['utf16le', Buffer.from([0xff, 0xfe])],
    ['utf8', Buffer.from([0xef, 0xbb, 0xbf])],
  ] as const)('reads %s with its byte order mark', async (encoding, mark) => {
    const file = path.join(folder, `${encoding}.csv`);
    await writeFile(file, Buffer.concat([mark, Buffer.from('image,score\nä,0.5\n', encoding)]));
    expect((await readCsv(file)).rows[0]?.cells).toEqual({ image: 'ä', score: '0.5' });
  });

  it('reads UTF-16 of the other byte order', async () => {
    const file = path.join(folder, 'utf16be.csv');
    await writeFile(file, Buffer.from('\ufeffimage,score\nä,0.5\n', 'utf16le').swap16());
    expect((await readCsv(file)).rows[0]?.cells.image).toBe('ä');
  });

  it('takes nothing for a number that only JavaScript would', () => {
    for (const text of ['0x1', '0b1', 'Infinity', 'NaN', '', '1e', '--1', '1_000'])
      expect(numberOf({ separator: ',' }, text), text).toBeNull();
    expect(numberOf({ separator: ',' }, '0,5')).toBeNull();
    expect(numberOf({ separator: ';' }, '-0,5')).toBe(-0.5);
    expect(numberOf({ separator: ',' }, '+.5E-1')).toBe(0.05);
  });
});

describe('ids of truth and predictions', () => {
  it('are not cut where no known extension ends them', () => {
    const found = matchIds(['1.2.840.1.1'], ['1.2.840.1.2']);
    expect([...found.predictionOf]).toEqual([-1]);
    expect(found.strangers).toEqual(['1.2.840.1.2']);
  });

  it('match a picture with the DICOM file or the volume that it was made of', () => {
    const found = matchIds(['x/hand.12.dcm', 'scan.nii.gz'], ['hand.12.png', 'y/scan.nii']);
    expect([...found.predictionOf]).toEqual([0, 1]);
    expect(found.byNameWithoutExtension).toBe(2);
  });
});
