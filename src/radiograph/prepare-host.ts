import type { Box } from '../core/box.js';
import { LucencyError } from '../core/errors.js';
import { type ThreadTask, threadTask } from '../models/threads/thread-task.js';
import { workerPool } from '../models/threads/worker-pool.js';
import type { WorkerThread } from '../models/threads/worker-thread.js';
import type {
  CropOptions,
  CropRequest,
  ImageRequest,
  PreparedCrops,
  PreparedFrame,
  PreparePlan,
} from './prepare-messages.js';

function task<Input, Output>(name: string): ThreadTask<Input, Output> {
  return threadTask(import.meta.url, './prepare-tasks.js', name);
}

const tasks = {
  open: task<ImageRequest, void>('openImage'),
  next: task<null, PreparedFrame | null>('nextFrame'),
  crop: task<CropRequest, PreparedCrops>('cropBoxes'),
};

/**
 * Decodes and resizes one image at a time in a worker thread. A decoder that hangs is stopped with its thread, and the next
 * image gets a fresh one.
 */
export class PrepareHost {
  readonly #timeLimitSeconds: number;
  #thread: WorkerThread | null = null;

  /** @param timeLimitSeconds longest that one frame may take to decode and resize */
  constructor(timeLimitSeconds = 60) {
    this.#timeLimitSeconds = timeLimitSeconds;
  }

  async #ask<Input, Output>(
    what: ThreadTask<Input, Output>,
    input: Input,
    name: string,
    signal?: AbortSignal,
  ): Promise<Output> {
    this.#thread ??= workerPool.take();
    const timeLimit = {
      seconds: this.#timeLimitSeconds,
      error: (seconds: number) => new LucencyError('LUC_RADIOGRAPH_TIMEOUT', { input: name, seconds }),
    };
    try {
      return await this.#thread.run(what, input, { timeLimit, signal });
    } catch (cause) {
      if (this.#thread.ended) this.#thread = null;
      if (cause instanceof LucencyError || signal?.aborted) throw cause;
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new LucencyError('LUC_RADIOGRAPH_THREAD_LOST', { input: name, reason }, { cause });
    }
  }

  /**
   * Decodes an image and prepares it frame by frame; memory holds one frame at a time.
   * @param signal ends the thread within the frame
   * @throws the decoder's catalogued error; LUC_RADIOGRAPH_TIMEOUT; LUC_RADIOGRAPH_THREAD_LOST; the signal's reason
   */
  async *frames(
    bytes: Uint8Array,
    name: string,
    plan: PreparePlan,
    signal?: AbortSignal,
  ): AsyncGenerator<PreparedFrame> {
    await this.#ask(tasks.open, { bytes, name, plan }, name, signal);
    for (;;) {
      const frame = await this.#ask(tasks.next, null, name, signal);
      if (!frame) return;
      yield frame;
    }
  }

  /** Square crops of a prepared frame around boxes, as one batch. */
  crops(
    { radiograph, range }: PreparedFrame,
    boxes: readonly Box[],
    options: CropOptions,
    name: string,
  ): Promise<PreparedCrops> {
    return this.#ask(tasks.crop, { radiograph, range, boxes, options }, name);
  }

  /** Gives the thread back when the image is done with. */
  release(): void {
    if (this.#thread) workerPool.give(this.#thread);
    this.#thread = null;
  }
}
