import type { ResultKind } from './result-context.js';

/** One DICOM file made of a reading. */
export interface ResultObject {
  readonly kind: ResultKind;
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
  readonly bytes: Uint8Array;
}
