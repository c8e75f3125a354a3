import { Worker } from 'node:worker_threads';
import type { Box } from '../core/box.js';
import { type ErrorCode, errorCatalogue } from '../core/error-catalogue.js';
import { LucencyError } from '../core/errors.js';
import { workerUrl } from '../core/worker-url.js';
import { decodedBudget } from '../image/decoded-budget.js';
import type {
  CropOptions,
  PreparedCrops,
  PreparedFrame,
  PreparePlan,
  PrepareReply,
  PrepareRequest,
  SerialisedError,
} from './prepare-messages.js';

function isErrorCode(code: string | null): code is ErrorCode {
  return code !== null && code in errorCatalogue;
}

function revive(error: SerialisedError, input: string): LucencyError {
  if (isErrorCode(error.code)) return new LucencyError(error.code, error.details);
  return new LucencyError('LUC_RADIOGRAPH_THREAD_LOST', { input, reason: error.message });
}

/**
 * A worker thread that decodes and resizes, one image at a time. A decoder that hangs is stopped with its thread,
 * and the next image gets a fresh one.
 */
export class PrepareHost {
  readonly #timeLimitSeconds: number;
  #worker: Worker | null = null;

  /** @param timeLimitSeconds longest that one frame may take to decode and resize */
  constructor(timeLimitSeconds = 60) {
    this.#timeLimitSeconds = timeLimitSeconds;
  }

  #thread(): Worker {
    if (!this.#worker) {
      const share = decodedBudget().share();
      const worker = new Worker(workerUrl(import.meta.url, './prepare-worker.js'), {
        workerData: { decodedBudget: share },
      });
      worker.unref();
      // Without a listener an error between two requests would end the process.
      worker.on('error', () => this.#drop(worker));
      worker.on('exit', () => {
        decodedBudget().giveUp(share);
        this.#drop(worker);
      });
      this.#worker = worker;
    }
    return this.#worker;
  }

  #drop(worker: Worker): void {
    if (this.#worker === worker) this.#worker = null;
  }

  #ask(request: PrepareRequest, input: string): Promise<PrepareReply> {
    const worker = this.#thread();
    return new Promise((resolve, reject) => {
      const finish = (): void => {
        clearTimeout(timer);
        worker.off('message', onMessage).off('error', onError).off('exit', onExit);
        worker.unref();
      };
      const stop = (error: LucencyError): void => {
        finish();
        this.#drop(worker);
        void worker.terminate();
        reject(error);
      };
      const onMessage = (reply: PrepareReply): void => {
        finish();
        if (reply.kind === 'error') reject(revive(reply.error, input));
        else resolve(reply);
      };
      const lost = (reason: string): void =>
        stop(new LucencyError('LUC_RADIOGRAPH_THREAD_LOST', { input, reason }));
      const onError = (error: Error): void => lost(error.message);
      const onExit = (code: number): void => lost(`exit code ${code}`);
      const timer = setTimeout(
        () => stop(new LucencyError('LUC_RADIOGRAPH_TIMEOUT', { input, seconds: this.#timeLimitSeconds })),
        this.#timeLimitSeconds * 1000,
      );
      worker.on('message', onMessage).on('error', onError).on('exit', onExit);
      worker.ref();
      worker.postMessage(request);
    });
  }

  /**
   * Decodes an image and prepares it frame by frame; memory holds one frame at a time.
   * @throws the decoder's catalogued error; LUC_RADIOGRAPH_TIMEOUT; LUC_RADIOGRAPH_THREAD_LOST
   */
  async *frames(bytes: Uint8Array, name: string, plan: PreparePlan): AsyncGenerator<PreparedFrame> {
    await this.#ask({ kind: 'open', bytes, name, plan }, name);
    for (;;) {
      const reply = await this.#ask({ kind: 'next' }, name);
      if (reply.kind !== 'frame' || !reply.frame) return;
      yield reply.frame;
    }
  }

  /** Square crops of a prepared frame around boxes, as one batch. */
  async crops(
    frame: PreparedFrame,
    boxes: readonly Box[],
    options: CropOptions,
    name: string,
  ): Promise<PreparedCrops> {
    const { radiograph, range } = frame;
    const reply = await this.#ask({ kind: 'crop', radiograph, range, boxes, options }, name);
    if (reply.kind !== 'crops')
      throw new LucencyError('LUC_RADIOGRAPH_THREAD_LOST', { input: name, reason: reply.kind });
    return reply.crops;
  }

  async close(): Promise<void> {
    await this.#worker?.terminate();
    this.#worker = null;
  }
}
