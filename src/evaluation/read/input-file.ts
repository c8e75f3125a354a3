import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { LucencyError } from '../../core/errors.js';

/** A file that figures rest on, so that they can be traced to it. */
export interface InputFile {
  /** As given. */
  readonly path: string;
  readonly sha256: string;
}

function unreadable(path: string, cause: unknown): LucencyError {
  const absent = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
  if (absent) return new LucencyError('LUC_EVALUATION_FILE_NOT_FOUND', { path }, { cause });
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new LucencyError('LUC_EVALUATION_FILE_UNREADABLE', { path, reason }, { cause });
}

/**
 * Name and SHA-256 of a file.
 *
 * @throws LUC_EVALUATION_FILE_NOT_FOUND, LUC_EVALUATION_FILE_UNREADABLE
 */
export async function describeFile(path: string): Promise<InputFile> {
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  } catch (cause) {
    throw unreadable(path, cause);
  }
  return { path, sha256: hash.digest('hex') };
}

/** @throws LUC_EVALUATION_FILE_NOT_FOUND, LUC_EVALUATION_FILE_UNREADABLE */
export async function readText(path: string): Promise<string> {
  try {
    return (await readFile(path, 'utf8')).replace(/^\uFEFF/, '');
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

/** @throws LUC_EVALUATION_FILE_INVALID for text that is no JSON, and as `readText` */
export async function readJson(path: string): Promise<unknown> {
  const text = await readText(path);
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : 'it is no JSON';
    throw new LucencyError('LUC_EVALUATION_FILE_INVALID', { path, reason }, { cause });
  }
}

/** The lines of a file that are not empty, with their numbers from 1; a file of any size. */
export async function* readLines(path: string): AsyncGenerator<{ line: number; text: string }> {
  const lines = createInterface({
    input: createReadStream(path, 'utf8'),
    crlfDelay: Number.POSITIVE_INFINITY,
  });
  let line = 0;
  for await (const text of lines) {
    line++;
    if (text.trim() !== '') yield { line, text };
  }
}

/** The first characters of a file that are not blank: enough to tell its format. */
export async function readStart(path: string): Promise<string> {
  try {
    for await (const chunk of createReadStream(path, { encoding: 'utf8', end: 65535 })) {
      const text = String(chunk)
        .replace(/^\uFEFF/, '')
        .trimStart();
      if (text !== '') return text;
    }
  } catch (cause) {
    throw unreadable(path, cause);
  }
  throw new LucencyError('LUC_EVALUATION_FILE_INVALID', { path, reason: 'it is empty' });
}
