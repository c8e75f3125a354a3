import { lstat } from 'node:fs/promises';
import path from 'node:path';
import { LucencyError } from '../../core/errors.js';
import { makeFolders } from '../../files/make-folders.js';
import { onOutput, writeWhole } from '../../files/output-file.js';

/** Files of a result by name; no folders. */
export type ResultFiles = Readonly<Record<string, string | Uint8Array>>;

async function exists(file: string): Promise<boolean> {
  return lstat(file).then(
    () => true,
    () => false,
  );
}

/**
 * Writes the files of a result into a folder, which is made if it is missing. Nothing is overwritten unless `force`;
 * other files in the folder are left alone.
 *
 * @throws LUC_USAGE_OUTPUT_EXISTS, LUC_OUTPUT_*
 */
export async function writeResultFolder(folder: string, files: ResultFiles, force: boolean): Promise<void> {
  await onOutput(folder, () => makeFolders(folder));
  for (const name of Object.keys(files)) {
    const file = path.join(folder, name);
    if (!force && (await exists(file))) throw new LucencyError('LUC_USAGE_OUTPUT_EXISTS', { path: file });
  }
  for (const [name, content] of Object.entries(files)) await writeWhole(path.join(folder, name), content);
}
