import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { docsPages } from './docs-pages.js';

describe('generated pages of docs/', () => {
  it.each(Object.entries(docsPages()))('%s is up to date (npm run docs)', async (file, page) => {
    expect(await readFile(new URL(`../../docs/${file}`, import.meta.url), 'utf8')).toBe(page);
  });
});
