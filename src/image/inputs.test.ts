import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decodeImage } from './decode.js';
import { tag } from './dicom/tags.js';
import type { FoundInput, InputItem, InputOptions } from './input/input-item.js';
import { findInputs } from './inputs.js';
import { imageElements, type TestElement, writeDicom } from './testing/dicom-writer.js';
import { writeZip, type ZipEntry } from './testing/zip-writer.js';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'lucency-inputs-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const png = await sharp(new Uint8Array(64), { raw: { width: 8, height: 8, channels: 1 } })
  .png()
  .toBuffer();
const dicom = writeDicom(imageElements({ width: 4, height: 4, pixels: new Uint16Array(16) }));
const headless = writeDicom(
  imageElements({
    width: 4,
    height: 4,
    pixels: new Uint16Array(16),
    more: [
      [tag.Modality, 'CS', 'DX'],
      [tag.StudyInstanceUid, 'UI', '1.2'],
    ],
  }),
  { preamble: false, meta: false },
);

function put(name: string, content: Uint8Array | string): string {
  const file = path.join(folder, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, content);
  return file;
}

async function find(paths: string[], options?: InputOptions): Promise<InputItem[]> {
  const items: InputItem[] = [];
  for await (const item of findInputs(paths, options)) items.push(item);
  return items;
}

/** Items in short: the path below the test's folder, and the code of an error. */
async function summary(paths: string[], options?: InputOptions): Promise<string[]> {
  const items = await find(paths, options);
  return items.map((item) => {
    const name = path.relative(folder, item.input);
    return 'error' in item ? `${name} ${item.error.code}` : name;
  });
}

function found(items: InputItem[]): FoundInput[] {
  return items.flatMap((item) => ('error' in item ? [] : [item]));
}

describe('files', () => {
  it('are found by content, not by name, and read whole', async () => {
    const files = [put('image.txt', png), put('IM0001', dicom), put('raw', headless)];
    const items = found(await find(files));
    expect(items.map(({ input, size }) => [input, size])).toEqual([
      [files[0], png.length],
      [files[1], dicom.length],
      [files[2], headless.length],
    ]);
    for (const item of items) expect(await decodeImage(await item.read())).toHaveLength(1);
  });

  it('of pictures are studies of their own, or those of a folder on request; DICOM states its own', async () => {
    const paths = [put('patient/left.png', png), put('patient/right', dicom)];
    const items = found(await find(paths));
    expect(items.map(({ study }) => study)).toEqual([path.join(folder, 'patient/left.png'), null]);
    const together = found(await find(paths, { folderStudies: true }));
    expect(together.map(({ study }) => study)).toEqual([path.join(folder, 'patient'), null]);
  });

  it('that are named but are not there, empty or no image are told', async () => {
    const paths = [
      path.join(folder, 'missing.dcm'),
      put('empty.dcm', ''),
      put('notes.txt', 'some notes'),
      put('x/y', png),
    ];
    expect(await summary(paths)).toEqual([
      'missing.dcm LUC_IMAGE_NOT_FOUND',
      'empty.dcm LUC_IMAGE_EMPTY',
      'notes.txt LUC_IMAGE_UNKNOWN_FORMAT',
      'x/y',
    ]);
  });

  it('that may not be read, or that are too large, are told', async () => {
    const locked = put('locked.png', png);
    chmodSync(locked, 0);
    // The superuser may read everything.
    const expected = process.getuid?.() === 0 ? 'locked.png' : 'locked.png LUC_IMAGE_UNREADABLE';
    expect(await summary([locked])).toEqual([expected]);
    expect(await summary([put('large.png', png)], { maxFileBytes: 10 })).toEqual([
      'large.png LUC_IMAGE_FILE_TOO_LARGE',
    ]);
  });

  it('that vanish before they are read fail then', async () => {
    const file = put('image.png', png);
    const [item] = found(await find([file]));
    rmSync(file);
    await expect(item?.read()).rejects.toMatchObject({ code: 'LUC_IMAGE_NOT_FOUND' });
  });
});

