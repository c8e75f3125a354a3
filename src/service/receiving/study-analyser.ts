import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { LucencyError } from '../../core/errors.js';
import { isVolumeKind } from '../../core/reader-kinds.js';
import { waitSeconds } from '../../dicom/network/delivery/back-off.js';
import type { Readers } from '../../reading/readers.js';
import { givenUpObjects } from './given-up-objects.js';
import { holdsSlices } from './holds-slices.js';
import { Lane } from './lane.js';
import type { Outbox } from './outbox.js';
import { QuietStudies } from './quiet-studies.js';
import { type ReadReceivedOptions, type ReceivedReading, readReceived } from './read-received.js';
import { retryRequests, takeRetryRequest } from './retry-requests.js';
import { type AnalysisState, type StudyResult, StudyResultFolder } from './study-result.js';

export interface StudyAnalyserOptions extends Pick<ReadReceivedOptions, 'explain' | 'candidates'> {
  /** Folder of an `ObjectStore`. */
  readonly receivingFolder: string;
  readonly readers: Readers;
  /** Version of Lucency, which stands in every object. */
  readonly version: string;
  /** How long nothing must have come of a study before it is read. */
  readonly quietSeconds: number;
  /** Takes DICOM objects; null when they only stay in `results/`. */
  readonly objects: Pick<Outbox, 'put'> | null;
  /** Takes the result as JSON; null when it only stays in `results/`. */
  readonly json: Pick<Outbox, 'put'> | null;
  readonly onNote: (line: string) => void;
  /**
   * How long a study waits after each try during which the process ended; one that has been tried once more than there are
   * waits is given up. @default [30, 300, 1800]
   */
  readonly retryWaitsSeconds?: readonly number[];
  /** How often requests to try given-up studies again are looked for. @default 5 */
  readonly requestSeconds?: number;
}

/** Studies of images that are read side by side, and those that hold volumes: a long CT must not keep radiographs waiting. */
const imageStudiesAtOnce = 3;
const volumeStudiesAtOnce = 2;
/** Wait after a failure that is not the study's own, such as a full disk. */
const faultBackOff = { firstSeconds: 5, mostSeconds: 300 };

/**
 * Reads each received study once it is quiet. What is done with is noted on the disk after its results are there and listed for
 * delivery, so that a restart at any moment neither loses nor skips a study. No study holds up another: images and volumes
 * have lanes of their own, and a study during which the process ended waits longer after each time, and runs with no other
 * such study beside it, so that it pays for its own faults alone.
 */
