import { existsSync } from 'node:fs';
import { appendFile, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type JsonLine, JsonLinesFile, readJsonLines } from './json-lines.js';

describe('JSON Lines file', () => {
  let folder = '';
  let file = '';

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'lucency-lines-'));
    file = path.join(folder, 'lines.jsonl');
  });
  afterEach(() => rm(folder, { recursive: true }));

  async function lines(): Promise<JsonLine[]> {
    const all: JsonLine[] = [];
    for await (const line of readJsonLines(file)) all.push(line);
    return all;
  }

  it('keeps the order of calls that overlap', async () => {
    const opened = await JsonLinesFile.open(file);
    await Promise.all(Array.from({ length: 50 }, (_, index) => opened.append({ index })));
    await opened.close();
    expect((await lines()).map(({ text }) => JSON.parse(text).index)).toEqual([...Array(50).keys()]);
  });

  it('cuts off a torn last line and goes on after it', async () => {
    for (const torn of ['{"half":', '{"half":"ü'.repeat(20_000), '{"whole":1}']) {
      await writeFile(file, '{"a":1}\n{"b":2}\n');
      await appendFile(file, torn);
      const opened = await JsonLinesFile.open(file);
      await opened.append({ c: 3 });
      await opened.close();
      expect(await readFile(file, 'utf8')).toBe('{"a":1}\n{"b":2}\n{"c":3}\n');
    }
  });

  it('empties a file that is one torn line', async () => {
    await writeFile(file, '{"half":');
    await (await JsonLinesFile.open(file)).close();
    expect(await readFile(file, 'utf8')).toBe('');
  });

  it('tells where each line stands in bytes, across blocks', async () => {
    const values = Array.from({ length: 400 }, (_, index) => ({ index, text: 'é'.repeat(index * 3) }));
    await writeFile(file, values.map((value) => `${JSON.stringify(value)}\n`).join(''));
    const bytes = await readFile(file);
    const read = await lines();
    expect(read).toHaveLength(400);
    for (const { offset, length, text, line } of read) {
      expect(bytes.toString('utf8', offset, offset + length)).toBe(text);
      expect(JSON.parse(text)).toEqual(values[line - 1]);
    }
  });

  it('never follows a link', async () => {
    const outside = path.join(folder, 'outside.txt');
    await writeFile(outside, 'precious\n');
    await symlink(outside, file);
    await expect(JsonLinesFile.open(file)).rejects.toMatchObject({ code: 'LUC_OUTPUT_LINK' });
    expect(await readFile(outside, 'utf8')).toBe('precious\n');
  });

  it.skipIf(!existsSync('/dev/full'))('names a full disk', async () => {
    const full = await JsonLinesFile.open('/dev/full');
    await expect(full.append({ a: 1 })).rejects.toMatchObject({ code: 'LUC_OUTPUT_FULL' });
    await full.close();
  });
});
