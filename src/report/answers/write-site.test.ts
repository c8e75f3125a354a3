import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeSite } from './write-site.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'site-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const first = new Map([
  ['index.html', 'one'],
  ['answers/a.html', 'a'],
]);

describe('writing a site', () => {
  it('writes into an empty folder, or one that is not there yet', async () => {
    await writeSite(path.join(folder, 'new'), first, { force: false });
    expect(readFileSync(path.join(folder, 'new/answers/a.html'), 'utf8')).toBe('a');
  });

  it('refuses a folder that holds anything, unless told to replace', async () => {
    writeFileSync(path.join(folder, 'mine.txt'), 'mine');
    await expect(writeSite(folder, first, { force: false })).rejects.toMatchObject({
      code: 'LUC_USAGE_OUTPUT_EXISTS',
    });
    await writeSite(folder, first, { force: true });
    expect(readFileSync(path.join(folder, 'mine.txt'), 'utf8')).toBe('mine');
  });

  it('removes its own old pages and nothing else', async () => {
    await writeSite(folder, first, { force: false });
    writeFileSync(path.join(folder, 'answers/mine.html'), 'mine');
    await writeSite(folder, new Map([['index.html', 'two']]), { force: true });
    expect(readFileSync(path.join(folder, 'index.html'), 'utf8')).toBe('two');
    expect(existsSync(path.join(folder, 'answers/a.html'))).toBe(false);
    expect(existsSync(path.join(folder, 'answers/mine.html'))).toBe(true);
  });

  it('does not follow a list that points outside the folder', async () => {
    const outside = `${folder}-outside.txt`;
    writeFileSync(outside, 'keep');
    const list = { schema: 'lucency.answers-site/1', files: [`../${path.basename(outside)}`] };
    writeFileSync(path.join(folder, 'lucency-answers.json'), JSON.stringify(list));
    await writeSite(folder, first, { force: true });
    expect(existsSync(outside)).toBe(true);
    rmSync(outside);
  });
});
