import type { LucencyError } from '../../../core/errors.js';

/** What became of one file. */
export interface Outcome {
  readonly file: string;
  /** Null when the destination has it. */
  readonly error: LucencyError | null;
}

/** Where files are sent to. */
export interface Destination {
  /** For people: `AE@host:port` or an address of the web. */
  readonly name: string;
  /**
   * Sends DICOM files, and gives the outcome of each as soon as it is known. What is without outcome when it throws is not
   * delivered.
   * @throws LUC_DICOM_NET_* when the destination as a whole cannot be used now, or not at all
   */
  send(files: readonly string[]): AsyncIterable<Outcome>;
}

/** Whether time may mend a failure; all others are for good. */
export function isTransient(error: LucencyError): boolean {
  return error.kind === 'transient';
}
