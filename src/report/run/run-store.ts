import { rm } from 'node:fs/promises';
import path from 'node:path';
import { LucencyError } from '../../core/errors.js';
import { isVolumeKind } from '../../core/reader-kinds.js';
import type { ModelUse, Reading, StudySummary } from '../../core/reading.js';
import { type FolderLock, lockFolder } from '../../files/folder-lock.js';
import { makeFolders } from '../../files/make-folders.js';
import { makeFolder, onOutput, writeWhole } from '../../files/output-file.js';
import type { PictureSet } from '../picture/picture-set.js';
import { writePictures } from './picture-files.js';
import { clearRun, holdsRun } from './run-folder.js';
import { closeRunLines, openRunLines, type RunLines } from './run-lines.js';
import {
  type Failure,
  identityDifference,
  imageKey,
  noCounts,
  type RunIdentity,
  type RunRecord,
  readRunRecord,
  runFiles,
  runFolders,
} from './run-record.js';
import { readReadings, readResults } from './run-results.js';

export interface OpenRunOptions extends RunIdentity {
  /** Replace the run that the folder holds. */
  readonly force: boolean;
  /** Go on with the run that the folder holds; starts a new one where there is none. */
  readonly resume: boolean;
}

/**
 * Opens the output folder of a run, made if it is missing.
 *
 * @throws LUC_USAGE_OUTPUT_EXISTS when the folder holds results and neither `force` nor `resume` is given;
 * LUC_OUTPUT_RESUME_MISMATCH, LUC_OUTPUT_NOT_A_RUN or LUC_OUTPUT_DAMAGED when they cannot be resumed;
 * LUC_OUTPUT_IN_USE while another run writes there; LUC_OUTPUT_LINK, LUC_OUTPUT_UNWRITABLE, LUC_OUTPUT_FULL
 */
export async function openRun(out: string, options: OpenRunOptions): Promise<RunStore> {
  const folder = path.resolve(out);
  if (options.force && options.resume) {
    throw new LucencyError('LUC_USAGE_INVALID', { reason: '--force and --resume exclude each other.' });
  }
  await onOutput(folder, () => makeFolders(folder));
  const lock = await lockFolder(folder);
  try {
    return await openLocked(folder, options, lock);
  } catch (error) {
    await lock.release();
    throw error;
  }
}

async function openLocked(folder: string, options: OpenRunOptions, lock: FolderLock): Promise<RunStore> {
  const { version, models, options: settings } = options;
  const hasResults = await holdsRun(folder);
  if (hasResults && !options.force && !options.resume) {
    throw new LucencyError('LUC_USAGE_OUTPUT_EXISTS', { path: folder });
  }
  if (hasResults && options.force) await clearRun(folder);
  for (const name of Object.values(runFolders)) await makeFolder(path.join(folder, name));

  const now = new Date().toISOString();
  const done = new Map<string, Reading['verdict']>();
  let record: RunRecord = {
    schema: 'lucency.run/1',
    version,
    options: settings,
    models,
    volumeModels: [],
    startedAt: now,
    resumedAt: [],
    finishedAt: null,
    counts: noCounts(),
  };
  if (hasResults && options.resume) {
    const earlier = await readRunRecord(folder);
    const what = identityDifference(earlier, record);
    if (what !== null) throw new LucencyError('LUC_OUTPUT_RESUME_MISMATCH', { path: folder, what });
    record = { ...earlier, resumedAt: [...earlier.resumedAt, now], finishedAt: null };
    // What could not be read is tried again, and more images may join a study: both are written anew.
    for (const name of [runFiles.failures, runFiles.studies]) {
      await onOutput(folder, () => rm(path.join(folder, name), { force: true }));
    }
  }
  const files = await openRunLines(folder);
  try {
    for await (const { input, frame, verdict } of readResults(folder)) {
      done.set(imageKey({ input, frame }), verdict);
    }
    await writeWhole(path.join(folder, runFiles.record), `${JSON.stringify(record, null, 2)}\n`);
  } catch (error) {
    await closeRunLines(files);
    throw error;
  }
  return new RunStore(folder, record, files, done, lock);
}

/** Writes the results of a run, one by one: a crash loses at most the images in flight. */
export class RunStore {
  /** Absolute path of the output folder. */
  readonly folder: string;
  readonly #record: RunRecord;
  readonly #files: RunLines;
  readonly #done: Map<string, Reading['verdict']>;
  readonly #lock: FolderLock;
  #failed = 0;

  constructor(
    folder: string,
    record: RunRecord,
    files: RunLines,
    done: Map<string, Reading['verdict']>,
    lock: FolderLock,
  ) {
    this.folder = folder;
    this.#record = record;
    this.#files = files;
    this.#done = done;
    this.#lock = lock;
  }

  /** Whether this image was read already, in this run or before it was resumed. `frame` as in the reading. */
  has(input: string, frame?: number): boolean {
    return this.#done.has(imageKey({ input, frame }));
  }

  /** Number of images read, those from before a resume included. */
  get size(): number {
    return this.#done.size;
  }

  /**
   * Writes one reading and its pictures. The reading's line is written last, so a reading that is listed is complete.
   *
   * @throws LUC_OUTPUT_FULL, LUC_OUTPUT_UNWRITABLE
   */
  async write(reading: Reading, pictures: PictureSet | null): Promise<void> {
    if (pictures) await this.#files.pictureList.append(await writePictures(this.folder, reading, pictures));
    await this.#files.readings.append(reading);
    this.#done.set(imageKey(reading), reading.verdict);
    if (isVolumeKind(reading.kind)) this.#noteModels(reading.models);
    await this.#lock.renew();
  }

  #noteModels(models: readonly ModelUse[]): void {
    const known = new Set(this.#record.volumeModels.map(({ id }) => id));
    for (const added of models.filter(({ id }) => !known.has(id))) this.#record.volumeModels.push(added);
  }

  /** Notes an input that could not be read; a resumed run tries it again. */
  async fail(input: string, error: LucencyError, frame?: number): Promise<void> {
    const failure: Failure = {
      input,
      ...(frame === undefined ? {} : { frame }),
      code: error.code,
      message: error.message,
      advice: error.advice,
    };
    await this.#files.failures.append(failure);
    this.#failed++;
    await this.#lock.renew();
  }

  /** All readings of the run so far, those from before a resume included, in the order in which they were written. */
  readings(): AsyncGenerator<Reading> {
    return readReadings(this.folder);
  }

  /** Completes the run: writes the study summaries, notes the time and lets go of the folder. */
  async finish(studies: readonly StudySummary[]): Promise<void> {
    try {
      await writeWhole(path.join(this.folder, runFiles.studies), `${JSON.stringify(studies, null, 2)}\n`);
    } catch (error) {
      await this.#close(null).catch(() => undefined);
      throw error;
    }
    await this.#close(new Date().toISOString());
  }

  /** Lets go of the folder without completing the run, so that it can be resumed. */
  async interrupt(): Promise<void> {
    await this.#close(null);
  }

  async #close(finishedAt: string | null): Promise<void> {
    const counts = noCounts();
    for (const verdict of this.#done.values()) counts[verdict]++;
    counts.failed = this.#failed;
    const record: RunRecord = { ...this.#record, finishedAt, counts };
    try {
      await closeRunLines(this.#files);
      await writeWhole(path.join(this.folder, runFiles.record), `${JSON.stringify(record, null, 2)}\n`);
    } finally {
      await this.#lock.release();
    }
  }
}
