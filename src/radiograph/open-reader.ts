import { availableParallelism } from 'node:os';
import path from 'node:path';
import { LucencyError } from '../core/errors.js';
import { decodedBudget } from '../image/decoded-budget.js';
import type { FoundInput, InputItem } from '../image/input/input-item.js';
import { findInputs } from '../image/inputs.js';
import { ModelRegistry, type RegisteredModel } from '../models/registry.js';
import { SessionHost } from '../models/session-host.js';
import { workerPool } from '../models/threads/worker-pool.js';
import { answeringModel, chooseEnsemble, type Ensemble, membersOf } from './ensemble.js';
import { FrameReader, preparePlanOf, type RadiographResult, type ReadingOptions } from './frame-reader.js';
import { PrepareHost } from './prepare-host.js';

export interface RadiographReaderOptions {
  /** Folder of models; default: `models/` of this package. */
  readonly models?: string;
  /** Cores that one network run may use; default: all. */
  readonly threads?: number;
  /** Fracture networks to use, by model id; default: all that the combiner weighs. */
  readonly networks?: readonly string[];
  /** Also list what the networks proposed below the doubtful threshold. */
  readonly allCandidates?: boolean;
  /** Also compute heat maps. */
  readonly explain?: boolean;
  /** Longest that one frame may take to decode and resize. @default 60 */
  readonly imageTimeLimitSeconds?: number;
  /** Longest that all frames of one file may take together. @default 1800 */
  readonly studyTimeLimitSeconds?: number;
}

/** What changes an answer; where absent, as the reader was opened. */
export type RadiographReadSettings = Partial<ReadingOptions>;

export interface RadiographReadOptions extends RadiographReadSettings {
  /** Stops after the image in flight. */
  readonly signal?: AbortSignal;
  /** Inputs for which this returns true are passed over (already read in an earlier run). */
  readonly skip?: (input: string) => boolean;
  /** Called for files of a folder whose content is no image; of `readPaths` alone. */
  readonly onSkippedFile?: (input: string) => void;
}

/** One outcome of a run: an image read, or an input that could not be. */
export type RadiographEvent =
  | { readonly kind: 'result'; readonly result: RadiographResult }
  | { readonly kind: 'error'; readonly input: string; readonly error: LucencyError };

// While one image is in the networks the next one is decoded; a third would only hold memory.
const imagesInFlight = 2;

/** Reads radiographs. Opened once: the networks are loaded into a worker thread and stay there. */
export class RadiographReader {
  readonly #reader: FrameReader;
  readonly #host: SessionHost;
  readonly #ensemble: Ensemble;
  readonly #options: ReadingOptions;
  readonly #studyTimeLimitSeconds: number;
  readonly #free: PrepareHost[];
  readonly #waiting: Array<(host: PrepareHost) => void> = [];
  #closing: Promise<void> | null = null;

  private constructor(host: SessionHost, ensemble: Ensemble, options: RadiographReaderOptions) {
    this.#host = host;
    this.#ensemble = ensemble;
    this.#reader = new FrameReader(host, ensemble);
    this.#options = { allCandidates: options.allCandidates ?? false, explain: options.explain ?? false };
    this.#studyTimeLimitSeconds = options.studyTimeLimitSeconds ?? 1800;
    const limit = options.imageTimeLimitSeconds;
    this.#free = Array.from({ length: imagesInFlight }, () => new PrepareHost(limit));
    // Before any thread is begun: threads take part in the budget that this one holds.
    decodedBudget();
    workerPool.open();
  }

  /** @throws LUC_MODEL_* when a model is missing, tampered with or cannot be run */
  static async open(options: RadiographReaderOptions = {}): Promise<RadiographReader> {
    const registry = await ModelRegistry.open(options.models);
    const ensemble = chooseEnsemble(registry, options.networks ?? null);
    const host = new SessionHost(registry, options.threads ?? availableParallelism());
    const reader = new RadiographReader(host, ensemble, options);
    try {
      await reader.#reader.load();
    } catch (error) {
      await reader.close();
      throw error;
    }
    return reader;
  }

