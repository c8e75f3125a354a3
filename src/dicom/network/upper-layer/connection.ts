import type { Socket } from 'node:net';
import { LucencyError } from '../../../core/errors.js';

const nothing = Buffer.alloc(0);

/** Most bytes that are read and thrown away while the peer is given the time to read our last words. */
const mostDiscardedBytes = 2 ** 20;

export interface ConnectionOptions {
  /** Longest wait for the next bytes of the peer, and for it to take ours. */
  readonly idleSeconds: number;
}

/** An error of the transport as a catalogued one. */
function connectionError(cause: unknown, peer: string): LucencyError {
  if (cause instanceof LucencyError) return cause;
  const reason = cause instanceof Error ? cause.message : 'it was closed';
  return new LucencyError('LUC_DICOM_NET_CONNECTION_LOST', { peer, reason }, { cause });
}

/**
 * A TCP or TLS connection whose bytes are taken when they are wanted: a slow disk slows the sender down, and memory holds
 * no more than what the socket last gave.
 */
export class Connection {
  /** Address and port of the other side. */
  readonly peer: string;
  readonly #socket: Socket;
  readonly #idleMs: number;
  readonly #chunks: AsyncIterator<Buffer>;
  #chunk: Buffer = nothing;

  constructor(socket: Socket, { idleSeconds }: ConnectionOptions) {
    this.#socket = socket;
    this.#idleMs = idleSeconds * 1000;
    this.peer = `${socket.remoteAddress ?? '?'}:${socket.remotePort ?? '?'}`;
    socket.setNoDelay(true);
    // Failures show up where the bytes are taken; without a listener they would end the process.
    socket.on('error', () => undefined);
    socket.on('timeout', () => this.expire('the next bytes', idleSeconds));
    this.#chunks = socket[Symbol.asyncIterator]();
  }

  /** Address of the other side without its port. */
  get address(): string {
    return this.#socket.remoteAddress ?? '';
  }

  /** Ends the connection because a wait has become too long. */
  expire(waitingFor: string, seconds: number): void {
    const details = { peer: this.peer, waitingFor, seconds };
    this.#socket.destroy(new LucencyError('LUC_DICOM_NET_TIMEOUT', details));
  }

  async #pull(): Promise<boolean> {
    this.#socket.setTimeout(this.#idleMs);
    try {
      const next = await this.#chunks.next();
      if (next.done) return false;
      this.#chunk = next.value;
      return true;
    } catch (error) {
      throw connectionError(error, this.peer);
    } finally {
      this.#socket.setTimeout(0);
    }
  }

  /** From 1 to `most` bytes, as they come. @throws LUC_DICOM_NET_CONNECTION_LOST, LUC_DICOM_NET_TIMEOUT */
  async some(most: number): Promise<Buffer> {
    while (this.#chunk.length === 0) {
      if (!(await this.#pull())) throw connectionError(null, this.peer);
    }
    const taken = this.#chunk.subarray(0, most);
    this.#chunk = this.#chunk.subarray(taken.length);
    return taken;
  }

  /** Exactly `count` bytes. @throws LUC_DICOM_NET_CONNECTION_LOST, LUC_DICOM_NET_TIMEOUT */
  async take(count: number): Promise<Buffer> {
    if (count === 0) return nothing;
    const first = await this.some(count);
    if (first.length === count) return first;
    const parts = [first];
    for (let length = first.length; length < count; ) {
      const part = await this.some(count - length);
      parts.push(part);
      length += part.length;
    }
    return Buffer.concat(parts);
  }

  /** Resolves when there is room for more. @throws LUC_DICOM_NET_CONNECTION_LOST, LUC_DICOM_NET_TIMEOUT */
  async write(...parts: readonly Buffer[]): Promise<void> {
    const socket = this.#socket;
    if (socket.destroyed || socket.writableEnded) throw connectionError(socket.errored, this.peer);
    socket.cork();
    let room = true;
    for (const part of parts) room = socket.write(part);
    socket.uncork();
    if (room) return;
    socket.setTimeout(this.#idleMs);
    try {
      await new Promise<void>((resolve, reject) => {
        const drained = (): void => {
          socket.off('close', closed);
          resolve();
        };
        const closed = (): void => {
          socket.off('drain', drained);
          reject(connectionError(socket.errored, this.peer));
        };
        socket.once('drain', drained).once('close', closed);
      });
    } finally {
      socket.setTimeout(0);
    }
  }

  /** Says the last words, waits until the peer has closed its side or the time is up, and closes. */
  async end(lastWords: Buffer | null, waitSeconds: number): Promise<void> {
    const deadline = setTimeout(() => this.#socket.destroy(), waitSeconds * 1000);
    try {
      if (lastWords) this.#socket.end(lastWords);
      else this.#socket.end();
      let discarded = this.#chunk.length;
      while (discarded < mostDiscardedBytes && (await this.#pull())) discarded += this.#chunk.length;
    } catch {
      // It is closed, which is all that is wanted.
    } finally {
      clearTimeout(deadline);
      this.#socket.destroy();
    }
  }

  destroy(): void {
    this.#socket.destroy();
  }
}
