import { type FileHandle, open, rm } from 'node:fs/promises';

/** Bytes that are gathered before they are written; one such batch is written while the next is gathered. */
const batchBytes = 2 ** 19;

/** Bytes of the start that stay in memory: an object's identity mostly stands there. */
const headBytes = 2 ** 17;

async function writeAll(handle: FileHandle, pieces: readonly Buffer[], position: number): Promise<void> {
  const total = pieces.reduce((sum, piece) => sum + piece.length, 0);
  let { bytesWritten: done } = await handle.writev(pieces, position);
  if (done === total) return;
  // A disk that is almost full takes a part; only the next write tells why.
  const whole = Buffer.concat(pieces);
  while (done < total) {
    done += (await handle.write(whole, done, total - done, position + done)).bytesWritten;
  }
}

/** A file that is being received: written in batches, so that memory holds two of them and no more. */
export class PartFile {
  readonly path: string;
  readonly #handle: FileHandle;
  #pieces: Buffer[] = [];
  #gathered = 0;
  #position = 0;
  #writing: Promise<void> = Promise.resolve();
  #head: Buffer = Buffer.alloc(0);

  private constructor(path: string, handle: FileHandle) {
    this.path = path;
    this.#handle = handle;
  }

  /** @throws system errors, as the other methods do */
  static async create(path: string): Promise<PartFile> {
    return new PartFile(path, await open(path, 'wx+', 0o640));
  }

  /** Bytes added so far. */
  get size(): number {
    return this.#position + this.#gathered;
  }

  async add(piece: Buffer): Promise<void> {
    if (this.#head.length < headBytes) {
      this.#head = Buffer.concat([this.#head, piece.subarray(0, headBytes - this.#head.length)]);
    }
    this.#pieces.push(piece);
    this.#gathered += piece.length;
    if (this.#gathered >= batchBytes) await this.#flush();
  }

  async #flush(): Promise<void> {
    await this.#writing;
    const pieces = this.#pieces;
    if (pieces.length === 0) return;
    this.#writing = writeAll(this.#handle, pieces, this.#position);
    // It is awaited by the next flush; until then a failure must not end the process.
    this.#writing.catch(() => undefined);
    this.#position += this.#gathered;
    this.#pieces = [];
    this.#gathered = 0;
  }

  /** Hands all that was added to the system, so that it can be read back. */
  async flush(): Promise<void> {
    await this.#flush();
    await this.#writing;
  }

  /** Gives back bytes that were added; `flush` must have been awaited. */
  async read(position: number, length: number): Promise<Buffer> {
    if (position + length <= this.#head.length || this.#head.length === this.size) {
      return this.#head.subarray(position, position + length);
    }
    const bytes = Buffer.alloc(Math.min(length, this.size - position));
    const { bytesRead } = await this.#handle.read(bytes, 0, bytes.length, position);
    return bytes.subarray(0, bytesRead);
  }

  /** Returns once every byte is on the disk. */
  async sync(): Promise<void> {
    await this.flush();
    await this.#handle.datasync();
  }

  async close(): Promise<void> {
    await this.#writing.catch(() => undefined);
    await this.#handle.close();
  }

  /** Closes and removes it. */
  async discard(): Promise<void> {
    await this.close().catch(() => undefined);
    await rm(this.path, { force: true }).catch(() => undefined);
  }
}
