import path from 'node:path';
import type { LucencyError } from '../../core/errors.js';
import { isVolumeKind } from '../../core/reader-kinds.js';
import type { Reading } from '../../core/reading.js';
import { summariseStudies } from '../../radiograph/study.js';
import { type ReadStudiesOptions, readStudies } from '../../reading/read-studies.js';
import type { Readers } from '../../reading/readers.js';
import { DicomFolderSink } from '../../reading/sinks/dicom-folder.js';
import { receivedStudySource, type StudyFiles } from '../../reading/sources/received-study.js';
import type { StudyResult } from './study-result.js';

export interface ReadReceivedOptions extends Pick<ReadStudiesOptions, 'explain' | 'candidates'> {
  /** Takes the results as DICOM objects. */
  readonly objectsFolder: string;
  /** Version of Lucency, which stands in every object. */
  readonly version: string;
  readonly signal: AbortSignal;
  /** Called before the first pixel of the study is touched: from then on it may be what ends the process. */
  readonly onBegin: () => Promise<void>;
  readonly onNote: (line: string) => void;
}

type Failure = StudyResult['failures'][number];

export interface ReceivedReading {
  readonly result: StudyResult;
  /** What this reading has added to the result. */
  readonly readings: readonly Reading[];
  readonly failures: readonly Failure[];
  /** Files of the DICOM objects. */
  readonly objects: readonly string[];
}

/** A result without its volumes, which `slices` are the files of; and the readings that are gone with them. */
function withoutVolumes(
  result: StudyResult,
  slices: ReadonlySet<string>,
): { kept: StudyResult; gone: readonly Reading[] } {
  const names = new Set([result.study, ...[...slices].map((file) => path.basename(file))]);
  const stays = ({ kind, input }: Reading): boolean => !isVolumeKind(kind) && !names.has(input);
  const kept = {
    ...result,
    readings: result.readings.filter(stays),
    failures: result.failures.filter(({ input }) => !names.has(input)),
  };
  return { kept, gone: result.readings.filter((reading) => !stays(reading)) };
}

/** Adds what is read of a study to what was known of it. */
class ReceivedStudy {
  kept: StudyResult;
  #gone: readonly Reading[] = [];
  readonly #readings: Reading[] = [];
  readonly #failures: Failure[] = [];
  readonly #objects: string[] = [];

  constructor(before: StudyResult) {
    this.kept = before;
  }

  volumesAnew(slices: ReadonlySet<string>): void {
    const { kept, gone } = withoutVolumes(this.kept, slices);
    this.kept = kept;
    this.#gone = gone;
  }

  add(reading: Reading, files: readonly string[]): void {
    const input = path.basename(reading.input);
    // A volume that is read anew with late slices takes the place of what was said of it before.
    const before = this.#gone.find(({ kind, id }) => kind === reading.kind && id !== undefined);
    const replaced = before?.id === undefined ? {} : { supersedes: before.id };
    this.#readings.push({ ...reading, ...replaced, input });
    for (const file of files) this.#objects.push(file);
  }

  /** @returns whether it is a failure; reports and presentation states are part of a study, too */
  fail(input: string, { code, message, nothingToRead }: LucencyError): boolean {
    if (nothingToRead) return false;
    this.#failures.push({ input: path.basename(input), code, message });
    return true;
  }

  finish(): ReceivedReading {
    const [readings, failures, objects] = [this.#readings, this.#failures, this.#objects];
    const all = [...this.kept.readings, ...readings];
    const [summary = null] = summariseStudies(all);
    const failed = [...this.kept.failures, ...failures];
    return {
      result: { ...this.kept, summary, readings: all, failures: failed },
      readings,
      failures,
      objects,
    };
  }
}

/**
 * Reads what has come of a study: the pending radiographs and, when a pending file is a slice of CT or PET, the volumes of
 * the whole study anew, as slices of one series may come on both sides of a pause.
 * @param before the result so far, without the pending files
 * @returns null when stopped before the end
 * @throws LUC_OUTPUT_*, LUC_MODEL_*
 */
export async function readReceived(
  before: StudyResult,
  files: StudyFiles,
  readers: Readers,
  options: ReadReceivedOptions,
): Promise<ReceivedReading | null> {
  const { objectsFolder, version, onNote, ...reading } = options;
  const study = new ReceivedStudy(before);
  const sink = new DicomFolderSink(objectsFolder, { version, refused: false });
  let volumes = false;
  for await (const event of readStudies(receivedStudySource(files), readers, reading)) {
    if (event.kind === 'volumes') {
      volumes = true;
      study.volumesAnew(event.slices);
    } else if (event.kind === 'reading') {
      const { outcome } = event;
      const made = await sink.take(outcome);
      study.add(outcome.reading, made.files);
      if (made.error) study.fail(outcome.reading.input, made.error);
    } else if (event.kind === 'failure') {
      const { input, error } = event;
      if (study.fail(input, error) && volumes) {
        // Messages may name the patient or what a technician typed; codes do not.
        onNote(`${before.study}: a volume could not be read, ${error.code}; study.json says why`);
      }
    }
  }
  return options.signal.aborted ? null : study.finish();
}
