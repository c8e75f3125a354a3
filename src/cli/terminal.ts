import type { LucencyError } from '../core/errors.js';
import { printable, printableJson, printableLines } from '../core/printable.js';

/** The one door of the command line to the terminal: what passes moves no cursor, hides nothing and forges no line. */

/** Text on standard output; true while more may be written at once. */
export function toStdout(text: string): boolean {
  return process.stdout.write(printableLines(text));
}

/** Text on standard error. */
export function toStderr(text: string): void {
  process.stderr.write(printableLines(text));
}

/** A JSON document on standard output, on one line unless indented; true while more may be written at once. */
export function outJson(value: unknown, indent?: number): boolean {
  return process.stdout.write(`${printableJson(value, indent)}\n`);
}

/** What was wrong with an input, in one line. */
export function faultLine(input: string, error: LucencyError): string {
  return `${printable(input)}: ${error.toLine()}`;
}

/** Clears the line of standard error that a progress message stands in. */
export function eraseLine(): void {
  process.stderr.write('\r\u001b[2K');
}
