import { LucencyError } from '../core/errors.js';
import type { Reading, StudySummary } from '../core/reading.js';
import type { InputItem } from '../image/input/input-item.js';
import type { ReadablePlan, RefusedPlan, VolumePlan } from '../image/volume/volume-plan.js';
import { VolumeSorter } from '../image/volume/volume-sorter.js';
import { studyTimeLimitSeconds } from '../models/open-volume-reader.js';
import { StudyCollector } from '../radiograph/study.js';
import { radiographOutcome, unseenOutcome, volumeOutcome } from './reader-registry.js';
import type { Readers } from './readers.js';
import type { ReadingOutcome } from './reading-outcome.js';
import { pathsSource } from './sources/paths.js';
import type { StudySource } from './sources/study-source.js';
import { loadInThread } from './volumes/load-in-thread.js';

/** One step of reading studies. */
export type StudyEvent =
  /** An image or volume was read, or refused with the reason. */
  | { readonly kind: 'reading'; readonly outcome: ReadingOutcome }
  /** An input could not be read; the others go on. */
  | { readonly kind: 'failure'; readonly input: string; readonly error: LucencyError }
  /** All images have been read, and volumes come next. `slices`: the files that they are made of. */
  | { readonly kind: 'volumes'; readonly count: number; readonly slices: ReadonlySet<string> }
  /** What the readings of one study come to; after all readings. */
  | { readonly kind: 'study'; readonly summary: StudySummary };

export interface ReadStudiesOptions {
  /** Stops after the image, or within the volume, in flight; nothing follows then. */
  readonly signal?: AbortSignal;
  /** Inputs for which this returns true are passed over (already read in an earlier run). */
  readonly skip?: (input: string) => boolean;
  /** Also compute heat maps. @default as the readers were opened */
  readonly explain?: boolean;
  /** Also list what the networks proposed below the doubtful threshold. @default as the readers were opened */
  readonly candidates?: boolean;
  /** Longest that one volume may take. @default as the readers were opened */
  readonly studyTimeLimitSeconds?: number;
  /** Called before the first byte of an input's pixels is decoded; reading waits for it. */
  readonly onBegin?: (input: string) => Promise<void>;
  /** Share of one volume that is done, 0 to 1, and the step. */
  readonly onProgress?: (input: string, done: number, step: string) => void;
  /** Told of every file that is part of a volume, as it is met. */
  readonly onSlice?: (input: string) => void;
  /** Told of files that hold nothing to read: no images, or results of Lucency. */
  readonly onPassedOver?: (input: string) => void;
}

/** Share of a study's time that loading its voxels is taken to be, for progress only. */
const loadingShare = 0.2;

interface Settings {
  readonly explain?: boolean;
  readonly allCandidates?: boolean;
}

function settingsOf({ explain, candidates }: ReadStudiesOptions): Settings {
  return {
    ...(explain === undefined ? {} : { explain }),
    ...(candidates === undefined ? {} : { allCandidates: candidates }),
  };
}

function asLucencyError(cause: unknown, input: string): LucencyError {
  if (cause instanceof LucencyError) return cause;
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new LucencyError('LUC_VOLUME_READ_FAILED', { input, reason }, { cause });
}

/** The reading of a study that no reader is made for. */
function refusedReading({ input, study, kind, error, size }: RefusedPlan): Reading {
  const [width, height, depth] = size;
  return {
    schema: 'lucency.reading/1',
    input,
    kind,
    ...(study === null ? {} : { study }),
    image: { width, height, depth, pixelSpacingMm: null, region: null },
    verdict: 'refused',
    refusal: { code: error.code, reason: `${error.message} ${error.advice}` },
    probability: null,
    findings: [],
    models: [],
    timingsMs: {},
  };
}

/** One call of `readStudies`. */
class StudyReading {
  readonly #source: StudySource;
  readonly #readers: Readers;
  readonly #options: ReadStudiesOptions;
  readonly #sorter = new VolumeSorter();
  readonly #slices = new Set<string>();

  constructor(source: StudySource, readers: Readers, options: ReadStudiesOptions) {
    this.#source = source;
    this.#readers = readers;
    this.#options = options;
  }

