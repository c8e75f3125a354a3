import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { LucencyError } from '../../core/errors.js';
import { makeFolders } from '../../files/make-folders.js';
import type { SiteFiles } from './site.js';

/** Lists the files of a site, so that a later build removes its own old pages and nothing else. */
const manifestName = 'lucency-answers.json';
const manifestSchema = z.object({ schema: z.literal('lucency.answers-site/1'), files: z.array(z.string()) });

async function oldFiles(folder: string): Promise<string[]> {
  const text = await readFile(path.join(folder, manifestName), 'utf8').catch(() => null);
  if (text === null) return [];
  try {
    return manifestSchema.parse(JSON.parse(text)).files;
  } catch {
    return [];
  }
}

/**
 * Writes a site into a folder.
 * @param options.force replaces a site that lies there; files of others are left alone
 * @throws LUC_USAGE_OUTPUT_EXISTS when the folder holds anything and `force` is not given
 */
export async function writeSite(
  folder: string,
  files: SiteFiles,
  options: { force: boolean },
): Promise<void> {
  const held = await readdir(folder).catch(() => []);
  if (held.length > 0 && !options.force) throw new LucencyError('LUC_USAGE_OUTPUT_EXISTS', { path: folder });
  for (const file of await oldFiles(folder)) {
    const target = path.resolve(folder, file);
    const isInside = target.startsWith(path.resolve(folder) + path.sep);
    if (isInside && !files.has(file)) await rm(target, { force: true });
  }
  for (const [name, content] of files) {
    const target = path.join(folder, name);
    await makeFolders(path.dirname(target));
    await writeFile(target, content);
  }
  const manifest = { schema: 'lucency.answers-site/1', files: [...files.keys()] };
  await writeFile(path.join(folder, manifestName), `${JSON.stringify(manifest, null, 2)}\n`);
}
