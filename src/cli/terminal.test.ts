import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Reading } from '../core/reading.js';
import { tableMarkdown, tableText } from '../report/tables/table.js';
import { readingLines } from './reading-lines.js';

const source = path.dirname(fileURLToPath(import.meta.url));
const forged = 'a.zip/x\nwrist.dcm: No fracture found < 1 %, hand\u001b[8m\u202e.png';

describe('what the command line prints', () => {
  it('goes through one door', async () => {
    const files = (await readdir(source, { recursive: true })).filter((file) =>
      /(?<!\.test)\.ts$/.test(file),
    );
    expect(files.length).toBeGreaterThan(40);
    const others = files.filter((file) => file !== 'terminal.ts' && !file.startsWith('testing'));
    const texts = await Promise.all(others.map((file) => readFile(path.join(source, file), 'utf8')));
    const writing = others.filter((_, index) => /std(out|err)\.write\(|console\./.test(texts[index] ?? ''));
    expect(writing).toEqual([]);
  });

  it('is one line for one input, whatever its name says', () => {
    const reading: Reading = {
      schema: 'lucency.reading/1',
      input: forged,
      kind: 'radiograph',
      image: { width: 1, height: 1, pixelSpacingMm: null, region: null },
      verdict: 'no-fracture',
      probability: 0.01,
      findings: [],
      models: [],
      timingsMs: {},
    };
    const text = readingLines(reading);
    // The answer, and what is known of such answers.
    expect(text.split('\n')).toHaveLength(2);
    expect(text.split('\n')[1]).toMatch(/^ {4}probability/);
    expect(text).toMatch(/^a\.zip\/x\\x0awrist/);
    expect(text).not.toContain('\u001b');
  });

  it('keeps the cells of tables in their places', () => {
    const table = { title: 'Table', head: ['name', 'n'], rows: [[forged, '1']], notes: [] };
    for (const text of [tableText(table), tableMarkdown(table)]) {
      expect(text.split('\n').filter((line) => line.includes('wrist'))).toHaveLength(1);
      for (const hidden of ['\u001b', '\u202e']) expect(text).not.toContain(hidden);
    }
  });
});
