import { type ErrorCode, errorCatalogue } from '../../core/error-catalogue.js';
import { type ErrorDetails, LucencyError } from '../../core/errors.js';

/** An error on its way between threads: a structured clone keeps nothing of its class. */
export interface CarriedError {
  /** Null for an error that is not of the catalogue. */
  readonly code: string | null;
  readonly message: string;
  readonly details: ErrorDetails;
}

/** What came of a task or of a question. */
export type Outcome = { readonly value: unknown } | { readonly error: CarriedError };

export type ToThread =
  | { readonly kind: 'task'; readonly module: string; readonly name: string; readonly input: unknown }
  | { readonly kind: 'answer'; readonly id: number; readonly outcome: Outcome };

export type FromThread =
  | { readonly kind: 'done'; readonly outcome: Outcome }
  | { readonly kind: 'ask'; readonly id: number; readonly name: string; readonly input: unknown }
  | { readonly kind: 'progress'; readonly share: number; readonly step: string };

export function carried(error: unknown): CarriedError {
  if (error instanceof LucencyError)
    return { code: error.code, message: error.message, details: error.details };
  return { code: null, message: error instanceof Error ? error.message : String(error), details: {} };
}

function isErrorCode(code: string | null): code is ErrorCode {
  return code !== null && code in errorCatalogue;
}

/** The error as it was thrown; one that is not of the catalogue comes back as a plain `Error` with its message. */
export function revived({ code, message, details }: CarriedError): Error {
  return isErrorCode(code) ? new LucencyError(code, details) : new Error(message);
}
