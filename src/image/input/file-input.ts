import { open, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { LucencyError } from '../../core/errors.js';
import { detectionBytes, type FileFormat } from '../detect-format.js';
import { type FoundInput, type InputLimits, studyOf } from './input-item.js';

/** Turns an error of the file system into LUC_IMAGE_NOT_FOUND or LUC_IMAGE_UNREADABLE; passes LucencyErrors on. */
export function fileError(error: unknown, name: string): LucencyError {
  if (error instanceof LucencyError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new LucencyError('LUC_IMAGE_NOT_FOUND', { path: name }, { cause: error });
  }
  // "EACCES: permission denied, open '/path'": the path is named already.
  const reason = (error instanceof Error ? error.message : String(error)).split(',')[0] ?? code;
  return new LucencyError('LUC_IMAGE_UNREADABLE', { path: name, reason }, { cause: error });
}

/**
 * First bytes of a file, enough for `detectFormat`, and its size.
 * @throws LUC_IMAGE_UNREADABLE (also for devices, sockets and pipes, which could block for ever), LUC_IMAGE_NOT_FOUND
 */
export async function readHead(file: string): Promise<{ head: Uint8Array; size: number }> {
  try {
    const info = await stat(file);
    if (!info.isFile()) {
      throw new LucencyError('LUC_IMAGE_UNREADABLE', { path: file, reason: 'it is not a regular file' });
    }
    const handle = await open(file, 'r');
    try {
      const head = new Uint8Array(Math.min(detectionBytes, info.size));
      const { bytesRead } = await handle.read(head, 0, head.length, 0);
      return { head: head.subarray(0, bytesRead), size: info.size };
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw fileError(error, file);
  }
}

async function readStart(file: string, limit: number): Promise<Uint8Array> {
  const handle = await open(file, 'r').catch((error: unknown) => {
    throw fileError(error, file);
  });
  try {
    const start = new Uint8Array(limit);
    const { bytesRead } = await handle.read(start, 0, limit, 0);
    return start.subarray(0, bytesRead);
  } catch (error) {
    throw fileError(error, file);
  } finally {
    await handle.close();
  }
}

/** @throws LUC_IMAGE_UNREADABLE, LUC_IMAGE_NOT_FOUND */
export async function readWhole(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (error) {
    throw fileError(error, file);
  }
}

export function fileInput(
  file: string,
  size: number,
  format: FileFormat,
  limits: Pick<InputLimits, 'folderStudies'>,
): FoundInput {
  return {
    input: file,
    study: studyOf(file, path.dirname(file), format, limits),
    format,
    size,
    read: () => readWhole(file),
    readStart: (limit) => readStart(file, limit),
  };
}
