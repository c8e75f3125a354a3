import { type ErrorCode, type ErrorKind, type ErrorRow, errorCatalogue } from './error-catalogue.js';
import { printable } from './printable.js';

export type ErrorDetails = Readonly<Record<string, string | number>>;

/** Details come from files and networks: nothing in them reaches a terminal or a log as it is. */
function fill(template: string, details: ErrorDetails): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) =>
    name in details ? printable(String(details[name])) : whole,
  );
}

/** The one error type of Lucency: a code of the catalogue, a sentence, and what to do about it. */
export class LucencyError extends Error {
  readonly code: ErrorCode;
  readonly advice: string;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, details: ErrorDetails = {}, options?: { cause?: unknown }) {
    const entry = errorCatalogue[code];
    super(fill(entry.message, details), options);
    this.name = 'LucencyError';
    this.code = code;
    this.advice = fill(entry.advice, details);
    this.details = details;
  }

  get #row(): ErrorRow {
    return errorCatalogue[this.code];
  }

  /** What it asks for; decisions hang on this, never on how a code is spelt. */
  get kind(): ErrorKind {
    return this.#row.kind;
  }

  get httpStatus(): number {
    return this.#row.httpStatus;
  }

  /** Whether a failure on the network says something of the one object, or of the peer; null where it says neither. */
  get concerns(): 'object' | 'peer' | null {
    return this.#row.concerns ?? null;
  }

  /** The input is whole and belongs where it is; there is nothing in it for a reader. */
  get nothingToRead(): boolean {
    return this.#row.nothingToRead ?? false;
  }

  /** One line for a person: code, what is wrong, what to do. */
  toLine(): string {
    return `${this.code}: ${this.message} ${this.advice}`;
  }
}
