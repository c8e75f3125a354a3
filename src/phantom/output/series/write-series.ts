import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { LucencyError } from '../../../core/errors.js';
import { makeFolders } from '../../../files/make-folders.js';
import type { SeriesFile } from './series-options.js';

/**
 * Writes the files of one series into a folder, one after another, so that only one slice is in memory.
 * @throws LUC_PHANTOM_WRITE
 */
export async function writeSeries(
  folder: string,
  files: Iterable<SeriesFile>,
  signal?: AbortSignal,
): Promise<number> {
  let written = 0;
  let target = folder;
  try {
    await makeFolders(folder);
    for (const { fileName, bytes } of files) {
      if (signal?.aborted) break;
      target = path.join(folder, fileName);
      await writeFile(target, bytes);
      written += 1;
    }
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new LucencyError('LUC_PHANTOM_WRITE', { path: target, reason }, { cause });
  }
  return written;
}
