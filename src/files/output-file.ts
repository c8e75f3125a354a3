import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, link, lstat, mkdir, open, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { LucencyError } from '../core/errors.js';
import { FolderSync } from './folder-sync.js';

/** Never write through a link; the flag is absent on Windows. */
const NO_FOLLOW = constants.O_NOFOLLOW ?? 0;

/** A failure of the file system as a catalogued error. */
export function outputError(file: string, cause: unknown): LucencyError {
  if (cause instanceof LucencyError) return cause;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new LucencyError('LUC_OUTPUT_FULL', { path: file }, { cause });
  if (code === 'ELOOP') return new LucencyError('LUC_OUTPUT_LINK', { path: file }, { cause });
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new LucencyError('LUC_OUTPUT_UNWRITABLE', { path: file, reason }, { cause });
}

/** Runs file work on `file`; what fails is thrown as a catalogued error (LUC_OUTPUT_*). */
export async function onOutput<T>(file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw outputError(file, error);
  }
}

/** Opens a file for reading and writing at any place, made if it is missing; a link is refused. */
export function openForUpdate(file: string): Promise<FileHandle> {
  return onOutput(file, () => open(file, constants.O_RDWR | constants.O_CREAT | NO_FOLLOW, 0o644));
}

/** Opens a file for writing from its start, made if it is missing; a link is refused. */
export function openForWriting(file: string, mode = 0o644): Promise<FileHandle> {
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | NO_FOLLOW;
  return onOutput(file, () => open(file, flags, mode));
}

export interface WriteOptions {
  /** Whether it must outlive a loss of power: the file and its name are then on the disk when this resolves. */
  readonly durable?: boolean;
  /** @default 0o644 */
  readonly mode?: number;
}

const folderSync = new FolderSync();

/**
 * Writes a whole file or none of it: beside it first, then renamed over it.
 * @throws LUC_OUTPUT_FULL, LUC_OUTPUT_UNWRITABLE, LUC_OUTPUT_LINK
 */
export async function writeWhole(
  file: string,
  content: Uint8Array | string,
  { durable = false, mode }: WriteOptions = {},
): Promise<void> {
  const aside = `${file}.part`;
  try {
    const handle = await openForWriting(aside, mode);
    try {
      await handle.writeFile(content);
      if (durable) await handle.datasync();
    } finally {
      await handle.close();
    }
    await rename(aside, file);
    if (durable) await folderSync.sync(path.dirname(file));
  } catch (error) {
    await rm(aside, { force: true }).catch(() => undefined);
    throw outputError(file, error);
  }
}

/** State that a restart relies on: whole, on the disk when this resolves, for the owner's group at most. */
export function writeDurably(file: string, content: string): Promise<void> {
  return writeWhole(file, content, { durable: true, mode: 0o640 });
}

/**
 * Writes a file that is not there yet, whole or not at all.
 * @returns false when there is one of that name; it stays as it is
 * @throws LUC_OUTPUT_UNWRITABLE, LUC_OUTPUT_FULL
 */
export async function writeNew(file: string, content: Uint8Array | string): Promise<boolean> {
  const aside = `${file}.${randomUUID()}.part`;
  try {
    await writeFile(aside, content, { flag: 'wx' });
    // A link, unlike a new name, is not made over a file.
    await link(aside, file);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw outputError(file, error);
  } finally {
    await rm(aside, { force: true }).catch(() => undefined);
  }
}

/** Makes a folder inside the output folder; a link in its place is refused. */
export async function makeFolder(folder: string): Promise<void> {
  await onOutput(folder, async () => {
    await mkdir(folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
    const found = await lstat(folder);
    if (found.isSymbolicLink()) throw new LucencyError('LUC_OUTPUT_LINK', { path: folder });
    if (!found.isDirectory()) {
      throw new LucencyError('LUC_OUTPUT_UNWRITABLE', { path: folder, reason: 'it is not a folder' });
    }
  });
}