  /** The models that take part, in the order of their use. */
  get models(): RegisteredModel[] {
    return membersOf(this.#ensemble);
  }

  /** The model whose card holds the accuracy of the verdict: the combiner, or the one network that answers alone. */
  get answering(): RegisteredModel {
    return answeringModel(this.#ensemble);
  }

  /**
   * Reads one image: every frame of it, in order.
   * @param bytes content of a DICOM, PNG, JPEG or TIFF file
   * @param name how the input is called in the reading
   * @throws LUC_IMAGE_*, LUC_DICOM_* when it cannot be decoded
   */
  async read(
    bytes: Uint8Array,
    name = 'image',
    settings: RadiographReadSettings = {},
  ): Promise<RadiographResult[]> {
    const results: RadiographResult[] = [];
    const item = { input: name, study: null, read: async () => bytes };
    for await (const result of this.#frames(item, settings)) results.push(result);
    return results;
  }

  /**
   * Reads files, folders, DICOMDIRs and zip archives. Results come one by one in the order of the inputs; memory
   * does not grow with their number. An input that cannot be read is an `error` event, and the rest goes on.
   */
  readPaths(paths: readonly string[], options: RadiographReadOptions = {}): AsyncGenerator<RadiographEvent> {
    const found = findInputs(paths, options.onSkippedFile ? { onSkipped: options.onSkippedFile } : {});
    return this.readInputs(found, options);
  }

  /** As `readPaths`, of inputs that were found already. */
  async *readInputs(
    inputs: AsyncGenerator<InputItem>,
    options: Omit<RadiographReadOptions, 'onSkippedFile'> = {},
  ): AsyncGenerator<RadiographEvent> {
    const inFlight: Array<{
      rest: AsyncGenerator<RadiographEvent>;
      first: Promise<IteratorResult<RadiographEvent>>;
    }> = [];
    let more = true;
    const launch = async (): Promise<void> => {
      while (more && inFlight.length < imagesInFlight && !options.signal?.aborted) {
        const next = await inputs.next();
        if (next.done) more = false;
        else if (!options.skip?.(next.value.input)) {
          const rest = this.#events(next.value, options);
          inFlight.push({ rest, first: rest.next() });
        }
      }
    };
    try {
      for (;;) {
        await launch();
        const head = inFlight[0];
        if (!head || options.signal?.aborted) return;
        for (let event = await head.first; !event.done; event = await head.rest.next()) {
          yield event.value;
          if (options.signal?.aborted) return;
        }
        inFlight.shift();
      }
    } finally {
      for (const { rest, first } of inFlight) {
        await first;
        await rest.return(undefined);
      }
      await inputs.return(undefined);
    }
  }

  async *#events(item: InputItem, settings: RadiographReadSettings): AsyncGenerator<RadiographEvent> {
    if ('error' in item) {
      yield { kind: 'error', input: item.input, error: item.error };
      return;
    }
    try {
      for await (const result of this.#frames(item, settings)) yield { kind: 'result', result };
    } catch (cause) {
      yield { kind: 'error', input: item.input, error: asLucencyError(cause, item.input) };
    }
  }

  async *#frames(
    item: Pick<FoundInput, 'input' | 'study' | 'read'>,
    settings: RadiographReadSettings,
  ): AsyncGenerator<RadiographResult> {
    const { allCandidates = this.#options.allCandidates, explain = this.#options.explain } = settings;
    const prepare = await this.#takeHost();
    let worked = 0;
    try {
      let started = performance.now();
      const bytes = await item.read();
      for await (const frame of prepare.frames(bytes, item.input, preparePlanOf(this.#ensemble))) {
        const source = { input: item.input, study: item.study, started };
        const result = await this.#reader.read(frame, source, prepare, { allCandidates, explain });
        worked += performance.now() - started;
        yield result;
        const seconds = this.#studyTimeLimitSeconds;
        if (worked > seconds * 1000)
          throw new LucencyError('LUC_RADIOGRAPH_TIMEOUT', { input: item.input, seconds });
        started = performance.now();
      }
    } finally {
      prepare.release();
      this.#giveBack(prepare);
    }
  }

  #takeHost(): Promise<PrepareHost> {
    const host = this.#free.pop();
    return host ? Promise.resolve(host) : new Promise((resolve) => this.#waiting.push(resolve));
  }

  #giveBack(host: PrepareHost): void {
    const next = this.#waiting.shift();
    if (next) next(host);
    else this.#free.push(host);
  }

  /** Ends the worker threads. */
  close(): Promise<void> {
    this.#closing ??= Promise.all([this.#host.close(), workerPool.close()]).then(() => undefined);
    return this.#closing;
  }
}

function asLucencyError(cause: unknown, input: string): LucencyError {
  if (cause instanceof LucencyError) return cause;
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new LucencyError('LUC_IMAGE_UNREADABLE', { path: path.basename(input), reason }, { cause });
}

/** Opens a reader: `const reader = await openRadiographReader(); const [result] = await reader.read(bytes);` */
export function openRadiographReader(options: RadiographReaderOptions = {}): Promise<RadiographReader> {
  return RadiographReader.open(options);
}
