import { type FileHandle, open } from 'node:fs/promises';
import { LucencyError } from '../../../core/errors.js';
import { commandField } from '../dimse/command-elements.js';
import { isTransientFailure, isWarning, status, statusText } from '../dimse/status.js';
import { findContext, receiveResponse } from '../scu/responses.js';
import { type FileHeader, fileHeaderOf } from '../store/file-header.js';
import type { Association } from '../upper-layer/association.js';
import { mostContexts, type Peer, peerName, requestAssociation } from '../upper-layer/request.js';
import type { Destination, Outcome } from './destination.js';
import { fileError } from './file-error.js';

/** Files of one association: enough to make its opening cheap, few enough to know soon what it needs. */
const filesPerAssociation = 500;
const pieceBytes = 2 ** 18;

interface OutgoingFile {
  readonly file: string;
  readonly header: FileHeader;
}

async function* piecesOf(handle: FileHandle, start: number): AsyncGenerator<Buffer> {
  for (let at = start; ; ) {
    // The socket still holds the last piece, so each needs its own memory.
    const piece = Buffer.allocUnsafe(pieceBytes);
    const { bytesRead } = await handle.read(piece, 0, pieceBytes, at);
    if (bytesRead === 0) return;
    at += bytesRead;
    yield piece.subarray(0, bytesRead);
  }
}

/** C-STORE of one file, its data set sent byte for byte. @throws for this file alone, or what breaks the association */
async function storeFile(association: Association, { file, header }: OutgoingFile): Promise<void> {
  const { sopClassUid, sopInstanceUid, transferSyntaxUid } = header;
  const context = findContext(association, sopClassUid, transferSyntaxUid);
  const handle = await open(file, 'r');
  try {
    const messageId = association.nextMessageId();
    const command = {
      affectedSopClassUid: sopClassUid,
      commandField: commandField.storeRequest,
      messageId,
      priority: 0,
      affectedSopInstanceUid: sopInstanceUid,
    };
    await association.send(context.id, command, piecesOf(handle, header.length));
    const response = (await receiveResponse(association, messageId)).command;
    const code = response.status ?? 0xffff;
    if (code === status.success || isWarning(code)) return;
    const details = {
      peer: association.peer,
      status: statusText(code),
      comment: response.errorComment ?? '-',
    };
    throw new LucencyError(
      isTransientFailure(code) ? 'LUC_DICOM_NET_PUT_OFF' : 'LUC_DICOM_NET_SEND_REFUSED',
      details,
    );
  } finally {
    await handle.close();
  }
}

/** A DICOM node that takes objects by C-STORE. */
export class DimseDestination implements Destination {
  readonly name: string;
  readonly #peer: Peer;

  constructor(peer: Peer) {
    this.#peer = peer;
    this.name = peerName(peer);
  }

  async *send(files: readonly string[]): AsyncGenerator<Outcome> {
    let batch: OutgoingFile[] = [];
    let services = new Set<string>();
    for (const file of files) {
      let header: FileHeader;
      try {
        header = await fileHeaderOf(file);
      } catch (error) {
        yield { file, error: fileError(error, file) };
        continue;
      }
      const service = `${header.sopClassUid} ${header.transferSyntaxUid}`;
      const full = services.size === mostContexts && !services.has(service);
      if (full || batch.length === filesPerAssociation) {
        yield* this.#sendBatch(batch);
        batch = [];
        services = new Set();
      }
      batch.push({ file, header });
      services.add(service);
    }
    yield* this.#sendBatch(batch);
  }

  async *#sendBatch(batch: readonly OutgoingFile[]): AsyncGenerator<Outcome> {
    let association: Association | null = null;
    try {
      for (const outgoing of batch) {
        const { file } = outgoing;
        association ??= await this.#associate(batch);
        try {
          await storeFile(association, outgoing);
          yield { file, error: null };
        } catch (cause) {
          const error = fileError(cause, file);
          // A failure of the object leaves the association usable.
          if (error.concerns !== 'object') {
            // The rest may fare better: they get an association of their own.
            await association.abort();
            association = null;
          }
          yield { file, error };
        }
      }
    } finally {
      await association?.release();
    }
  }

  #associate(batch: readonly OutgoingFile[]): Promise<Association> {
    const services = new Map(
      batch.map(({ header: { sopClassUid, transferSyntaxUid } }) => [
        `${sopClassUid} ${transferSyntaxUid}`,
        { abstractSyntax: sopClassUid, transferSyntaxes: [transferSyntaxUid] },
      ]),
    );
    return requestAssociation(this.#peer, [...services.values()]);
  }
}
