import { LucencyError } from '../../../core/errors.js';
import { implementationClassUid, implementationVersionName } from '../implementation.js';
import {
  type AcceptedContext,
  Association,
  abortedError,
  ownMaxPduLength,
  readControlPdu,
  refuseBytes,
} from './association.js';
import type { Connection } from './connection.js';
import { decodeAbort, decodeAssociateRequest } from './decode-pdu.js';
import { encodeAssociateAccept, encodeAssociateReject } from './encode-pdu.js';
import {
  type AnsweredContext,
  type AssociateReject,
  type AssociateRequest,
  abortReason,
  contextResult,
  dicomApplicationContext,
  PduError,
  type ProposedContext,
  pduType,
} from './pdu.js';

export interface Refusal {
  readonly pdu: AssociateReject;
  /** What is thrown and logged. */
  readonly error: LucencyError;
}

export interface AcceptPolicy {
  /** Whether the peer may associate; null when it may. */
  refuse(request: AssociateRequest, connection: Connection): Refusal | null;
  /** What is answered to one proposed context. */
  answer(context: ProposedContext): AnsweredContext;
}

export interface AcceptOptions {
  readonly policy: AcceptPolicy;
  /** Longest time from the connection to a complete request: the ARTIM timer (PS3.8 9.1.5). */
  readonly artimSeconds: number;
}

export interface AcceptedAssociation {
  readonly association: Association;
  /** Contexts that were proposed and not accepted. */
  readonly refused: readonly (ProposedContext & { readonly result: number })[];
}

/** PS3.8 table 9-21: the provider refuses the protocol version, the user the application context. */
function protocolRefusal(request: AssociateRequest, peer: string): Refusal | null {
  if ((request.protocolVersion & 1) === 0) {
    const error = new LucencyError('LUC_DICOM_NET_PROTOCOL', { peer, reason: 'it does not offer version 1' });
    return { pdu: { result: 1, source: 2, reason: 2 }, error };
  }
  if (request.applicationContext !== dicomApplicationContext) {
    const reason = 'its application context is not that of DICOM';
    const error = new LucencyError('LUC_DICOM_NET_PROTOCOL', { peer, reason });
    return { pdu: { result: 1, source: 1, reason: 2 }, error };
  }
  return null;
}

async function readRequest(connection: Connection): Promise<AssociateRequest> {
  const { type, body } = await readControlPdu(connection);
  if (type === pduType.abort) throw abortedError(connection.peer, decodeAbort(body));
  if (type !== pduType.associateRequest) {
    throw new PduError('the first unit is no association request', abortReason.unexpectedPdu);
  }
  return decodeAssociateRequest(body);
}

/**
 * Takes the association request of a connection that a peer has opened, and answers it.
 * @throws LUC_DICOM_NET_PROTOCOL, LUC_DICOM_NET_TIMEOUT, LUC_DICOM_NET_CONNECTION_LOST, LUC_DICOM_NET_ABORTED, and the
 * error of the policy's refusal; the connection is closed then
 */
export async function acceptAssociation(
  connection: Connection,
  { policy, artimSeconds }: AcceptOptions,
): Promise<AcceptedAssociation> {
  const artim = setTimeout(
    () => connection.expire('an association request', artimSeconds),
    artimSeconds * 1000,
  );
  try {
    const request = await readRequest(connection);
    clearTimeout(artim);
    const refusal = protocolRefusal(request, connection.peer) ?? policy.refuse(request, connection);
    if (refusal) {
      await connection.end(encodeAssociateReject(refusal.pdu), artimSeconds);
      throw refusal.error;
    }
    return await accept(connection, request, policy);
  } catch (error) {
    const told = await refuseBytes(connection, error);
    connection.destroy();
    throw told;
  } finally {
    clearTimeout(artim);
  }
}

async function accept(
  connection: Connection,
  request: AssociateRequest,
  policy: AcceptPolicy,
): Promise<AcceptedAssociation> {
  const answers = request.contexts.map((context) => ({ ...context, ...policy.answer(context) }));
  const { callingAeTitle, calledAeTitle, maxPduLength: peerMaxPduLength } = request;
  await connection.write(
    encodeAssociateAccept({
      callingAeTitle,
      calledAeTitle,
      maxPduLength: ownMaxPduLength,
      implementationClassUid,
      implementationVersionName,
      contexts: answers,
    }),
  );
  const accepted: AcceptedContext[] = answers.filter(({ result }) => result === contextResult.acceptance);
  return {
    association: new Association(connection, { callingAeTitle, calledAeTitle, peerMaxPduLength }, accepted),
    refused: answers.filter(({ result }) => result !== contextResult.acceptance),
  };
}