  get #stopped(): boolean {
    return this.#options.signal?.aborted ?? false;
  }

  #isFresh(input: string): boolean {
    return this.#source.isFresh?.(input) ?? true;
  }

  /** The images among the inputs; slices are put aside. */
  async *#images(): AsyncGenerator<InputItem> {
    const { onSlice, onPassedOver, onBegin } = this.#options;
    const found = this.#source.inputs((input) => onPassedOver?.(input));
    const images = this.#sorter.images(found, (input) => {
      this.#slices.add(input);
      onSlice?.(input);
    });
    for await (const image of images) {
      if (!this.#isFresh(image.input)) continue;
      if (!('error' in image)) await onBegin?.(image.input);
      yield image;
    }
  }

  async *radiographs(): AsyncGenerator<StudyEvent> {
    const { signal, skip } = this.#options;
    const reader = await this.#readers.radiographs();
    const answeredBy = [this.#readers.answering.card.id];
    const events = reader.readInputs(this.#images(), {
      ...settingsOf(this.#options),
      ...(signal ? { signal } : {}),
      ...(skip ? { skip } : {}),
    });
    for await (const event of events) {
      if (event.kind === 'error') yield { kind: 'failure', input: event.input, error: event.error };
      else yield { kind: 'reading', outcome: radiographOutcome(event.result, answeredBy) };
    }
  }

  async *volumes(): AsyncGenerator<StudyEvent> {
    if (this.#stopped) return;
    // Slices that all came before are the volume that was read before.
    const known = this.#slices.size > 0 && ![...this.#slices].some((input) => this.#isFresh(input));
    const planned = known ? [] : await this.#sorter.plans();
    if (planned.length === 0) return;
    yield { kind: 'volumes', count: planned.length, slices: this.#slices };
    for (const plan of planned) {
      if (this.#stopped) return;
      yield* this.#volume(plan);
    }
  }

  async *#volume(plan: VolumePlan): AsyncGenerator<StudyEvent> {
    if (plan.state === 'failed') {
      yield { kind: 'failure', input: plan.input, error: plan.error };
      return;
    }
    if (this.#options.skip?.(plan.input)) return;
    if (plan.state === 'refused') {
      yield { kind: 'reading', outcome: unseenOutcome(refusedReading(plan)) };
      return;
    }
    const release = await this.#readers.volumeTurn();
    try {
      let event: StudyEvent;
      try {
        event = { kind: 'reading', outcome: await this.#read(plan) };
      } catch (cause) {
        if (this.#stopped) return;
        event = { kind: 'failure', input: plan.input, error: asLucencyError(cause, plan.input) };
      }
      // The voxels are in memory until the taker of the event is done with them.
      yield event;
    } finally {
      release();
    }
  }

  async #read(plan: ReadablePlan): Promise<ReadingOutcome> {
    const { signal, onProgress, onBegin } = this.#options;
    const limit =
      this.#options.studyTimeLimitSeconds ?? this.#readers.studyTimeLimitSeconds ?? studyTimeLimitSeconds;
    // Models that are missing are told before minutes go into the voxels.
    const reader = await this.#readers.volumes(plan.kind);
    const tell = (done: number, step: string): void => onProgress?.(plan.input, done, step);
    await onBegin?.(plan.input);
    const study = await loadInThread(plan, {
      signal,
      timeLimitSeconds: limit,
      onProgress: (done, step) => tell(loadingShare * done, step),
    });
    const result = await reader.read(study, {
      ...settingsOf(this.#options),
      signal,
      timeLimitSeconds: limit - (performance.now() - study.started) / 1000,
      onProgress: (done, step) => tell(loadingShare + (1 - loadingShare) * done, step),
    });
    return volumeOutcome(result, plan, reader.modelIds);
  }
}

/**
 * Reads studies: radiographs one by one as they are found, then volumes (CT, PET/CT) one after another, then what each study
 * comes to. This is the one way in which anything is read: commands, the DICOM node and users of the library are hosts of it,
 * and hand each outcome to their sinks. An input that cannot be read is an event, and the rest goes on. The heavy work is done in
 * worker threads, so that the event loop stays free; memory does not grow with the number of inputs.
 *
 * @param source paths, or any other source of studies
 * @throws LUC_MODEL_* when the networks of radiographs cannot be loaded
 */
export async function* readStudies(
  source: StudySource | readonly string[],
  readers: Readers,
  options: ReadStudiesOptions = {},
): AsyncGenerator<StudyEvent> {
  const from = 'inputs' in source ? source : pathsSource(source);
  const reading = new StudyReading(from, readers, options);
  const studies = new StudyCollector();
  try {
    for (const part of [reading.radiographs(), reading.volumes()]) {
      for await (const event of part) {
        if (event.kind === 'reading') studies.add(event.outcome.reading);
        yield event;
      }
    }
    if (options.signal?.aborted) return;
    for (const summary of studies.summaries()) yield { kind: 'study', summary };
  } finally {
    await from.close?.();
  }
}
