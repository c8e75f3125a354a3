import { once } from 'node:events';
import net from 'node:net';
import { type CommandSet, encodeCommandSet } from '../dimse/command-set.js';
import { dataHeaderLength, encodeAssociateRequest, writeDataHeader } from '../upper-layer/encode-pdu.js';
import { dicomApplicationContext } from '../upper-layer/pdu.js';
import { secondaryCapture } from './node.js';

/** A peer that sends whatever bytes it is told to. */
export class RawPeer {
  readonly socket: net.Socket;
  #received: Buffer = Buffer.alloc(0);

  private constructor(socket: net.Socket) {
    this.socket = socket;
    socket.on('error', () => undefined);
    socket.on('data', (chunk: Buffer) => {
      this.#received = Buffer.concat([this.#received, chunk]);
    });
  }

  static async connect(port: number): Promise<RawPeer> {
    const socket = net.connect(port, '127.0.0.1');
    await once(socket, 'connect');
    return new RawPeer(socket);
  }

  send(bytes: Buffer): void {
    this.socket.write(bytes);
  }

  /** Types of the units received once the other side has closed. */
  async typesAtEnd(): Promise<number[]> {
    if (!this.socket.closed) await once(this.socket, 'close');
    const types: number[] = [];
    for (let at = 0; at + 6 <= this.#received.length; at += 6 + this.#received.readUInt32BE(at + 2)) {
      types.push(this.#received.readUInt8(at));
    }
    return types;
  }

  /** Waits until so many bytes have come in. */
  async until(bytes: number): Promise<Buffer> {
    while (this.#received.length < bytes) await once(this.socket, 'data');
    return this.#received;
  }
}

/** A valid association request for secondary captures in implicit little endian, as context 1. */
export function associateRequest(change: object = {}): Buffer {
  return encodeAssociateRequest({
    protocolVersion: 1,
    applicationContext: dicomApplicationContext,
    calledAeTitle: 'LUCENCY',
    callingAeTitle: 'RAW',
    maxPduLength: 16_384,
    implementationClassUid: '2.25.1',
    implementationVersionName: 'RAW',
    contexts: [{ id: 1, abstractSyntax: secondaryCapture, transferSyntaxes: ['1.2.840.10008.1.2.1'] }],
    ...change,
  });
}

/** A P-DATA unit with one value. */
export function dataUnit(command: boolean, last: boolean, fragment: Buffer, contextId = 1): Buffer {
  const header = Buffer.alloc(dataHeaderLength);
  writeDataHeader(header, { contextId, command, last, length: fragment.length });
  return Buffer.concat([header, fragment]);
}

export function storeCommand(sopInstanceUid: string): Buffer {
  const command: CommandSet = {
    affectedSopClassUid: secondaryCapture,
    commandField: 1,
    messageId: 1,
    priority: 0,
    affectedSopInstanceUid: sopInstanceUid,
  };
  return dataUnit(true, true, encodeCommandSet(command, true));
}
