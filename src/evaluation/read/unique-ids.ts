import type { ErrorCode } from '../../core/error-catalogue.js';
import { LucencyError } from '../../core/errors.js';

/** At most this many ids are named in a message. */
export const namedIds = 10;

/** "a, b, c and 7 more". */
export function nameSome(ids: readonly string[]): string {
  const shown = ids.slice(0, namedIds).join(', ');
  return ids.length > namedIds ? `${shown} and ${ids.length - namedIds} more` : shown;
}

/** @throws the error `code` with the ids that are there more than once, when there are any */
export function requireUnique(ids: readonly string[], code: ErrorCode, path: string): void {
  const seen = new Set<string>();
  const repeated = new Set<string>();
  for (const id of ids) {
    if (seen.has(id)) repeated.add(id);
    seen.add(id);
  }
  if (repeated.size > 0)
    throw new LucencyError(code, { path, count: repeated.size, ids: nameSome([...repeated]) });
}
