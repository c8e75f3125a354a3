import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { LucencyError } from '../../core/errors.js';
import { decodeText } from './decode-text.js';

/** A file that figures rest on, so that they can be traced to it. */
export interface InputFile {
  /** As given. */
  readonly path: string;
  readonly sha256: string;
}

/** A file that was read: what it is, and its bytes. */
export interface OpenedFile {
  readonly file: InputFile;
  readonly bytes: Uint8Array;
}

function unreadable(path: string, cause: unknown): LucencyError {
  const absent = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
  if (absent) return new LucencyError('LUC_EVALUATION_FILE_NOT_FOUND', { path }, { cause });
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new LucencyError('LUC_EVALUATION_FILE_UNREADABLE', { path, reason }, { cause });
}

/**
 * Reads a file once: its bytes and their SHA-256 are of the same moment.
 *
 * @throws LUC_EVALUATION_FILE_NOT_FOUND, LUC_EVALUATION_FILE_UNREADABLE
 */
export async function openFile(path: string): Promise<OpenedFile> {
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw unreadable(path, cause);
  });
  return { file: { path, sha256: createHash('sha256').update(bytes).digest('hex') }, bytes };
}

/** The text of a file that was read; its encoding is told by its first bytes. */
export function textOf({ bytes }: OpenedFile): string {
  return decodeText(bytes);
}

/** @throws LUC_EVALUATION_FILE_INVALID for text that is no JSON */
export function jsonOf(opened: OpenedFile): unknown {
  try {
    return JSON.parse(textOf(opened)) as unknown;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : 'it is no JSON';
    throw new LucencyError('LUC_EVALUATION_FILE_INVALID', { path: opened.file.path, reason }, { cause });
  }
}

/** @throws LUC_EVALUATION_FILE_NOT_FOUND, LUC_EVALUATION_FILE_UNREADABLE, LUC_EVALUATION_FILE_INVALID */
export async function readJson(path: string): Promise<unknown> {
  return jsonOf(await openFile(path));
}

const newline = 0x0a;

/** The lines that are not empty, with their numbers from 1. Never the whole text at once: it may exceed a string. */
export function* linesOf({ bytes }: OpenedFile): Generator<{ line: number; text: string }> {
  let line = 0;
  for (let start = 0; start < bytes.length; ) {
    const found = bytes.indexOf(newline, start);
    const end = found < 0 ? bytes.length : found;
    const text = decodeText(bytes.subarray(start, end)).trim();
    line++;
    if (text !== '') yield { line, text };
    start = end + 1;
  }
}

/**
 * The first characters of a file that are not blank: enough to tell its format.
 *
 * @throws LUC_EVALUATION_FILE_INVALID for an empty file
 */
export function startOf({ file, bytes }: OpenedFile): string {
  const text = decodeText(bytes.subarray(0, 65536)).trimStart();
  if (text !== '') return text;
  throw new LucencyError('LUC_EVALUATION_FILE_INVALID', { path: file.path, reason: 'it is empty' });
}