describe('folders', () => {
  it('are walked in a fixed order, files before folders, what is no image passed over and counted', async () => {
    for (const name of ['b/2.png', 'b/1.png', 'a/deep/x', 'z.png', 'B/3.png']) put(name, png);
    for (const name of ['README.txt', 'b/Thumbs.db', 'a/table.csv', 'a/.DS_Store']) put(name, 'no image');
    put('a/empty', '');
    const skipped: string[] = [];
    const items = await summary([folder], { onSkipped: (file) => skipped.push(path.relative(folder, file)) });
    expect(items).toEqual(['z.png', 'B/3.png', 'a/deep/x', 'b/1.png', 'b/2.png']);
    expect(skipped.sort()).toEqual(['README.txt', 'a/.DS_Store', 'a/empty', 'a/table.csv', 'b/Thumbs.db']);
  });

  it('keep the way that their path was given', async () => {
    put('images/1.png', png);
    const given = `${path.relative(process.cwd(), folder)}/images`;
    const [item] = await find([given]);
    expect(item?.input).toBe(path.join(given, '1.png'));
  });

  it('report files that claim to be an image and are not', async () => {
    put('a.dcm', 'a failed export');
    put('b.png', '');
    put('c.png', png);
    expect(await summary([folder])).toEqual([
      'a.dcm LUC_IMAGE_UNKNOWN_FORMAT',
      'b.png LUC_IMAGE_EMPTY',
      'c.png',
    ]);
  });

  it('that link to themselves end', async () => {
    put('a/1.png', png);
    symlinkSync(folder, path.join(folder, 'a', 'loop'));
    symlinkSync(path.join(folder, 'a'), path.join(folder, 'again'));
    symlinkSync(path.join(folder, 'nowhere'), path.join(folder, 'dangling.png'));
    expect(await summary([folder])).toEqual(['dangling.png LUC_IMAGE_NOT_FOUND', 'a/1.png']);
  });

  it('without images say so', async () => {
    put('a/README.txt', 'nothing here');
    expect(await summary([folder])).toEqual([' LUC_IMAGE_FOLDER_EMPTY']);
  });
});

