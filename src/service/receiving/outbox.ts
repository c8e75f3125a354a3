import { readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { LucencyError } from '../../core/errors.js';
import { sleep } from '../../dicom/network/delivery/back-off.js';
import { deliver } from '../../dicom/network/delivery/deliver.js';
import type { Destination } from '../../dicom/network/delivery/destination.js';
import { makeFolders } from '../../files/make-folders.js';
import { writeDurably } from '../../files/output-file.js';

const entrySchema = z.object({
  schema: z.literal('lucency.outbox/1'),
  study: z.string(),
  /** Relative to the receiving folder. */
  files: z.array(z.string()),
});
type Entry = z.infer<typeof entrySchema>;

const backOff = { firstSeconds: 2, mostSeconds: 300 };
const triesPerFile = 8;

export interface OutboxOptions {
  readonly receivingFolder: string;
  /** Name of the folder in `outbox/` and `dead-letter/`. */
  readonly name: string;
  readonly destination: Destination;
  readonly signal: AbortSignal;
  readonly onNote: (line: string) => void;
}

/**
 * Results on their way to a destination. They are listed on the disk until it has them, however long it is away and however
 * often we are restarted; what it refuses for good is listed in `dead-letter/`.
 */
export class Outbox {
  readonly #options: OutboxOptions;
  readonly #folder: string;
  readonly #deadLetters: string;
  #wake: AbortController = new AbortController();

  private constructor(options: OutboxOptions) {
    this.#options = options;
    this.#folder = path.join(options.receivingFolder, 'outbox', options.name);
    this.#deadLetters = path.join(options.receivingFolder, 'dead-letter', options.name);
    options.signal.addEventListener('abort', () => this.#wake.abort(), { once: true });
  }

  static async open(options: OutboxOptions): Promise<Outbox> {
    const outbox = new Outbox(options);
    await makeFolders(outbox.#folder);
    await makeFolders(outbox.#deadLetters);
    return outbox;
  }

  /** Lists files for delivery. The same name replaces an entry that still waits. */
  async put(name: string, study: string, files: readonly string[]): Promise<void> {
    const relative = files.map((file) => path.relative(this.#options.receivingFolder, file));
    const entry: Entry = { schema: 'lucency.outbox/1', study, files: relative };
    await writeDurably(path.join(this.#folder, `${name}.json`), `${JSON.stringify(entry)}\n`);
    this.#wake.abort();
  }

  /** Delivers what is listed and what will be, until the signal is raised. */
  async run(): Promise<void> {
    const { signal } = this.#options;
    while (!signal.aborted) {
      this.#wake = new AbortController();
      const names = (await readdir(this.#folder)).filter((name) => name.endsWith('.json')).sort();
      let done = 0;
      for (const name of names) {
        if (signal.aborted) return;
        if (await this.#deliver(name)) done++;
      }
      // All is delivered, or the destination takes nothing from us now.
      if (!signal.aborted && (names.length === 0 || done < names.length)) {
        await sleep(backOff.mostSeconds, this.#wake.signal);
      }
    }
  }

  /** Whether the entry is done with. */
  async #deliver(name: string): Promise<boolean> {
    const { destination, signal, receivingFolder, onNote } = this.#options;
    const file = path.join(this.#folder, name);
    const refused: { file: string; code: string; message: string }[] = [];
    try {
      const { study, files } = entrySchema.parse(JSON.parse(await readFile(file, 'utf8')));
      const left = await deliver({
        destination,
        files: files.map((relative) => path.join(receivingFolder, relative)),
        backOff,
        retrySeconds: Number.POSITIVE_INFINITY,
        triesPerFile,
        signal,
        onSent: async () => undefined,
        onDead: async (path, { code, message }) => {
          refused.push({ file: path, code, message });
        },
        onRetry: (error, seconds) => onNote(`${error.toLine()} Next try in ${seconds.toFixed(0)} s.`),
      });
      if (left.length > 0) return false;
      if (refused.length > 0) {
        const letter = { schema: 'lucency.dead-letter/1', study, destination: destination.name, refused };
        await writeDurably(path.join(this.#deadLetters, name), `${JSON.stringify(letter, null, 2)}\n`);
        const [first] = refused;
        onNote(
          `Results of ${study}: ${refused.length} of ${files.length} refused. ${first?.code}: ${first?.message}`,
        );
      } else onNote(`Results of ${study} delivered to ${destination.name}`);
      await rm(file, { force: true });
      return true;
    } catch (error) {
      // Nothing is lost: the entry stays, and is tried again.
      onNote(error instanceof LucencyError ? error.toLine() : `${name}: ${String(error)}`);
      return false;
    }
  }
}
