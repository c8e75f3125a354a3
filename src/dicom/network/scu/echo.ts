import { LucencyError } from '../../../core/errors.js';
import { commandField } from '../dimse/command-elements.js';
import { status, statusText } from '../dimse/status.js';
import { implicitLittleEndian, verificationSopClass } from '../uids.js';
import { type Peer, peerName, requestAssociation } from '../upper-layer/request.js';
import { findContext, receiveResponse } from './responses.js';

/**
 * C-ECHO (PS3.7 9.1.5): whether the peer is there and knows us.
 * @throws as `requestAssociation`, LUC_DICOM_NET_CONTEXT_REFUSED, LUC_DICOM_NET_OPERATION_FAILED
 */
export async function echo(peer: Peer): Promise<void> {
  const association = await requestAssociation(peer, [
    { abstractSyntax: verificationSopClass, transferSyntaxes: [implicitLittleEndian] },
  ]);
  try {
    const context = findContext(association, verificationSopClass);
    const messageId = association.nextMessageId();
    await association.send(context.id, {
      affectedSopClassUid: verificationSopClass,
      commandField: commandField.echoRequest,
      messageId,
    });
    const { command } = await receiveResponse(association, messageId);
    if (command.status !== status.success) {
      const details = {
        peer: peerName(peer),
        operation: 'C-ECHO',
        status: statusText(command.status ?? 0xffff),
      };
      throw new LucencyError('LUC_DICOM_NET_OPERATION_FAILED', details);
    }
  } finally {
    await association.release();
  }
}
