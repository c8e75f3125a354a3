import { LucencyError } from '../../../core/errors.js';
import { type CommandSet, commandField } from '../dimse/command-elements.js';
import { decodeIdentifier, encodeIdentifier, longestIdentifier } from '../dimse/identifier.js';
import { isPending, isTransientFailure, status, statusText } from '../dimse/status.js';
import { findContext, receiveResponse } from '../scu/responses.js';
import { implicitLittleEndian } from '../uids.js';
import type { Association, Message } from '../upper-layer/association.js';
import { type Peer, peerName, requestAssociation } from '../upper-layer/request.js';
import type { Archive, FetchedStudy, FoundStudy, StudyQuery } from './archive.js';
import { queryRetrieveLevel, queryTags } from './query-attributes.js';

/** Study Root Query/Retrieve (PS3.4 C.6.2). */
const studyRootFind = '1.2.840.10008.5.1.4.1.2.2.1';
const studyRootMove = '1.2.840.10008.5.1.4.1.2.2.2';

async function identifierOf({ dataSet }: Message, peer: string): Promise<Buffer> {
  const parts: Buffer[] = [];
  let length = 0;
  if (dataSet) {
    for await (const part of dataSet) {
      length += part.length;
      if (length > longestIdentifier) {
        throw new LucencyError('LUC_DICOM_NET_PROTOCOL', {
          peer,
          reason: 'an answer to a query is too long',
        });
      }
      parts.push(Buffer.from(part));
    }
  }
  return Buffer.concat(parts);
}

function foundStudy(bytes: Buffer, transferSyntax: string): FoundStudy {
  const dataSet = decodeIdentifier(bytes, transferSyntax);
  const text = (name: keyof typeof queryTags): string => dataSet.text(queryTags[name]) ?? '';
  return {
    studyInstanceUid: text('StudyInstanceUID'),
    patientId: text('PatientID'),
    patientName: text('PatientName'),
    studyDate: text('StudyDate'),
    accessionNumber: text('AccessionNumber'),
    modalities: dataSet.texts(queryTags.ModalitiesInStudy).filter((modality) => modality !== ''),
    description: text('StudyDescription'),
    instances: dataSet.number(queryTags.NumberOfStudyRelatedInstances, 'IS'),
  };
}

/** An archive that is asked by C-FIND and gives by C-MOVE: it opens associations to our own storage SCP. */
export class DimseArchive implements Archive {
  readonly name: string;
  readonly #peer: Peer;
  readonly #moveDestination: string;

  /** @param moveDestination AE title of our storage SCP, which the archive must know with its address */
  constructor(peer: Peer, moveDestination: string) {
    this.#peer = peer;
    this.#moveDestination = moveDestination;
    this.name = peerName(peer);
  }

  async #associate(abstractSyntax: string): Promise<Association> {
    return requestAssociation(this.#peer, [{ abstractSyntax, transferSyntaxes: [implicitLittleEndian] }]);
  }

  async *find(query: StudyQuery): AsyncGenerator<FoundStudy> {
    const keys = new Map<number, string>(Object.values(queryTags).map((tagValue) => [tagValue, '']));
    keys.set(queryRetrieveLevel, 'STUDY');
    keys.set(queryTags.StudyInstanceUID, query.studyInstanceUid ?? '');
    keys.set(queryTags.PatientID, query.patientId ?? '');
    keys.set(queryTags.AccessionNumber, query.accessionNumber ?? '');
    keys.set(queryTags.StudyDate, query.studyDate ?? '');
    keys.set(queryTags.ModalitiesInStudy, query.modality ?? '');
    const association = await this.#associate(studyRootFind);
    try {
      const context = findContext(association, studyRootFind);
      const messageId = association.nextMessageId();
      const command: CommandSet = {
        affectedSopClassUid: studyRootFind,
        commandField: commandField.findRequest,
        messageId,
        priority: 0,
      };
      await association.send(context.id, command, [encodeIdentifier(keys)]);
      for (;;) {
        const response = await receiveResponse(association, messageId);
        const code = response.command.status ?? 0xffff;
        if (!isPending(code)) {
          this.#expectSuccess(code, 'C-FIND', response.command);
          return;
        }
        yield foundStudy(await identifierOf(response, association.peer), context.transferSyntax);
      }
    } finally {
      await association.release();
    }
  }

  async fetch(studyInstanceUid: string, onProgress: (completed: number) => void): Promise<FetchedStudy> {
    const association = await this.#associate(studyRootMove);
    try {
      const context = findContext(association, studyRootMove);
      const messageId = association.nextMessageId();
      const command: CommandSet = {
        affectedSopClassUid: studyRootMove,
        commandField: commandField.moveRequest,
        messageId,
        moveDestination: this.#moveDestination,
        priority: 0,
      };
      const keys = new Map([
        [queryRetrieveLevel, 'STUDY'],
        [queryTags.StudyInstanceUID, studyInstanceUid],
      ]);
      await association.send(context.id, command, [encodeIdentifier(keys)]);
      // Counts may be left out of the last response; those of the one before still hold.
      let counts: FetchedStudy = { completed: 0, failed: 0 };
      for (;;) {
        const { command: response } = await receiveResponse(association, messageId);
        const code = response.status ?? 0xffff;
        const done = response.completedSuboperations;
        counts = {
          completed: done === undefined ? counts.completed : done + (response.warningSuboperations ?? 0),
          failed: response.failedSuboperations ?? counts.failed,
        };
        onProgress(counts.completed);
        if (isPending(code)) continue;
        // Some sub-operations failed (A702, B000): what came is here, and the count says the rest.
        if (counts.failed === 0) this.#expectSuccess(code, 'C-MOVE', response);
        return counts;
      }
    } finally {
      await association.release();
    }
  }

  #expectSuccess(code: number, operation: string, { errorComment }: CommandSet): void {
    if (code === status.success) return;
    const peer = this.name;
    if (code === status.moveDestinationUnknown) {
      const aeTitle = this.#moveDestination;
      throw new LucencyError('LUC_DICOM_NET_MOVE_DESTINATION_UNKNOWN', { peer, aeTitle });
    }
    if (isTransientFailure(code)) {
      const details = { peer, status: statusText(code), comment: errorComment ?? operation };
      throw new LucencyError('LUC_DICOM_NET_PUT_OFF', details);
    }
    throw new LucencyError('LUC_DICOM_NET_OPERATION_FAILED', { peer, operation, status: statusText(code) });
  }
}
