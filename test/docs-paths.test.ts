import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../', import.meta.url));

async function pages(): Promise<string[]> {
  const docs = await readdir(path.join(root, 'docs'), { recursive: true });
  const found = docs.filter((name) => name.endsWith('.md')).map((name) => path.join('docs', name));
  return ['README.md', 'examples/README.md', 'training/README.md', 'training/EXPERIMENTS.md', ...found];
}

/** Targets of the links of a page that lead into the repository, anchors left out. */
function links(text: string): string[] {
  const targets = Array.from(text.matchAll(/\]\(([^)\s#]+)(?:#[^)]*)?\)/g), ([, target = '']) => target);
  return targets.filter((target) => !/^[a-z]+:/.test(target));
}

/** Files that a reader is told to open or to pass to a command: those of the folders that hold no results. */
function mentions(text: string): string[] {
  const found = text.matchAll(/(?<![\w./-])((?:examples|docs|src|tools|test|bin)\/[\w./-]*\w)/g);
  return Array.from(found, ([, file = '']) => file);
}

describe.each(await pages())('%s', (page) => {
  it('links and points only to what is there', async () => {
    const text = await readFile(path.join(root, page), 'utf8');
    const lost = [
      ...links(text).filter((target) => !existsSync(path.join(root, path.dirname(page), target))),
      ...mentions(text).filter((file) => {
        return !existsSync(path.join(root, file)) && !existsSync(path.join(root, path.dirname(page), file));
      }),
    ];
    expect(lost).toEqual([]);
  });
});
