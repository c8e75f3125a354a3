import { LucencyError } from '../../../core/errors.js';
import type { AcceptedContext, Association, Message } from '../upper-layer/association.js';

/**
 * The accepted context of a service, in a given transfer syntax or in any.
 * @throws LUC_DICOM_NET_CONTEXT_REFUSED
 */
export function findContext(
  association: Association,
  abstractSyntax: string,
  transferSyntax: string | null = null,
): AcceptedContext {
  for (const context of association.contexts.values()) {
    if (context.abstractSyntax !== abstractSyntax) continue;
    if (transferSyntax === null || context.transferSyntax === transferSyntax) return context;
  }
  const services = transferSyntax === null ? abstractSyntax : `${abstractSyntax} in ${transferSyntax}`;
  throw new LucencyError('LUC_DICOM_NET_CONTEXT_REFUSED', { peer: association.peer, count: 1, services });
}

/**
 * The next response, which must be to the given message.
 * @throws LUC_DICOM_NET_PROTOCOL, LUC_DICOM_NET_CONNECTION_LOST and what else `Association.receive` throws
 */
export async function receiveResponse(association: Association, messageId: number): Promise<Message> {
  const message = await association.receive();
  const { peer } = association;
  if (!message) {
    throw new LucencyError('LUC_DICOM_NET_CONNECTION_LOST', { peer, reason: 'it released the association' });
  }
  if (message.command.messageIdBeingRespondedTo !== messageId) {
    await association.abort();
    throw new LucencyError('LUC_DICOM_NET_PROTOCOL', { peer, reason: 'it answers what was not asked' });
  }
  return message;
}
