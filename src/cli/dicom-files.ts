import { stat } from 'node:fs/promises';
import { fileHeaderOf } from '../dicom/network/store/file-header.js';
import { fileError } from '../image/input/file-input.js';
import { walkFolder } from '../image/input/folder.js';

const mediaDirectory = '1.2.840.10008.1.3.10';

async function isObject(file: string): Promise<boolean> {
  const header = await fileHeaderOf(file).catch(() => null);
  return header !== null && header.sopClassUid !== mediaDirectory;
}

/**
 * The files that are named, and the DICOM objects in the folders that are named and below them.
 * @throws LUC_IMAGE_NOT_FOUND, LUC_IMAGE_UNREADABLE
 */
export async function findDicomFiles(paths: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const path of paths) {
    const info = await stat(path).catch((error: unknown) => {
      throw fileError(error, path);
    });
    if (!info.isDirectory()) {
      found.push(path);
      continue;
    }
    for await (const entry of walkFolder(path)) {
      if ('error' in entry) throw entry.error;
      if (await isObject(entry.file)) found.push(entry.file);
    }
  }
  return found;
}
