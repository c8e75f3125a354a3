// Writes the generated pages of docs/.
import { writeFile } from 'node:fs/promises';
import { buildIfStale } from './build.mjs';

await buildIfStale();
const { docsPages } = await import('../dist/cli/docs-pages.js');
for (const [file, page] of Object.entries(docsPages())) {
  await writeFile(new URL(`../docs/${file}`, import.meta.url), page);
}
