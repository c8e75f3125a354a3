import { createReadStream } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { onOutput, openForUpdate } from './output-file.js';

const NEWLINE = 10;

/** One line of a JSON Lines file and where it stands. */
export interface JsonLine {
  readonly text: string;
  /** Bytes from the start of the file to the start of the line. */
  readonly offset: number;
  /** Length of the line in bytes, without its newline. */
  readonly length: number;
  /** 1-based. */
  readonly line: number;
}

/** The complete lines of a file, one by one; a last line without newline (torn by a crash) is left out. */
export async function* readJsonLines(path: string): AsyncGenerator<JsonLine> {
  let rest: Buffer = Buffer.alloc(0);
  let offset = 0;
  let line = 0;
  for await (const chunk of createReadStream(path)) {
    rest = rest.length === 0 ? Buffer.from(chunk) : Buffer.concat([rest, chunk]);
    let start = 0;
    for (let end = rest.indexOf(NEWLINE); end >= 0; end = rest.indexOf(NEWLINE, start)) {
      line++;
      if (end > start) {
        const text = rest.toString('utf8', start, end);
        yield { text, offset: offset + start, length: end - start, line };
      }
      start = end + 1;
    }
    offset += start;
    rest = rest.subarray(start);
  }
}

/** Appends values to a JSON Lines file, each whole or not at all, in the order of the calls. */
export class JsonLinesFile {
  readonly #path: string;
  readonly #file: FileHandle;
  #length: number;
  #last: Promise<void> = Promise.resolve();

  private constructor(path: string, file: FileHandle, length: number) {
    this.#path = path;
    this.#file = file;
    this.#length = length;
  }

  /** Opens a file, made if it is missing; a last line that a crash has torn is cut off. */
  static async open(path: string): Promise<JsonLinesFile> {
    const file = await openForUpdate(path);
    try {
      const length = await onOutput(path, () => cutTornLine(file));
      return new JsonLinesFile(path, file, length);
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** The line is on the disk when this resolves. @throws LUC_OUTPUT_FULL, LUC_OUTPUT_UNWRITABLE */
  append(value: unknown): Promise<void> {
    const line = Buffer.from(`${JSON.stringify(value)}\n`);
    const written = this.#last.then(() => this.#write(line));
    this.#last = written.catch(() => undefined);
    return written;
  }

  async #write(line: Buffer): Promise<void> {
    await onOutput(this.#path, async () => {
      try {
        for (let done = 0; done < line.length; ) {
          done += (await this.#file.write(line, done, line.length - done, this.#length + done)).bytesWritten;
        }
        await this.#file.datasync();
      } catch (error) {
        // Half a line would spoil the next one.
        await this.#file.truncate(this.#length).catch(() => undefined);
        throw error;
      }
    });
    this.#length += line.length;
  }

  async close(): Promise<void> {
    await this.#last;
    await this.#file.close();
  }
}

/** Cuts off what follows the last newline and returns the length that is left. */
async function cutTornLine(file: FileHandle): Promise<number> {
  const { size } = await file.stat();
  const block = Buffer.alloc(64 * 1024);
  for (let end = size; end > 0; ) {
    const start = Math.max(0, end - block.length);
    const { bytesRead } = await file.read(block, 0, end - start, start);
    const newline = block.subarray(0, bytesRead).lastIndexOf(NEWLINE);
    if (newline >= 0) return cutAt(file, size, start + newline + 1);
    end = start;
  }
  return cutAt(file, size, 0);
}

async function cutAt(file: FileHandle, size: number, length: number): Promise<number> {
  if (length < size) await file.truncate(length);
  return length;
}
