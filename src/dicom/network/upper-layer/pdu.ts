/**
 * The protocol data units of the DICOM upper layer (PS3.8 section 9.3), as data.
 *
 * Why not a library: dcmjs-dimse (0.3) was measured. Its receiver, with the store stream led to a file, needed 291 MB for
 * an object of 1 GB, because nothing holds the sender back; it answered before the file was on the disk; a length of
 * 4 GB in a header made it gather whatever came, without a limit; and its sender encodes every data set anew, so that
 * the bytes that arrive are not those of the file.
 */
export const pduType = {
  associateRequest: 0x01,
  associateAccept: 0x02,
  associateReject: 0x03,
  data: 0x04,
  releaseRequest: 0x05,
  releaseResponse: 0x06,
  abort: 0x07,
} as const;

/** Bytes of type, reserved byte and length in front of every unit. */
export const pduHeaderLength = 6;

/** One service that the requestor proposes, in the transfer syntaxes that it can send (PS3.8 9.3.2.2). */
export interface ProposedContext {
  /** Odd, 1 to 255. */
  readonly id: number;
  readonly abstractSyntax: string;
  readonly transferSyntaxes: readonly string[];
}

/** Answers to a proposed context (PS3.8 table 9-18). */
export const contextResult = {
  acceptance: 0,
  userRejection: 1,
  noReason: 2,
  abstractSyntaxNotSupported: 3,
  transferSyntaxesNotSupported: 4,
} as const;

/** The acceptor's answer to one proposed context; the transfer syntax counts only on acceptance. */
export interface AnsweredContext {
  readonly id: number;
  readonly result: number;
  readonly transferSyntax: string;
}

interface AssociatePdu {
  readonly calledAeTitle: string;
  readonly callingAeTitle: string;
  /** Longest variable field of a P-DATA unit that the sender of this unit takes, bytes; 0 for no limit. */
  readonly maxPduLength: number;
  readonly implementationClassUid: string;
  readonly implementationVersionName: string;
}

export interface AssociateRequest extends AssociatePdu {
  readonly protocolVersion: number;
  readonly applicationContext: string;
  readonly contexts: readonly ProposedContext[];
}

export interface AssociateAccept extends AssociatePdu {
  readonly contexts: readonly AnsweredContext[];
}

/** PS3.8 table 9-21. */
export interface AssociateReject {
  /** 1 for good, 2 for now. */
  readonly result: 1 | 2;
  /** 1 the service user, 2 the provider (ACSE), 3 the provider (presentation). */
  readonly source: 1 | 2 | 3;
  readonly reason: number;
}

/** PS3.8 table 9-26. */
export interface AbortReason {
  /** 0 the service user, 2 the service provider. */
  readonly source: number;
  readonly reason: number;
}

export const abortReason = {
  notSpecified: 0,
  unrecognizedPdu: 1,
  unexpectedPdu: 2,
  unexpectedParameter: 5,
  invalidParameter: 6,
} as const;

/** The DICOM application context name (PS3.7 A.2.1). */
export const dicomApplicationContext = '1.2.840.10008.3.1.1.1';

/** Bytes that do not follow PS3.8; `reason` is that of the A-ABORT which answers them. */
export class PduError extends Error {
  constructor(
    message: string,
    readonly reason: number,
  ) {
    super(message);
  }
}
