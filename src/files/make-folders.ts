import { mkdir, stat } from 'node:fs/promises';
import path from 'node:path';

/**
 * Makes a folder and those above it. Node's own recursive `mkdir` never ends below folders in which nothing can be made
 * and which say ENOENT to that, such as /proc.
 *
 * @returns the first folder that was made, so that a caller can undo it; undefined where all were there
 * @throws the error of the system: ENOENT, EACCES, ENOTDIR, EEXIST (a file is in the way), EROFS
 */
export async function makeFolders(folder: string): Promise<string | undefined> {
  const missing: string[] = [];
  let at = path.resolve(folder);
  for (;;) {
    const there = await stat(at).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null;
      throw error;
    });
    if (there?.isDirectory()) break;
    // `mkdir` names the error where a file is in the way.
    missing.unshift(at);
    if (there !== null || path.dirname(at) === at) break;
    at = path.dirname(at);
  }
  let first: string | undefined;
  for (const next of missing) {
    try {
      await mkdir(next);
      first ??= next;
    } catch (error) {
      // Another process may have made it meanwhile.
      const there = await stat(next).catch(() => null);
      if (!there?.isDirectory()) throw error;
    }
  }
  return first;
}
