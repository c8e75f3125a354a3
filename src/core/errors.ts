import { type ErrorCode, errorCatalogue } from './error-catalogue.js';
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

  /** One line for a person: code, what is wrong, what to do. */
  toLine(): string {
    return `${this.code}: ${this.message} ${this.advice}`;
  }
}
