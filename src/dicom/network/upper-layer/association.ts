import { LucencyError } from '../../../core/errors.js';
import { type CommandSet, decodeCommandSet, encodeCommandSet, hasDataSet } from '../dimse/command-set.js';
import type { Connection } from './connection.js';
import { decodeAbort } from './decode-pdu.js';
import {
  dataHeaderLength,
  encodeAbort,
  encodeReleaseRequest,
  encodeReleaseResponse,
  writeDataHeader,
} from './encode-pdu.js';
import { type AbortReason, abortReason, PduError, pduHeaderLength, pduType } from './pdu.js';

/** Longest P-DATA unit that Lucency announces and takes, bytes. */
export const ownMaxPduLength = 131_072;
/** Longest fragment that Lucency sends, whatever the peer would take. */
const longestFragment = 262_144;
/** Longest unit that is no P-DATA: real ones have a few hundred bytes, associations with 128 contexts some 100 kB. */
const longestOtherPdu = 2 ** 20;
/** Longest command set; real ones have some 200 bytes. */
const longestCommand = 65_536;
/** How long the peer may take to close after our last words. */
const closeSeconds = 5;

export interface AcceptedContext {
  readonly id: number;
  readonly abstractSyntax: string;
  readonly transferSyntax: string;
}

export interface AssociationParties {
  readonly callingAeTitle: string;
  readonly calledAeTitle: string;
  /** Longest P-DATA unit that the peer takes; 0 for no limit. */
  readonly peerMaxPduLength: number;
}

/** A DIMSE message: its command, and the data set that follows it, as it comes. */
export interface Message {
  readonly context: AcceptedContext;
  readonly command: CommandSet;
  /** To be read before the next message; what is left of it is thrown away. */
  readonly dataSet: AsyncIterableIterator<Buffer> | null;
}

interface DataValue {
  readonly contextId: number;
  readonly command: boolean;
  readonly last: boolean;
  readonly length: number;
}

interface PduHeader {
  readonly type: number;
  readonly length: number;
}

/** Reads the header of a unit that is no P-DATA, with its body. @throws PduError */
export async function readControlPdu(connection: Connection): Promise<{ type: number; body: Buffer }> {
  const { type, length } = await readHeader(connection);
  if (length > longestOtherPdu || type === pduType.data) {
    const reason = type === pduType.data ? abortReason.unexpectedPdu : abortReason.invalidParameter;
    throw new PduError(`a unit of type ${type} and ${length} bytes stands where none may`, reason);
  }
  return { type, body: await connection.take(length) };
}

async function readHeader(connection: Connection): Promise<PduHeader> {
  const header = await connection.take(pduHeaderLength);
  const type = header.readUInt8(0);
  if (type < pduType.associateRequest || type > pduType.abort) {
    throw new PduError(`there is no unit of type ${type}`, abortReason.unrecognizedPdu);
  }
  return { type, length: header.readUInt32BE(2) };
}

/** The error of an association that the peer has aborted. */
export function abortedError(peer: string, { source, reason }: AbortReason): LucencyError {
  const by = source === 2 ? 'its network layer' : 'its user';
  return new LucencyError('LUC_DICOM_NET_ABORTED', { peer, by, reason });
}

/** Answers bytes that are against PS3.8 with an A-ABORT and gives the catalogued error; passes other errors on. */
export async function refuseBytes(connection: Connection, error: unknown): Promise<unknown> {
  if (!(error instanceof PduError)) return error;
  await connection.end(encodeAbort({ source: 2, reason: error.reason }), closeSeconds);
  const details = { peer: connection.peer, reason: error.message };
  return new LucencyError('LUC_DICOM_NET_PROTOCOL', details, { cause: error });
}

