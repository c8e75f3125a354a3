import path from 'node:path';
import { LucencyError } from '../../core/errors.js';
import type { Reading } from '../../core/reading.js';
import { syncFile } from '../../dicom/network/store/write-durably.js';
import type { ResultObject } from '../../dicom/results/result-object.js';
import type { InputItem } from '../../image/input/input-item.js';
import { findInputs } from '../../image/inputs.js';
import { VolumeSorter } from '../../image/volume/volume-sorter.js';
import type { Reader } from '../../radiograph/open-reader.js';
import { summariseStudies } from '../../radiograph/study.js';
import { dicomResults } from '../results/dicom-results.js';
import { volumeDicomResults } from '../results/volume-dicom-results.js';
import { writeObjects } from '../results/write-objects.js';
import { readVolumes } from '../volumes/read-volumes.js';
import type { VolumeReaders } from '../volumes/volume-readers.js';
import { isOwnResult } from './own-object.js';
import type { StudyResult } from './study-result.js';

export interface StudyReaders {
  readonly radiographs: Pick<Reader, 'readInputs'>;
  readonly volumes: VolumeReaders;
}

/** Files of one study, absolute. */
export interface StudyFiles {
  /** All that have come. */
  readonly received: readonly string[];
  /** Those of them that are not done with. */
  readonly pending: readonly string[];
}

export interface ReadStudyOptions {
  /** Takes the results as DICOM objects. */
  readonly objectsFolder: string;
  /** Version of Lucency, which stands in every object. */
  readonly version: string;
  readonly signal: AbortSignal;
  readonly onNote: (line: string) => void;
}

type Failure = StudyResult['failures'][number];

export interface ReadStudy {
  readonly result: StudyResult;
  /** What this reading has added to the result. */
  readonly readings: readonly Reading[];
  readonly failures: readonly Failure[];
  /** Files of the DICOM objects. */
  readonly objects: readonly string[];
}

/** Gathers what is read of a study. */
class Gathered {
  readonly readings: Reading[] = [];
  readonly failures: Failure[] = [];
  readonly objects: string[] = [];
  readonly #options: ReadStudyOptions;

  constructor(options: ReadStudyOptions) {
    this.#options = options;
  }

  fail(input: string, { code, message }: LucencyError): boolean {
    // Reports and presentation states are part of a study, too; there is nothing to read in them.
    if (code === 'LUC_DICOM_NO_PIXELS') return false;
    this.failures.push({ input: path.basename(input), code, message });
    return true;
  }

  /** A refused reading makes no objects. */
  async read(reading: Reading, draw: (version: string) => Promise<ResultObject[]>): Promise<void> {
    this.readings.push({ ...reading, input: path.basename(reading.input) });
    if (reading.verdict === 'refused') return;
    const { objectsFolder, version } = this.#options;
    try {
      const written = await writeObjects(objectsFolder, await draw(version));
      for (const file of written) await syncFile(file);
      for (const added of written) this.objects.push(added);
    } catch (error) {
      if (!(error instanceof LucencyError) || error.code.startsWith('LUC_OUTPUT_')) throw error;
      this.fail(reading.input, error);
    }
  }
}

async function* only(
  items: AsyncGenerator<InputItem>,
  wanted: ReadonlySet<string>,
): AsyncGenerator<InputItem> {
  for await (const item of items) if (wanted.has(item.input)) yield item;
}

/** A result without its volumes, which `slices` are the files of. */
function withoutVolumes(result: StudyResult, slices: ReadonlySet<string>): StudyResult {
  const names = new Set([result.study, ...[...slices].map((file) => path.basename(file))]);
  return {
    ...result,
    readings: result.readings.filter(({ kind, input }) => kind === 'radiograph' && !names.has(input)),
    failures: result.failures.filter(({ input }) => !names.has(input)),
  };
}

/**
 * Reads what has come of a study: the pending radiographs and, when a pending file is a slice of CT or PET, the volumes of
 * the whole study anew, as slices of one series may come on both sides of a pause.
 * @param before the result so far, without the pending files
 * @returns null when stopped before the end
 * @throws LUC_OUTPUT_*
 */
export async function readStudy(
  before: StudyResult,
  { received, pending }: StudyFiles,
  { radiographs, volumes }: StudyReaders,
  options: ReadStudyOptions,
): Promise<ReadStudy | null> {
  const { signal, onNote } = options;
  const gathered = new Gathered(options);
  const own = new Set<string>();
  for (const file of pending) if (await isOwnResult(file)) own.add(file);
  const fresh = new Set(pending.filter((file) => !own.has(file)));
  const foreign = received.filter((file) => !own.has(file));

  const sorter = new VolumeSorter();
  const slices = new Set<string>();
  const images = sorter.images(findInputs(foreign), (input) => slices.add(input));
  for await (const event of radiographs.readInputs(only(images, fresh), { signal })) {
    if (event.kind === 'error') gathered.fail(event.input, event.error);
    else {
      const { result } = event;
      await gathered.read(result.reading, (version) => dicomResults(result, { version }));
    }
  }
  if (signal.aborted) return null;

  let kept = before;
  if ([...slices].some((file) => fresh.has(file))) {
    kept = withoutVolumes(before, slices);
    for await (const event of readVolumes(await sorter.plans(), volumes, { signal })) {
      if (event.kind === 'refused') await gathered.read(event.reading, async () => []);
      else if (event.kind === 'result') {
        const { result, plan } = event;
        await gathered.read(result.reading, (version) => volumeDicomResults(result, plan, { version }));
      } else if (gathered.fail(event.input, event.error)) {
        // Messages may name the patient or what a technician typed; codes do not.
        onNote(`${before.study}: a volume could not be read, ${event.error.code}; study.json says why`);
      }
    }
    if (signal.aborted) return null;
  }

  const { readings, failures, objects } = gathered;
  const all = [...kept.readings, ...readings];
  const [summary = null] = summariseStudies(all);
  const result = { ...kept, summary, readings: all, failures: [...kept.failures, ...failures] };
  return { result, readings, failures, objects };
}
