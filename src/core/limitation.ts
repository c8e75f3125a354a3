import type { ErrorCode } from './error-catalogue.js';
import { type ErrorDetails, LucencyError } from './errors.js';
import type { Limitation } from './reading.js';

/** What limits a reading, from the catalogue: what is so, and what it means. */
export function limitation(code: ErrorCode, details: ErrorDetails = {}): Limitation {
  const { message, advice } = new LucencyError(code, details);
  return { code, text: `${message} ${advice}` };
}
