import { copyFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { LucencyError } from '../core/errors.js';
import { type FolderLock, lockFolder } from '../files/folder-lock.js';
import { JsonLinesFile, readJsonLines } from '../files/json-lines.js';
import { makeFolders } from '../files/make-folders.js';
import { onOutput, writeWhole } from '../files/output-file.js';
import { safeName } from '../files/safe-name.js';

const sentSchema = z.object({
  file: z.string(),
  size: z.number(),
  modifiedMs: z.number(),
  destination: z.string(),
});
type Sent = z.infer<typeof sentSchema>;

function keyOf({ file, size, modifiedMs, destination }: Sent): string {
  return JSON.stringify([file, size, modifiedMs, destination]);
}

/**
 * What `lucency send` remembers in its `--out` folder: `sent.jsonl`, so that the same command goes on where it stopped, and
 * `dead-letter/`, copies of what the destination refuses, each with the reason beside it.
 */
export class SendRecord {
  readonly #folder: string;
  readonly #destination: string;
  readonly #file: JsonLinesFile;
  readonly #lock: FolderLock;
  readonly #done: Set<string>;

  private constructor(
    folder: string,
    destination: string,
    file: JsonLinesFile,
    lock: FolderLock,
    done: Set<string>,
  ) {
    this.#folder = folder;
    this.#destination = destination;
    this.#file = file;
    this.#lock = lock;
    this.#done = done;
  }

  /** @throws LUC_OUTPUT_IN_USE, LUC_OUTPUT_UNWRITABLE, LUC_OUTPUT_DAMAGED */
  static async open(folder: string, destination: string): Promise<SendRecord> {
    await onOutput(folder, () => makeFolders(path.join(folder, 'dead-letter')));
    const lock = await lockFolder(folder);
    try {
      const list = path.join(folder, 'sent.jsonl');
      const file = await JsonLinesFile.open(list);
      const done = new Set<string>();
      for await (const { text, line } of readJsonLines(list)) done.add(keyOf(parseLine(text, list, line)));
      return new SendRecord(folder, destination, file, lock, done);
    } catch (error) {
      await lock.release();
      throw error;
    }
  }

  async #entry(file: string): Promise<Sent> {
    const { size, mtimeMs } = await stat(file);
    return { file: path.resolve(file), size, modifiedMs: mtimeMs, destination: this.#destination };
  }

  /** Whether this very file was delivered there by an earlier run. */
  async has(file: string): Promise<boolean> {
    return this.#done.has(keyOf(await this.#entry(file)));
  }

  async sent(file: string): Promise<void> {
    await this.#file.append(await this.#entry(file));
    await this.#lock.renew();
  }

  /** Lays a copy of the file and the reason into the dead-letter folder. */
  async dead(file: string, { code, message, advice }: LucencyError): Promise<void> {
    const name = path.join(this.#folder, 'dead-letter', safeName(path.resolve(file)));
    await copyFile(file, `${name}.dcm`).catch(() => undefined);
    const reason = { file: path.resolve(file), destination: this.#destination, code, message, advice };
    await writeWhole(`${name}.json`, `${JSON.stringify(reason, null, 2)}\n`);
  }

  async close(): Promise<void> {
    await this.#file.close();
    await this.#lock.release();
  }
}

function parseLine(text: string, list: string, line: number): Sent {
  try {
    return sentSchema.parse(JSON.parse(text));
  } catch (cause) {
    const details = { path: list, line, reason: 'it names no sent file' };
    throw new LucencyError('LUC_OUTPUT_DAMAGED', details, { cause });
  }
}