/** An established association (PS3.8): messages are read and sent one after the other. */
export class Association {
  readonly parties: AssociationParties;
  readonly contexts: ReadonlyMap<number, AcceptedContext>;
  readonly #connection: Connection;
  readonly #fragmentLength: number;
  /** Bytes of the current P-DATA unit that belong to values not yet begun. */
  #unitLeft = 0;
  #unread: AsyncIterableIterator<Buffer> | null = null;
  #messageId = 0;

  constructor(connection: Connection, parties: AssociationParties, contexts: readonly AcceptedContext[]) {
    this.#connection = connection;
    this.parties = parties;
    this.contexts = new Map(contexts.map((context) => [context.id, context]));
    const peerMax = parties.peerMaxPduLength;
    // A limit that leaves no room for a value is no limit that anyone means. Values are even in all transfer syntaxes, and
    // so are their fragments.
    this.#fragmentLength =
      peerMax > 12 ? Math.min(peerMax - 6 - (peerMax % 2), longestFragment) : longestFragment;
  }

  get peer(): string {
    return this.#connection.peer;
  }

  get address(): string {
    return this.#connection.address;
  }

  nextMessageId(): number {
    this.#messageId = (this.#messageId % 0xffff) + 1;
    return this.#messageId;
  }

  /**
   * The next message; null once the peer has released the association (which is confirmed).
   * @throws LUC_DICOM_NET_ABORTED, LUC_DICOM_NET_CONNECTION_LOST, LUC_DICOM_NET_TIMEOUT, LUC_DICOM_NET_PROTOCOL
   */
  async receive(): Promise<Message | null> {
    if (this.#unread) for await (const _ of this.#unread);
    this.#unread = null;
    return this.#guard(async () => {
      const read = await this.#command();
      if (!read) {
        await this.#connection.end(encodeReleaseResponse(), closeSeconds);
        return null;
      }
      const { context, command } = read;
      const dataSet = hasDataSet(command) ? this.#fragments(context.id) : null;
      this.#unread = dataSet;
      return { context, command, dataSet };
    });
  }

  async #guard<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw await refuseBytes(this.#connection, error);
    }
  }

  /** Header of the next presentation data value; null when the peer asks for release. */
  async #value(): Promise<DataValue | null> {
    while (this.#unitLeft === 0) {
      const { type, length } = await readHeader(this.#connection);
      if (type === pduType.data) {
        if (length > ownMaxPduLength || length < 6) {
          throw new PduError(`a P-DATA unit has ${length} bytes`, abortReason.invalidParameter);
        }
        this.#unitLeft = length;
        continue;
      }
      if (length > longestOtherPdu) {
        throw new PduError(`a unit has ${length} bytes`, abortReason.invalidParameter);
      }
      if (type !== pduType.releaseRequest && type !== pduType.abort) {
        throw new PduError(`a unit of type ${type} is out of place`, abortReason.unexpectedPdu);
      }
      const body = await this.#connection.take(length);
      if (type === pduType.releaseRequest) return null;
      this.#connection.destroy();
      throw abortedError(this.peer, decodeAbort(body));
    }
    if (this.#unitLeft < 6) throw new PduError('a data value is cut', abortReason.invalidParameter);
    const header = await this.#connection.take(6);
    const length = header.readUInt32BE(0);
    if (length < 2 || length + 4 > this.#unitLeft) {
      throw new PduError('a data value is longer than its unit', abortReason.invalidParameter);
    }
    this.#unitLeft -= length + 4;
    const control = header.readUInt8(5);
    return {
      contextId: header.readUInt8(4),
      command: (control & 1) !== 0,
      last: (control & 2) !== 0,
      length: length - 2,
    };
  }

  async #command(): Promise<{ context: AcceptedContext; command: CommandSet } | null> {
    const parts: Buffer[] = [];
    let total = 0;
    let context: AcceptedContext | undefined;
    for (;;) {
      const value = await this.#value();
      if (!value && !context) return null;
      if (!value?.command) throw new PduError('no command came', abortReason.unexpectedPdu);
      const found = this.contexts.get(value.contextId);
      if (!found || (context && found !== context)) {
        throw new PduError('a command names another context', abortReason.invalidParameter);
      }
      context = found;
      total += value.length;
      if (total > longestCommand) throw new PduError('a command is too long', abortReason.invalidParameter);
      parts.push(await this.#connection.take(value.length));
      if (value.last) return { context, command: decodeCommandSet(Buffer.concat(parts)) };
    }
  }

  /** No `return`: a reader that stops early leaves the rest to be read by `receive`. */
  #fragments(contextId: number): AsyncIterableIterator<Buffer> {
    let value: DataValue | null = null;
    let left = 0;
    let ended = false;
    const next = async (): Promise<IteratorResult<Buffer>> => {
      while (left === 0) {
        if (ended || value?.last) {
          ended = true;
          return { done: true, value: undefined };
        }
        value = await this.#value();
        if (!value || value.command) {
          throw new PduError('the data set is not complete', abortReason.unexpectedPdu);
        }
        if (value.contextId !== contextId) {
          throw new PduError('a data set names another context', abortReason.invalidParameter);
        }
        left = value.length;
      }
      const piece = await this.#connection.some(left);
      left -= piece.length;
      return { done: false, value: piece };
    };
    const iterator: AsyncIterableIterator<Buffer> = {
      next: () => this.#guard(next),
      [Symbol.asyncIterator]: () => iterator,
    };
    return iterator;
  }

  /**
   * Sends a command and the data set that belongs to it.
   * @param dataSet pieces of any length, encoded in the context's transfer syntax
   * @throws LUC_DICOM_NET_CONNECTION_LOST, LUC_DICOM_NET_TIMEOUT, and what reading `dataSet` throws
   */
  async send(
    contextId: number,
    command: CommandSet,
    dataSet: Iterable<Buffer> | AsyncIterable<Buffer> | null = null,
  ): Promise<void> {
    await this.#sendPieces(contextId, true, [encodeCommandSet(command, dataSet !== null)]);
    if (dataSet) await this.#sendPieces(contextId, false, dataSet);
  }

  async #sendPieces(
    contextId: number,
    command: boolean,
    pieces: Iterable<Buffer> | AsyncIterable<Buffer>,
  ): Promise<void> {
    // One fragment is held back, because the last one must say that it is the last.
    let held: Buffer = Buffer.alloc(0);
    for await (const piece of pieces) {
      for (let at = 0; at < piece.length; at += this.#fragmentLength) {
        if (held.length > 0) await this.#sendFragment(contextId, command, false, held);
        held = piece.subarray(at, at + this.#fragmentLength);
      }
    }
    await this.#sendFragment(contextId, command, true, held);
  }

  async #sendFragment(contextId: number, command: boolean, last: boolean, fragment: Buffer): Promise<void> {
    const header = Buffer.alloc(dataHeaderLength);
    writeDataHeader(header, { contextId, command, last, length: fragment.length });
    await this.#connection.write(header, fragment);
  }

  /** Asks for release, waits for the answer for a little while, and closes. Never throws: all work is done by then. */
  async release(): Promise<void> {
    const deadline = setTimeout(() => this.#connection.destroy(), closeSeconds * 1000);
    try {
      await this.#connection.write(encodeReleaseRequest());
      // Late responses may still stand in front of the answer.
      for (let type: number = pduType.data; type === pduType.data; ) {
        const header = await readHeader(this.#connection);
        if (header.length > ownMaxPduLength) break;
        await this.#connection.take(header.length);
        type = header.type;
      }
    } catch {
      // The peer has gone already.
    } finally {
      clearTimeout(deadline);
      await this.#connection.end(null, closeSeconds);
    }
  }

  /** Ends the association at once. */
  async abort(): Promise<void> {
    await this.#connection.end(encodeAbort({ source: 0, reason: abortReason.notSpecified }), closeSeconds);
  }
}
