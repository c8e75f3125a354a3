import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { LucencyError } from '../../core/errors.js';
import type { Outbox } from './outbox.js';
import { QuietStudies } from './quiet-studies.js';
import { type ReadStudy, readStudy, type StudyReaders } from './read-study.js';
import { type StudyResult, StudyResultFolder } from './study-result.js';

export interface StudyAnalyserOptions {
  /** Folder of an `ObjectStore`. */
  readonly receivingFolder: string;
  readonly readers: StudyReaders;
  /** Version of Lucency, which stands in every object. */
  readonly version: string;
  /** How long nothing must have come of a study before it is read. */
  readonly quietSeconds: number;
  /** Takes DICOM objects; null when they only stay in `results/`. */
  readonly objects: Pick<Outbox, 'put'> | null;
  /** Takes the result as JSON; null when it only stays in `results/`. */
  readonly json: Pick<Outbox, 'put'> | null;
  readonly onNote: (line: string) => void;
}

/** Most tries of a study during which the process ended: one that kills it must not keep the others from being read. */
const mostTries = 3;

/**
 * Reads each received study once it is quiet, one after the other. What is done with is noted on the disk after its results
 * are there and listed for delivery, so that a restart at any moment neither loses nor skips a study.
 */
export class StudyAnalyser {
  readonly #options: StudyAnalyserOptions;
  readonly #quiet: QuietStudies;
  readonly #stop = new AbortController();
  #work: Promise<void> = Promise.resolve();

  constructor(options: StudyAnalyserOptions) {
    this.#options = options;
    this.#quiet = new QuietStudies(options.quietSeconds, (study) => this.#enqueue(study));
  }

  /** Takes up what was received and not read before a restart. @returns number of such studies */
  async resume(): Promise<number> {
    const studies = await readdir(path.join(this.#options.receivingFolder, 'studies'));
    let count = 0;
    for (const study of studies) {
      const results = new StudyResultFolder(this.#options.receivingFolder, study);
      if ((await results.pending(await results.state())).length === 0) continue;
      count++;
      this.arrived(study);
    }
    return count;
  }

  /** An object of the study has been stored. */
  arrived(study: string): void {
    if (!this.#stop.signal.aborted) this.#quiet.arrived(study);
  }

  /** Stops after the image, or within the volume, in flight; the study that it belongs to is read again after a restart. */
  async close(): Promise<void> {
    this.#quiet.close();
    this.#stop.abort();
    await this.#work;
  }

  #enqueue(study: string): void {
    this.#work = this.#work.then(async () => {
      if (this.#stop.signal.aborted) return;
      try {
        await this.#analyse(study);
      } catch (error) {
        const words = error instanceof LucencyError ? error.toLine() : String(error);
        this.#options.onNote(`${study} could not be analysed and is tried again: ${words}`);
        this.#quiet.arrived(study);
      }
    });
  }

  async #analyse(study: string): Promise<void> {
    const { receivingFolder, readers, version, onNote } = this.#options;
    const results = new StudyResultFolder(receivingFolder, study);
    const state = await results.state();
    const files = await results.pending(state);
    if (files.length === 0) return;
    const tries = state.tries + 1;
    await results.writeState({ ...state, tries });
    const before = without(await results.result(), files);
    let read: ReadStudy | null;
    if (tries > mostTries) {
      const { code, message } = new LucencyError('LUC_RECEIVE_GAVE_UP', { study, tries: mostTries });
      onNote(`${code}: ${message}`);
      const given = files.map((file) => ({ input: path.basename(file), code, message }));
      const result = { ...before, failures: [...before.failures, ...given] };
      read = { result, readings: [], failures: given, objects: [] };
    } else {
      const { signal } = this.#stop;
      const sources = { received: await results.received(), pending: files };
      const { objectsFolder } = results;
      read = await readStudy(before, sources, readers, { objectsFolder, version, signal, onNote });
      // Stopped in the middle: the try does not count.
      if (!read) return results.writeState(state);
    }
    const { result, objects } = read;
    await results.writeResult(result);
    const analysed = [...state.analysed, ...files.map((file) => path.basename(file))];
    const name = `${study}-${analysed.length}`;
    if (objects.length > 0) await this.#options.objects?.put(name, study, objects);
    if (result.readings.length + result.failures.length > 0) {
      await this.#options.json?.put(name, study, [results.resultFile]);
    }
    await results.writeState({ ...state, analysed, tries: 0 });
    onNote(`${study}: ${summaryWords(read)}, ${objects.length} DICOM object(s) made`);
  }
}

/** A result without what an earlier try has left of these files. */
function without(result: StudyResult, files: readonly string[]): StudyResult {
  const names = new Set(files.map((file) => path.basename(file)));
  return {
    ...result,
    readings: result.readings.filter(({ input }) => !names.has(input)),
    failures: result.failures.filter(({ input }) => !names.has(input)),
  };
}

function summaryWords({ result: { summary }, readings, failures }: ReadStudy): string {
  const images = readings.filter(({ kind }) => kind === 'radiograph').length;
  const volumes = readings.length - images;
  const words = [
    `${images} image(s) read`,
    ...(volumes > 0 ? [`${volumes} volume(s) read`] : []),
    ...(failures.length > 0 ? [`${failures.length} not`] : []),
    ...(summary ? [`study: ${summary.verdict}`] : []),
  ];
  return words.join(', ');
}
