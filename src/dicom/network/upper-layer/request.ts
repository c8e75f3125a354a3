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
import { type ConnectOptions, connect } from './connect.js';
import type { Connection } from './connection.js';
import { decodeAbort, decodeAssociateAccept, decodeAssociateReject } from './decode-pdu.js';
import { encodeAssociateRequest } from './encode-pdu.js';
import {
  type AssociateReject,
  abortReason,
  contextResult,
  dicomApplicationContext,
  PduError,
  type ProposedContext,
  pduType,
} from './pdu.js';

/** A DICOM application to talk to, and how. */
export interface Peer extends ConnectOptions {
  /** Its AE title. */
  readonly calledAeTitle: string;
  /** Ours. */
  readonly callingAeTitle: string;
}

/** A service wanted of the peer, in the transfer syntaxes that can be sent. */
export interface WantedContext {
  readonly abstractSyntax: string;
  readonly transferSyntaxes: readonly string[];
}

/** Most contexts of one association: ids are odd and at most 255. */
export const mostContexts = 128;

/** Reasons of PS3.8 table 9-21 in words, by source and reason. */
const rejectionWords: Readonly<Record<string, string>> = {
  '1-2': 'it does not know the application context',
  '1-3': 'it does not know our AE title',
  '1-7': 'it does not know the AE title it was called by',
  '2-2': 'it does not know the protocol version',
  '3-1': 'it has too much to do',
  '3-2': 'it serves as many associations as it may',
};

function rejectedError(peer: Peer, { result, source, reason }: AssociateReject): LucencyError {
  const words = rejectionWords[`${source}-${reason}`] ?? `source ${source}, reason ${reason}`;
  const details = { peer: peerName(peer), reason: words };
  return new LucencyError(result === 2 ? 'LUC_DICOM_NET_BUSY' : 'LUC_DICOM_NET_REJECTED', details);
}

/** `AE@host:port`, as people name a peer. */
export function peerName({ calledAeTitle, host, port }: Peer): string {
  return `${calledAeTitle}@${host}:${port}`;
}

/**
 * Opens an association.
 * @param wanted at most `mostContexts`
 * @throws LUC_DICOM_NET_UNREACHABLE, LUC_DICOM_NET_TLS, LUC_DICOM_NET_REJECTED, LUC_DICOM_NET_BUSY,
 * LUC_DICOM_NET_ABORTED, LUC_DICOM_NET_TIMEOUT, LUC_DICOM_NET_CONNECTION_LOST, LUC_DICOM_NET_PROTOCOL
 */
export async function requestAssociation(peer: Peer, wanted: readonly WantedContext[]): Promise<Association> {
  const contexts = wanted.map((context, index): ProposedContext => ({ ...context, id: 2 * index + 1 }));
  const connection = await connect(peer);
  try {
    return await negotiate(connection, peer, contexts);
  } catch (error) {
    const told = await refuseBytes(connection, error);
    connection.destroy();
    throw told;
  }
}

async function negotiate(
  connection: Connection,
  peer: Peer,
  contexts: readonly ProposedContext[],
): Promise<Association> {
  const { callingAeTitle, calledAeTitle } = peer;
  await connection.write(
    encodeAssociateRequest({
      protocolVersion: 1,
      applicationContext: dicomApplicationContext,
      callingAeTitle,
      calledAeTitle,
      maxPduLength: ownMaxPduLength,
      implementationClassUid,
      implementationVersionName,
      contexts,
    }),
  );
  const { type, body } = await readControlPdu(connection);
  if (type === pduType.associateReject) throw rejectedError(peer, decodeAssociateReject(body));
  if (type === pduType.abort) throw abortedError(connection.peer, decodeAbort(body));
  if (type !== pduType.associateAccept) {
    throw new PduError('the answer to the request is none', abortReason.unexpectedPdu);
  }
  const accept = decodeAssociateAccept(body);
  const accepted = accept.contexts.flatMap(({ id, result, transferSyntax }): AcceptedContext[] => {
    const proposed = contexts.find((context) => context.id === id);
    if (!proposed || result !== contextResult.acceptance) return [];
    if (!proposed.transferSyntaxes.includes(transferSyntax)) return [];
    return [{ id, abstractSyntax: proposed.abstractSyntax, transferSyntax }];
  });
  const parties = { callingAeTitle, calledAeTitle, peerMaxPduLength: accept.maxPduLength };
  return new Association(connection, parties, accepted);
}