describe('zip archives', () => {
  const zip = (name: string, entries: ZipEntry[]): string => put(name, writeZip(entries));

  it('hold an image for each member, also when several have one name', async () => {
    const other = Buffer.concat([png, Buffer.from('another')]);
    const archive = zip('twice.zip', [
      { name: 'a.png', content: png },
      { name: 'a.png', content: other },
      { name: 'a.png (member 2)', content: other },
      { name: 'a.png', content: png },
    ]);
    const read: [string, number][] = [];
    for await (const item of findInputs([archive])) {
      if ('error' in item) throw item.error;
      read.push([path.basename(item.input), (await item.read()).length]);
    }
    const names = read.map(([name]) => name);
    expect(new Set(names).size).toBe(4);
    expect(names.slice(0, 2)).toEqual(['a.png', 'a.png (member 2)']);
    expect(read.map(([, size]) => size)).toEqual([png.length, other.length, other.length, png.length]);
  });

  it('are searched without unpacking to disk, and their members read later in any order', async () => {
    const archive = zip('study.zip', [
      { name: 'wrist/', content: new Uint8Array(0), method: 0 },
      { name: 'wrist/1.png', content: png },
      { name: 'wrist\\2.png', content: png, method: 0 },
      { name: 'DICOM/Ünïcode', content: dicom },
      { name: 'notes.txt', content: Buffer.from('notes') },
      { name: '__MACOSX/._1.png.txt', content: Buffer.from([0, 5, 22, 7]) },
    ]);
    const skipped: string[] = [];
    const items = found(await find([archive], { onSkipped: (member) => skipped.push(member) }));
    expect(items.map(({ input, study }) => [input, study])).toEqual([
      [`${archive}/wrist/1.png`, `${archive}/wrist/1.png`],
      [`${archive}/wrist/2.png`, `${archive}/wrist/2.png`],
      [`${archive}/DICOM/Ünïcode`, null],
    ]);
    expect(skipped).toEqual([`${archive}/notes.txt`, `${archive}/__MACOSX/._1.png.txt`]);
    const together = found(await find([archive], { folderStudies: true }));
    expect(together.map(({ study }) => study)).toEqual([`${archive}/wrist`, `${archive}/wrist`, null]);
    for (const item of items.reverse()) expect(await decodeImage(await item.read())).toHaveLength(1);
  });

  it('are opened in folders, too, and passed over there when they hold no image', async () => {
    zip('a.zip', [{ name: '1.png', content: png }]);
    zip('letter.docx', [{ name: 'word/document.xml', content: Buffer.from('<xml/>') }]);
    expect(await summary([folder])).toEqual(['a.zip/1.png']);
    expect(await summary([path.join(folder, 'letter.docx')])).toEqual(['letter.docx LUC_ARCHIVE_NO_IMAGES']);
  });

  it.each(['../../evil.png', '/etc/evil.png', 'C:\\evil.png', 'a/../../b.png'])(
    'with a member that points outside report it and read the rest: %s',
    async (name) => {
      const archive = zip('a.zip', [
        { name, content: png },
        { name: 'good.png', content: png },
      ]);
      const items = await find([archive]);
      expect(items.map((item) => ('error' in item ? item.error.code : item.input))).toEqual([
        'LUC_ARCHIVE_TRAVERSAL',
        `${archive}/good.png`,
      ]);
    },
  );

  it('with links, passwords, other methods or archives inside report them and read the rest', async () => {
    const archive = zip('a.zip', [
      { name: 'link.png', content: Buffer.from('/etc/passwd'), mode: 0o120777 },
      { name: 'secret.png', content: png, encrypted: true },
      { name: 'modern.png', content: png, method: 93 },
      { name: 'inner.zip', content: writeZip([{ name: '1.png', content: png }]) },
      { name: 'good.png', content: png },
    ]);
    expect(await summary([archive])).toEqual([
      'a.zip/link.png LUC_ARCHIVE_SYMLINK',
      'a.zip/secret.png LUC_ARCHIVE_ENCRYPTED',
      'a.zip/modern.png LUC_ARCHIVE_UNSUPPORTED_METHOD',
      'a.zip/inner.zip LUC_ARCHIVE_NESTED',
      'a.zip/good.png',
    ]);
  });

  it('that are bombs are refused: by ratio, size, number, total and overlap', async () => {
    const blank = Buffer.concat([png, Buffer.alloc(70 * 1024 * 1024)]);
    const ratio = zip('ratio.zip', [{ name: '1.png', content: blank }]);
    expect(await summary([ratio])).toEqual(['ratio.zip/1.png LUC_ARCHIVE_BOMB']);
    const three = [1, 2, 3].map((n) => ({ name: `${n}.png`, content: png }));
    const archive = zip('three.zip', three);
    expect(await summary([archive], { maxFileBytes: 10 })).toEqual(
      three.map(({ name }) => `three.zip/${name} LUC_IMAGE_FILE_TOO_LARGE`),
    );
    const bombed = ['three.zip/1.png', 'three.zip/2.png', 'three.zip LUC_ARCHIVE_BOMB'];
    expect(await summary([archive], { maxArchiveMembers: 2 })).toEqual(bombed);
    expect(await summary([archive], { maxArchiveBytes: 2 * png.length })).toEqual(bombed);
    const overlapping = writeOverlapping(png);
    expect((await summary([put('overlap.zip', overlapping)])).at(-1)).toBe('overlap.zip LUC_ARCHIVE_BOMB');
  });

  it('that are damaged say so, before or when a member is read', async () => {
    const whole = writeZip([{ name: '1.png', content: png, method: 0 }]);
    expect(await summary([put('cut.zip', whole.subarray(0, whole.length - 30))])).toEqual([
      'cut.zip LUC_ARCHIVE_CORRUPT',
    ]);
    const wrongSum = zip('sum.zip', [{ name: '1.png', content: png, claim: { crc: 1 } }]);
    const [item] = found(await find([wrongSum]));
    await expect(item?.read()).rejects.toMatchObject({ code: 'LUC_ARCHIVE_CORRUPT' });
    const wrongSize = zip('size.zip', [{ name: '1.png', content: png, claim: { size: png.length + 5 } }]);
    expect(await summary([wrongSize])).toEqual(['size.zip/1.png LUC_ARCHIVE_CORRUPT']);
  });
});