export class StudyAnalyser {
  readonly #options: StudyAnalyserOptions;
  readonly #retryWaits: readonly number[];
  readonly #quiet: QuietStudies;
  readonly #stop = new AbortController();
  readonly #lanes = {
    images: new Lane(imageStudiesAtOnce),
    volumes: new Lane(volumeStudiesAtOnce),
    suspects: new Lane(1),
  };
  /** What is being done for each study; of one study nothing overlaps. */
  readonly #work = new Map<string, Promise<void>>();
  /** Studies that wait after a failure, and how often it has come in a row. */
  readonly #waits = new Map<string, { failures: number; timer: NodeJS.Timeout }>();
  /** Studies whose request is about to be taken. */
  readonly #asked = new Set<string>();
  #requests: NodeJS.Timeout | null = null;

  constructor(options: StudyAnalyserOptions) {
    this.#options = options;
    this.#retryWaits = options.retryWaitsSeconds ?? [30, 300, 1800];
    this.#quiet = new QuietStudies(options.quietSeconds, (study) => this.#enqueue(study));
  }

  /** Takes up what was received and not read before a restart. @returns number of such studies */
  async resume(): Promise<number> {
    await this.#takeRequests();
    await Promise.all(this.#work.values());
    const studies = await readdir(path.join(this.#options.receivingFolder, 'studies'));
    let count = 0;
    for (const study of studies) {
      const results = new StudyResultFolder(this.#options.receivingFolder, study);
      if ((await results.pending(await results.state())).length === 0) continue;
      count++;
      this.arrived(study);
    }
    const { requestSeconds = 5 } = this.#options;
    this.#requests ??= setInterval(() => void this.#takeRequests(), requestSeconds * 1000);
    return count;
  }

  /** Given-up studies that someone wants to be tried again. */
  async #takeRequests(): Promise<void> {
    const { receivingFolder, onNote } = this.#options;
    for (const study of await retryRequests(receivingFolder)) {
      if (this.#asked.has(study)) continue;
      this.#asked.add(study);
      this.#chain(study, async () => {
        try {
          if (!(await takeRetryRequest(receivingFolder, study))) return;
          onNote(`${study} is tried again, as was asked`);
          this.arrived(study);
        } catch (error) {
          onNote(`the request to try ${study} again cannot be taken: ${String(error)}`);
        } finally {
          this.#asked.delete(study);
        }
      });
    }
  }

  /** An object of the study has been stored. */
  arrived(study: string): void {
    if (!this.#stop.signal.aborted) this.#quiet.arrived(study);
  }

  /** Stops after the image, or within the volume, in flight; the study that it belongs to is read again after a restart. */
  async close(): Promise<void> {
    this.#quiet.close();
    this.#stop.abort();
    if (this.#requests) clearInterval(this.#requests);
    for (const { timer } of this.#waits.values()) clearTimeout(timer);
    await Promise.all(this.#work.values());
  }

  #enqueue(study: string): void {
    this.#chain(study, () => this.#tend(study));
  }

  /** One thing after another of one study. `next` does not reject. */
  #chain(study: string, next: () => Promise<void>): void {
    const before = this.#work.get(study) ?? Promise.resolve();
    const work = before.then(next);
    this.#work.set(study, work);
    void work.then(() => {
      if (this.#work.get(study) === work) this.#work.delete(study);
    });
  }

  async #tend(study: string): Promise<void> {
    const { receivingFolder, onNote } = this.#options;
    if (this.#stop.signal.aborted) return;
    const results = new StudyResultFolder(receivingFolder, study);
    try {
      const state = await results.state();
      const wait = this.#waitOf(state);
      if (wait > 0) {
        onNote(`${study} was being read when the process ended; it is tried again in ${Math.ceil(wait)} s`);
        this.#later(study, wait);
        return;
      }
      const lane = await this.#laneOf(results, state);
      await lane.run(() => this.#analyse(study, results));
      this.#waits.delete(study);
    } catch (error) {
      const words = error instanceof LucencyError ? error.toLine() : String(error);
      const failures = this.#waits.get(study)?.failures ?? 0;
      const wait = waitSeconds(faultBackOff, failures);
      onNote(`${study} could not be analysed and is tried again in ${Math.ceil(wait)} s: ${words}`);
      this.#later(study, wait, failures + 1);
    }
  }

  /** Seconds until a study may be tried again during which the process ended. */
  #waitOf({ tries, lastTry }: AnalysisState): number {
    const wait = tries === 0 ? 0 : (this.#retryWaits[tries - 1] ?? 0);
    const since =
      lastTry === undefined ? Number.POSITIVE_INFINITY : (Date.now() - Date.parse(lastTry)) / 1000;
    return Math.max(0, wait - since);
  }

  #later(study: string, seconds: number, failures = 0): void {
    if (this.#stop.signal.aborted) return;
    clearTimeout(this.#waits.get(study)?.timer);
    const timer = setTimeout(() => this.#enqueue(study), seconds * 1000);
    this.#waits.set(study, { failures, timer });
  }

  async #laneOf(results: StudyResultFolder, state: AnalysisState): Promise<Lane> {
    if (state.tries > 0) return this.#lanes.suspects;
    return (await holdsSlices(await results.pending(state))) ? this.#lanes.volumes : this.#lanes.images;
  }

  async #analyse(study: string, results: StudyResultFolder): Promise<void> {
    if (this.#stop.signal.aborted) return;
    const state = await results.state();
    const files = await results.pending(state);
    if (files.length === 0) return;
    const names = files.map((file) => path.basename(file));
    const before = without(await results.result(), names);
    if (state.tries > this.#retryWaits.length) {
      await this.#giveUp(study, results, state, files, before);
      return;
    }
    const { readers, version, onNote, explain, candidates } = this.#options;
    let begun = false;
    let read: ReceivedReading | null = null;
    try {
      read = await readReceived(before, { received: await results.received(), pending: files }, readers, {
        ...(explain === undefined ? {} : { explain }),
        ...(candidates === undefined ? {} : { candidates }),
        objectsFolder: results.objectsFolder,
        version,
        signal: this.#stop.signal,
        onNote,
        onBegin: async () => {
          if (begun) return;
          begun = true;
          const lastTry = new Date().toISOString();
          await results.writeState({ ...state, tries: state.tries + 1, lastTry });
        },
      });
    } finally {
      // Stopped, or failed for a reason that has a name: the process lives, so the try does not count.
      if (!read && begun) await results.writeState(state);
    }
    if (!read) return;
    await results.writeResult(read.result);
    const analysed = [...state.analysed, ...names];
    await this.#deliver(study, results, read.result, analysed.length, read.objects);
    await results.writeState({ ...state, analysed, tries: 0 });
    onNote(`${study}: ${summaryWords(read)}, ${read.objects.length} DICOM object(s) made`);
  }

  async #deliver(
    study: string,
    results: StudyResultFolder,
    result: StudyResult,
    revision: number,
    objects: readonly string[],
  ): Promise<void> {
    const name = `${study}-${revision}`;
    if (objects.length > 0) await this.#options.objects?.put(name, study, objects);
    if (result.readings.length + result.failures.length > 0) {
      await this.#options.json?.put(name, study, [results.resultFile]);
    }
  }

  /** Says to the person, to the destinations and on the disk that a study was given up; a request has it tried again. */
  async #giveUp(
    study: string,
    results: StudyResultFolder,
    state: AnalysisState,
    files: readonly string[],
    before: StudyResult,
  ): Promise<void> {
    const { version, onNote } = this.#options;
    const { tries } = state;
    const error = new LucencyError('LUC_RECEIVE_GAVE_UP', { study, tries });
    const { code, message } = error;
    onNote(error.toLine());
    const names = files.map((file) => path.basename(file));
    const given = names.map((input) => ({ input, code, message }));
    const result = { ...before, failures: [...before.failures, ...given] };
    await results.writeResult(result);
    const objects = await givenUpObjects(results.objectsFolder, files, error, version, onNote);
    const analysed = [...state.analysed, ...names];
    await this.#deliver(study, results, result, analysed.length, objects);
    const givenUp = [...(state.givenUp ?? []), { files: names, at: new Date().toISOString(), tries }];
    await results.writeState({ ...state, analysed, tries: 0, givenUp });
  }
}

/** A result without what an earlier try has left of these files. */
function without(result: StudyResult, files: readonly string[]): StudyResult {
  const names = new Set(files);
  return {
    ...result,
    readings: result.readings.filter(({ input }) => !names.has(input)),
    failures: result.failures.filter(({ input }) => !names.has(input)),
  };
}

function summaryWords({ result: { summary }, readings, failures }: ReceivedReading): string {
  const volumes = readings.filter(({ kind }) => isVolumeKind(kind)).length;
  const words = [
    `${readings.length - volumes} image(s) read`,
    ...(volumes > 0 ? [`${volumes} volume(s) read`] : []),
    ...(failures.length > 0 ? [`${failures.length} not`] : []),
    ...(summary ? [`study: ${summary.verdict}`] : []),
  ];
  return words.join(', ');
}
