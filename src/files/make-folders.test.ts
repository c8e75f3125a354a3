import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { makeFolders } from './make-folders.js';

const work = await mkdtemp(path.join(tmpdir(), 'lucency-folder-'));
afterAll(() => rm(work, { recursive: true, force: true }));

describe('makeFolders', () => {
  it('makes what is missing and says what it made first', async () => {
    expect(await makeFolders(path.join(work, 'a/b/c'))).toBe(path.join(work, 'a'));
    expect(existsSync(path.join(work, 'a/b/c'))).toBe(true);
    expect(await makeFolders(path.join(work, 'a/b/c'))).toBeUndefined();
    expect(await makeFolders(path.join(work, 'a/b/d'))).toBe(path.join(work, 'a/b/d'));
  });

  it('may be asked for the same folder many times at once', async () => {
    const folder = path.join(work, 'at/once/many');
    await Promise.all(Array.from({ length: 20 }, () => makeFolders(folder)));
    expect(existsSync(folder)).toBe(true);
  });

  it('says that a file is in the way', async () => {
    await writeFile(path.join(work, 'file'), '');
    await expect(makeFolders(path.join(work, 'file'))).rejects.toMatchObject({ code: 'EEXIST' });
    await expect(makeFolders(path.join(work, 'file/below'))).rejects.toMatchObject({ code: 'ENOTDIR' });
  });

  it.skipIf(!existsSync('/proc/self'))('ends where the system makes no folders', async () => {
    await expect(makeFolders('/proc/x/y')).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('is the only way in which folders are made', async () => {
    const source = fileURLToPath(new URL('../', import.meta.url));
    const files = (await readdir(source, { recursive: true })).filter(
      (name) => name.endsWith('.ts') && !/\.(test|fixture)\.ts$|testing\//.test(name),
    );
    expect(files.length).toBeGreaterThan(500);
    const texts = await Promise.all(files.map((name) => readFile(path.join(source, name), 'utf8')));
    const recursive = files.filter((_, at) => /mkdir(Sync)?\([^;]*recursive/.test(texts[at] ?? ''));
    expect(recursive).toEqual([]);
  });
});
