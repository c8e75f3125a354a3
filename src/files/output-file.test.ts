import { mkdtemp, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { makeFolder, writeDurably, writeWhole } from './output-file.js';

let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'output-file-'));
});

describe('a file that is written whole', () => {
  it('replaces the one before, and leaves nothing beside it', async () => {
    const file = path.join(folder, 'state.json');
    await writeWhole(file, 'one');
    await writeDurably(file, 'two');
    expect(await readFile(file, 'utf8')).toBe('two');
    expect(await readdir(folder)).toEqual(['state.json']);
  });

  it('that holds state is not for everyone to read', async () => {
    const file = path.join(folder, 'state.json');
    await writeDurably(file, 'mine');
    expect((await stat(file)).mode & 0o007).toBe(0);
  });

  it('is refused through a link, and what the link names stays as it was', async () => {
    const target = path.join(folder, 'elsewhere');
    await writeFile(target, 'kept');
    await symlink(target, path.join(folder, 'state.json.part'));
    const write = writeDurably(path.join(folder, 'state.json'), 'lost');
    await expect(write).rejects.toMatchObject({ code: 'LUC_OUTPUT_LINK' });
    expect(await readFile(target, 'utf8')).toBe('kept');
  });

  it('names the folder that is missing', async () => {
    const write = writeWhole(path.join(folder, 'none', 'state.json'), 'lost');
    await expect(write).rejects.toMatchObject({ code: 'LUC_OUTPUT_UNWRITABLE' });
  });
});

describe('a folder of an output', () => {
  it('is refused where a link or a file stands in its place', async () => {
    await symlink(tmpdir(), path.join(folder, 'pictures'));
    await writeFile(path.join(folder, 'parts'), '');
    await expect(makeFolder(path.join(folder, 'pictures'))).rejects.toMatchObject({
      code: 'LUC_OUTPUT_LINK',
    });
    await expect(makeFolder(path.join(folder, 'parts'))).rejects.toMatchObject({
      code: 'LUC_OUTPUT_UNWRITABLE',
    });
  });
});
