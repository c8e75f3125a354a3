import { availableParallelism } from 'node:os';
import { LucencyError } from '../core/errors.js';
import type {
  VolumeReader,
  VolumeReaderOptions,
  VolumeReadingResult,
  VolumeReadOptions,
  VolumeStudy,
} from '../core/volume-reading.js';
import { ModelRegistry, type RegisteredModel } from './registry.js';
import { SessionHost } from './session-host.js';
import { HandedOver, type ThreadTask } from './threads/thread-task.js';
import { workerPool } from './threads/worker-pool.js';
import { ThreadLostError } from './threads/worker-thread.js';
import type { NetworkRequest, VolumeTaskInput, VolumeTaskOutput, VolumeTaskServices } from './volume-task.js';

/** A kind of reader of volumes: its one network, and the task that reads a study with it. */
export interface VolumeReaderEntry {
  /** Also the task of the card of its network. */
  readonly kind: VolumeReader['kind'];
  readonly read: ThreadTask<VolumeTaskInput, VolumeTaskOutput, VolumeTaskServices>;
}

/** Longest that a study may take unless told otherwise, s. */
export const studyTimeLimitSeconds = 1800;

function studyError(cause: unknown, input: string): unknown {
  if (!(cause instanceof ThreadLostError)) return cause;
  return new LucencyError('LUC_VOLUME_THREAD_LOST', { input, reason: cause.message }, { cause });
}

/** How long a study may take, kept from outside of the thread that reads it. */
export function studyTimeLimit(input: string, seconds: number) {
  return { seconds, error: () => new LucencyError('LUC_VOLUME_TIMEOUT', { input, seconds }) };
}

/** Runs one task of a study in a thread of its own. @throws LUC_VOLUME_THREAD_LOST, and as `WorkerThread.run` */
export async function runStudyTask<Input, Output, S extends object>(
  task: ThreadTask<Input, Output, S>,
  input: Input,
  name: string,
  options: Parameters<typeof workerPool.run<Input, Output, S>>[2],
): Promise<Output> {
  const thread = workerPool.take();
  try {
    return await thread.run(task, input, options);
  } catch (cause) {
    throw studyError(cause, name);
  } finally {
    workerPool.give(thread);
  }
}

class ThreadedVolumeReader implements VolumeReader {
  readonly kind: VolumeReader['kind'];
  readonly modelIds: readonly string[];
  readonly #task: VolumeReaderEntry['read'];
  readonly #host: SessionHost;
  readonly #model: RegisteredModel;
  readonly #options: VolumeReaderOptions;
  #closing: Promise<void> | null = null;

  constructor(
    kind: VolumeReaderEntry,
    host: SessionHost,
    model: RegisteredModel,
    options: VolumeReaderOptions,
  ) {
    this.kind = kind.kind;
    this.modelIds = [model.card.id];
    this.#task = kind.read;
    this.#host = host;
    this.#model = model;
    this.#options = options;
    workerPool.open();
  }

  async read(
    study: VolumeStudy,
    { signal, onProgress, timeLimitSeconds = studyTimeLimitSeconds, ...settings }: VolumeReadOptions = {},
  ): Promise<VolumeReadingResult> {
    const { allCandidates = false, explain = false } = { ...this.#options, ...settings };
    const input: VolumeTaskInput = {
      study,
      elapsedMs: performance.now() - study.started,
      model: this.#model,
      settings: { allCandidates, explain },
    };
    const run = async ({ data, batch, outputs }: NetworkRequest) => {
      const done = await this.#host.run(this.#model, data, batch, outputs);
      return new HandedOver(
        done,
        Object.values(done.outputs).map((output) => output.data.buffer),
      );
    };
    const { usesPet, ...read } = await runStudyTask(this.#task, input, study.input, {
      signal,
      onProgress,
      timeLimit: studyTimeLimit(study.input, timeLimitSeconds),
      services: { run },
    });
    return { ...read, ct: study.ct, pet: usesPet ? study.pet : null };
  }

  close(): Promise<void> {
    this.#closing ??= Promise.all([this.#host.close(), workerPool.close()]).then(() => undefined);
    return this.#closing;
  }
}

/**
 * Opens a reader of volumes: its network is loaded into the thread of networks, studies are read in worker threads.
 * @throws LUC_MODEL_* when the network is missing, tampered with or cannot be run
 */
export async function openVolumeReader(
  kind: VolumeReaderEntry,
  options: VolumeReaderOptions = {},
): Promise<VolumeReader> {
  const registry = await ModelRegistry.open(options.models);
  const [model] = registry.byTask(kind.kind);
  if (!model) {
    const details = { id: `of the task ${kind.kind}`, path: registry.folder };
    throw new LucencyError('LUC_MODEL_MISSING', details);
  }
  const host = new SessionHost(registry, options.threads ?? availableParallelism());
  try {
    await host.load([model]);
  } catch (error) {
    await host.close();
    throw error;
  }
  return new ThreadedVolumeReader(kind, host, model, options);
}
