import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, link, lstat, mkdir, open, rename, rm, writeFile } from 'node:fs/promises';
import { LucencyError } from '../../core/errors.js';

/** Never write through a link; the flag is absent on Windows. */
const NO_FOLLOW = constants.O_NOFOLLOW ?? 0;

/** A failure of the file system as a catalogued error. */
export function outputError(path: string, cause: unknown): LucencyError {
  if (cause instanceof LucencyError) return cause;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  if (code === 'ENOSPC' || code === 'EDQUOT') return new LucencyError('LUC_OUTPUT_FULL', { path }, { cause });
  if (code === 'ELOOP') return new LucencyError('LUC_OUTPUT_LINK', { path }, { cause });
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new LucencyError('LUC_OUTPUT_UNWRITABLE', { path, reason }, { cause });
}

/** Runs file work on `path`; what fails is thrown as a catalogued error (LUC_OUTPUT_*). */
export async function onOutput<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw outputError(path, error);
  }
}

/** Opens a file for reading and writing at any place, made if it is missing; a link is refused. */
export function openForUpdate(path: string): Promise<FileHandle> {
  return onOutput(path, () => open(path, constants.O_RDWR | constants.O_CREAT | NO_FOLLOW, 0o644));
}

/** Opens a file for writing from its start, made if it is missing; a link is refused. */
export function openForWriting(path: string): Promise<FileHandle> {
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | NO_FOLLOW;
  return onOutput(path, () => open(path, flags, 0o644));
}

/** Writes a whole file or none of it: beside it first, then renamed over it. */
export async function writeWhole(path: string, content: Uint8Array | string): Promise<void> {
  const aside = `${path}.part`;
  try {
    const file = await openForWriting(aside);
    try {
      await file.writeFile(content);
    } finally {
      await file.close();
    }
    await rename(aside, path);
  } catch (error) {
    await rm(aside, { force: true }).catch(() => undefined);
    throw outputError(path, error);
  }
}

/**
 * Writes a file that is not there yet, whole or not at all.
 * @returns false when there is one of that name; it stays as it is
 * @throws LUC_OUTPUT_UNWRITABLE, LUC_OUTPUT_FULL
 */
export async function writeNew(path: string, content: Uint8Array | string): Promise<boolean> {
  const aside = `${path}.${randomUUID()}.part`;
  try {
    await writeFile(aside, content, { flag: 'wx' });
    // A link, unlike a new name, is not made over a file.
    await link(aside, path);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw outputError(path, error);
  } finally {
    await rm(aside, { force: true }).catch(() => undefined);
  }
}

/** Makes a folder inside the output folder; a link in its place is refused. */
export async function makeFolder(path: string): Promise<void> {
  await onOutput(path, async () => {
    await mkdir(path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
    const found = await lstat(path);
    if (found.isSymbolicLink()) throw new LucencyError('LUC_OUTPUT_LINK', { path });
    if (!found.isDirectory()) {
      throw new LucencyError('LUC_OUTPUT_UNWRITABLE', { path, reason: 'it is not a folder' });
    }
  });
}
