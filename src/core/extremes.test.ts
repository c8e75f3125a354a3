import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { largest, smallest } from './extremes.js';

describe('extremes', () => {
  it('are those of Math, of any number of values', () => {
    const values = [3, -1, 7.5, 2];
    expect([largest(values), smallest(values)]).toEqual([Math.max(...values), Math.min(...values)]);
    expect([largest([]), smallest([]), largest([], 0), smallest([4], 2)]).toEqual([
      -Infinity,
      Infinity,
      0,
      2,
    ]);
    expect([largest([1, Number.NaN]), smallest([Number.NaN])]).toEqual([Number.NaN, Number.NaN]);
    const many = new Float64Array(2_000_000).fill(1);
    expect([largest(many), smallest(many)]).toEqual([1, 1]);
  });

  it('are taken so everywhere: no list of unknown length is spread into a call', async () => {
    const source = fileURLToPath(new URL('../', import.meta.url));
    const files = (await readdir(source, { recursive: true })).filter(
      (file) => /(?<!\.test)\.ts$/.test(file) && !file.includes('testing'),
    );
    expect(files.length).toBeGreaterThan(500);
    const spreading: string[] = [];
    for (const file of files) {
      const text = await readFile(path.join(source, file), 'utf8');
      if (/(Math\.(max|min)|\.push|\.unshift)\(\s*\.\.\./.test(text)) spreading.push(file);
    }
    expect(spreading).toEqual([]);
  });
});
