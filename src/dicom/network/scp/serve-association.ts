import { LucencyError } from '../../../core/errors.js';
import { type CommandSet, commandField } from '../dimse/command-elements.js';
import { status } from '../dimse/status.js';
import { buildFileHeader } from '../store/file-header.js';
import { isUid } from '../store/object-identity.js';
import type { ObjectStore } from '../store/object-store.js';
import type { Association, Message } from '../upper-layer/association.js';
import type { OnNetworkEvent } from './network-event.js';

/** Status codes that tell the sender why an object is not stored (PS3.4 table B.2-1, PS3.7 C). */
const statusOfError: Readonly<Record<string, number>> = {
  LUC_DICOM_NET_DISK_FULL: status.outOfResources,
  LUC_DICOM_NET_STORE_FAILED: status.outOfResources,
  LUC_DICOM_NET_OBJECT_MISMATCH: status.dataSetMismatch,
  LUC_DICOM_NET_OBJECT_INVALID: status.cannotUnderstand,
  LUC_DICOM_NET_DUPLICATE_DIFFERS: status.duplicateSopInstance,
};

interface Service {
  readonly store: ObjectStore;
  readonly onEvent: OnNetworkEvent;
}

function responseTo(command: CommandSet, code: number, comment?: string): CommandSet {
  const { affectedSopClassUid, affectedSopInstanceUid } = command;
  return {
    ...(affectedSopClassUid === undefined ? {} : { affectedSopClassUid }),
    commandField: (command.commandField ?? 0) | commandField.response,
    messageIdBeingRespondedTo: command.messageId ?? 0,
    status: code,
    // LO: at most 64 characters; the codes of the catalogue hold nothing of the patient.
    ...(comment === undefined ? {} : { errorComment: comment.slice(0, 64) }),
    ...(affectedSopInstanceUid === undefined ? {} : { affectedSopInstanceUid }),
  };
}

async function* none(): AsyncGenerator<Buffer> {}

async function store(
  { context, command, dataSet }: Message,
  association: Association,
  { store: target, onEvent }: Service,
): Promise<CommandSet> {
  const { callingAeTitle: aeTitle } = association.parties;
  const sender = { peer: association.peer, aeTitle };
  const uids = {
    sopClassUid: command.affectedSopClassUid ?? '',
    sopInstanceUid: command.affectedSopInstanceUid ?? '',
    transferSyntaxUid: context.transferSyntax,
  };
  try {
    if (uids.sopClassUid !== context.abstractSyntax) throw new LucencyError('LUC_DICOM_NET_OBJECT_MISMATCH');
    const header = buildFileHeader(uids, aeTitle);
    const object = await target.receive({ ...uids, header, dataSet: dataSet ?? none() });
    onEvent({ kind: 'object', object, ...sender });
    return responseTo(command, status.success);
  } catch (error) {
    const code = error instanceof LucencyError ? statusOfError[error.code] : undefined;
    // Everything else is a broken association: there is nobody to answer.
    if (!(error instanceof LucencyError) || code === undefined) throw error;
    // What is no UID could be anything, a name among others.
    const uid = isUid(uids.sopInstanceUid) ? uids.sopInstanceUid : 'an object without UID';
    onEvent({ kind: 'object-refused', uid, error, ...sender });
    // The answer stands behind the data set, also when that is thrown away.
    if (dataSet) for await (const _ of dataSet);
    return responseTo(command, code, error.code);
  }
}

/**
 * Serves C-STORE and C-ECHO until the peer releases the association.
 * @throws what breaks the association, as `Association.receive` does
 */
export async function serveAssociation(association: Association, service: Service): Promise<void> {
  for (;;) {
    const message = await association.receive();
    if (!message) return;
    const { context, command } = message;
    const field = command.commandField;
    if (field === commandField.cancelRequest) continue;
    const response =
      field === commandField.storeRequest
        ? await store(message, association, service)
        : responseTo(
            command,
            field === commandField.echoRequest ? status.success : status.unrecognizedOperation,
          );
    if (field !== commandField.storeRequest && message.dataSet) for await (const _ of message.dataSet);
    await association.send(context.id, response);
  }
}