/** An archive whose directory lists the same packed bytes many times. */
function writeOverlapping(content: Uint8Array): Buffer {
  const entries = Array.from({ length: 4 }, (_, n): ZipEntry => ({ name: `${n}.png`, content, method: 0 }));
  const [first] = entries;
  if (!first) throw new Error('no entry');
  const single = writeZip([first]);
  const listed = writeZip(entries.map((entry) => ({ ...entry, claim: { offset: 0 } })));
  const directorySize = listed.readUInt32LE(listed.length - 10);
  const local = single.subarray(0, single.readUInt32LE(single.length - 6));
  const directory = listed.subarray(listed.length - 22 - directorySize, listed.length - 22);
  const end = Buffer.from(listed.subarray(listed.length - 22));
  end.writeUInt32LE(local.length, 16);
  return Buffer.concat([local, directory, end]);
}

describe('DICOMDIR', () => {
  const record = (...parts: string[]): TestElement[] => [
    [tag.RecordInUseFlag, 'US', [0xffff]],
    [0x0004_1430, 'CS', 'IMAGE'],
    [tag.ReferencedFileId, 'CS', parts.join('\\')],
  ];
  const directory = (...records: TestElement[][]): Uint8Array => {
    const bytes = writeDicom([[tag.DirectoryRecordSequence, 'SQ', records]]);
    const stored = Buffer.from(bytes);
    // The meta group of the test writer names another class of the same length in bytes or longer.
    const at = stored.indexOf('1.2.840.10008.5.1.4.1.1.1.1');
    stored.fill(0, at, at + 27);
    stored.write('1.2.840.10008.1.3.10', at);
    return stored;
  };
  const patient: TestElement[] = [
    [tag.RecordInUseFlag, 'US', [0xffff]],
    [0x0004_1430, 'CS', 'PATIENT'],
  ];

  it('gives the files that it lists, in its order, whatever their case', async () => {
    put('MEDIUM/IMAGES/IM2', dicom);
    put('MEDIUM/images2/im1', dicom);
    put('MEDIUM/NOT_LISTED', dicom);
    const file = put(
      'MEDIUM/DICOMDIR',
      directory(patient, record('IMAGES', 'IM2'), record('IMAGES2', 'IM1')),
    );
    expect(await summary([file])).toEqual(['MEDIUM/IMAGES/IM2', 'MEDIUM/images2/im1']);
  });

  it('names what is missing, and never leaves its folder', async () => {
    put('secret', dicom);
    put('MEDIUM/IM1', dicom);
    symlinkSync(path.join(folder, 'secret'), path.join(folder, 'MEDIUM', 'LINK'));
    const records = [
      record('IM1'),
      record('IM2'),
      record('..', 'secret'),
      record('/etc/passwd'),
      record('LINK'),
    ];
    const file = put('MEDIUM/DICOMDIR', directory(...records));
    expect(await summary([file])).toEqual([
      'MEDIUM/IM1',
      'MEDIUM/IM2 LUC_DICOM_DIRECTORY_MISSING_FILE',
      'MEDIUM/DICOMDIR LUC_DICOM_DIRECTORY_TRAVERSAL',
      'MEDIUM/DICOMDIR LUC_DICOM_DIRECTORY_TRAVERSAL',
      'MEDIUM/DICOMDIR LUC_DICOM_DIRECTORY_TRAVERSAL',
    ]);
  });

  it('in a folder that is walked adds only what is missing', async () => {
    put('IM1', dicom);
    put('DICOMDIR', directory(record('IM1'), record('IM2')));
    expect(await summary([folder])).toEqual(['IM2 LUC_DICOM_DIRECTORY_MISSING_FILE', 'IM1']);
  });

  it('that lists nothing, or is given as an image, says so', async () => {
    const file = put('DICOMDIR', directory(patient));
    expect(await summary([file])).toEqual(['DICOMDIR LUC_DICOM_DIRECTORY_EMPTY']);
    await expect(decodeImage(directory(patient))).rejects.toMatchObject({ code: 'LUC_DICOM_DIRECTORY' });
  });
});
