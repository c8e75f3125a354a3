import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { LucencyError } from '../../core/errors.js';
import { syncFile } from '../../dicom/network/store/write-durably.js';
import type { Reader } from '../../radiograph/open-reader.js';
import type { ReadingResult } from '../../radiograph/reader.js';
import { summariseStudies } from '../../radiograph/study.js';
import { dicomResults } from '../results/dicom-results.js';
import { writeObjects } from '../results/write-objects.js';
import type { Outbox } from './outbox.js';
import { isOwnResult } from './own-object.js';
import { QuietStudies } from './quiet-studies.js';
import { type StudyResult, StudyResultFolder } from './study-result.js';

export interface StudyAnalyserOptions {
  /** Folder of an `ObjectStore`. */
  readonly receivingFolder: string;
  readonly reader: Pick<Reader, 'readPaths'>;
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

  /** Stops after the image in flight; the study that it belongs to is read again after a restart. */
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
    const { receivingFolder, onNote } = this.#options;
    const results = new StudyResultFolder(receivingFolder, study);
    const state = await results.state();
    const files = await results.pending(state);
    if (files.length === 0) return;
    const tries = state.tries + 1;
    await results.writeState({ ...state, tries });
    const before = without(await results.result(), files);
    let result: StudyResult;
    let objects: string[] = [];
    if (tries > mostTries) {
      const { code, message } = new LucencyError('LUC_RECEIVE_GAVE_UP', { study, tries: mostTries });
      onNote(`${code}: ${message}`);
      const given = files.map((file) => ({ input: path.basename(file), code, message }));
      result = { ...before, failures: [...before.failures, ...given] };
    } else {
      const read = await this.#read(results, before, files);
      // Stopped in the middle: the try does not count.
      if (!read) return results.writeState(state);
      ({ result, objects } = read);
    }
    await results.writeResult(result);
    const analysed = [...state.analysed, ...files.map((file) => path.basename(file))];
    const name = `${study}-${analysed.length}`;
    if (objects.length > 0) await this.#options.objects?.put(name, study, objects);
    if (result.readings.length + result.failures.length > 0) {
      await this.#options.json?.put(name, study, [results.resultFile]);
    }
    await results.writeState({ ...state, analysed, tries: 0 });
    onNote(`${study}: ${summaryWords(result, before)}, ${objects.length} DICOM object(s) made`);
  }

  /** Null when stopped before the end. */
  async #read(
    results: StudyResultFolder,
    before: StudyResult,
    files: readonly string[],
  ): Promise<{ result: StudyResult; objects: string[] } | null> {
    const { reader } = this.#options;
    const { signal } = this.#stop;
    const readings = [...before.readings];
    const failures = [...before.failures];
    const objects: string[] = [];
    const fail = (input: string, { code, message }: LucencyError): void => {
      // Reports and presentation states are part of a study, too; there is nothing to read in them.
      if (code !== 'LUC_DICOM_NO_PIXELS') failures.push({ input: path.basename(input), code, message });
    };
    const foreign: string[] = [];
    for (const file of files) if (!(await isOwnResult(file))) foreign.push(file);
    for await (const event of reader.readPaths(foreign, { signal })) {
      if (event.kind === 'error') {
        fail(event.input, event.error);
        continue;
      }
      const { reading } = event.result;
      readings.push({ ...reading, input: path.basename(reading.input) });
      if (reading.verdict === 'refused') continue;
      try {
        objects.push(...(await this.#writeObjects(results.objectsFolder, event.result)));
      } catch (error) {
        if (!(error instanceof LucencyError) || error.code.startsWith('LUC_OUTPUT_')) throw error;
        fail(reading.input, error);
      }
    }
    if (signal.aborted) return null;
    const [summary = null] = summariseStudies(readings);
    return { result: { ...before, summary, readings, failures }, objects };
  }

  async #writeObjects(folder: string, result: ReadingResult): Promise<string[]> {
    const written = await writeObjects(
      folder,
      await dicomResults(result, { version: this.#options.version }),
    );
    for (const file of written) await syncFile(file);
    return written;
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

function summaryWords({ summary, readings, failures }: StudyResult, before: StudyResult): string {
  const read = readings.length - before.readings.length;
  const failed = failures.length - before.failures.length;
  const verdict = summary ? `, study: ${summary.verdict}` : '';
  return `${read} image(s) read${failed > 0 ? `, ${failed} not` : ''}${verdict}`;
}
