import { readdir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { fileError } from './file-input.js';
import type { FailedInput } from './input-item.js';

export type FolderEntry = { readonly file: string } | FailedInput;

interface Listed {
  readonly folders: string[];
  readonly files: string[];
}

async function list(folder: string): Promise<Listed> {
  const entries = await readdir(folder, { withFileTypes: true });
  const folders: string[] = [];
  const files: string[] = [];
  for (const entry of entries) {
    const full = path.join(folder, entry.name);
    // A dangling link counts as a file: reading it then says that it is not there.
    const kind = entry.isSymbolicLink() ? await stat(full).catch(() => entry) : entry;
    (kind.isDirectory() ? folders : files).push(full);
  }
  return { folders: folders.sort(), files: files.sort() };
}

/**
 * All files in a folder and below it, each folder's files before its subfolders, both in the order of their names'
 * code units, so that every run sees the same order. Links are followed, but no folder is entered twice.
 */
export async function* walkFolder(root: string, seen: Set<string> = new Set()): AsyncGenerator<FolderEntry> {
  let listed: Listed;
  try {
    const real = await realpath(root);
    if (seen.has(real)) return;
    seen.add(real);
    listed = await list(root);
  } catch (error) {
    yield { input: root, error: fileError(error, root) };
    return;
  }
  for (const file of listed.files) yield { file };
  for (const folder of listed.folders) yield* walkFolder(folder, seen);
}
