import { LucencyError } from '../../../core/errors.js';

/** A failure to read a file that is to be sent, as a catalogued error; passes those on. */
export function fileError(cause: unknown, path: string): LucencyError {
  if (cause instanceof LucencyError) return cause;
  const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
  return new LucencyError('LUC_DICOM_NET_FILE_UNREADABLE', { path, reason }, { cause });
}
