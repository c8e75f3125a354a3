import { Worker } from 'node:worker_threads';
import { carried, type FromThread, type Outcome, revived, type ToThread } from './thread-messages.js';
import { HandedOver, type Services, type ThreadTask } from './thread-task.js';
import { workerUrl } from './worker-url.js';

/** The thread ended in the midst of a task: it ran out of memory, or native code brought it down. */
export class ThreadLostError extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'ThreadLostError';
  }
}

/** How long a task may take, and the error by which it ends then. */
export interface TimeLimit {
  readonly seconds: number;
  error(seconds: number): Error;
}

export interface TaskOptions<S extends Services> {
  /** Handed over with the input; must not be used afterwards. */
  readonly transfer?: readonly ArrayBuffer[];
  /** Ends the thread within the task; `run` then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Kept from outside of the thread: a task that hangs ends with its thread. */
  readonly timeLimit?: TimeLimit;
  readonly onProgress?: ((share: number, step: string) => void) | undefined;
  /** What the task may ask for. */
  readonly services?: S;
}

interface Current {
  readonly options: TaskOptions<Services>;
  finish(outcome: Outcome): void;
  fail(error: unknown): void;
}

/** One worker thread that runs one task after another. */
export class WorkerThread {
  readonly #worker: Worker;
  #current: Current | null = null;
  #ended = false;

  constructor() {
    this.#worker = new Worker(workerUrl(import.meta.url, './thread-entry.js'));
    this.#worker.unref();
    this.#worker.on('message', (message: FromThread) => this.#hear(message));
    // Without a listener an error between two tasks would end the process.
    this.#worker.on('error', (error) => this.#lose(error.message));
    this.#worker.on('exit', (code) => this.#lose(`exit code ${code}`));
  }

  /** Whether no task can run in it any more. */
  get ended(): boolean {
    return this.#ended;
  }

  /**
   * Runs a task; the next one may be given when this has settled.
   * @throws what the task throws, what `timeLimit` makes, the signal's reason, ThreadLostError
   */
  run<Input, Output, S extends Services>(
    task: ThreadTask<Input, Output, S>,
    input: Input,
    options: TaskOptions<S> = {},
  ): Promise<Output> {
    const { signal, timeLimit, transfer = [] } = options;
    if (signal?.aborted) return Promise.reject(signal.reason);
    if (this.#ended || this.#current) return Promise.reject(new ThreadLostError('it is not free'));
    return new Promise<Output>((resolve, reject) => {
      const stop = (error: unknown): void => {
        this.#current?.fail(error);
        void this.end();
      };
      const onAbort = (): void => stop(signal?.reason);
      const timer =
        timeLimit && setTimeout(() => stop(timeLimit.error(timeLimit.seconds)), timeLimit.seconds * 1000);
      const settle = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', onAbort);
        this.#current = null;
        this.#worker.unref();
      };
      this.#current = {
        options,
        finish: (outcome) => {
          settle();
          if ('error' in outcome) reject(revived(outcome.error));
          else resolve(outcome.value as Output);
        },
        fail: (error) => {
          settle();
          reject(error);
        },
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      // A process must not end while an answer is awaited, and must be able to end when none is.
      this.#worker.ref();
      this.#send({ kind: 'task', module: task.module, name: task.name, input }, transfer);
    });
  }

  #send(message: ToThread, transfer: readonly ArrayBuffer[]): void {
    this.#worker.postMessage(message, [...transfer]);
  }

  #hear(message: FromThread): void {
    if (message.kind === 'done') this.#current?.finish(message.outcome);
    else if (message.kind === 'progress') {
      this.#current?.options.onProgress?.(message.share, message.step);
    } else void this.#answer(message);
  }

  async #answer({ id, name, input }: Extract<FromThread, { kind: 'ask' }>): Promise<void> {
    const { services = {} } = this.#current?.options ?? {};
    try {
      const service: unknown = Reflect.get(services, name);
      if (typeof service !== 'function') throw new TypeError(`there is no service ${name}`);
      const result: unknown = await service(input);
      const handed = result instanceof HandedOver;
      const outcome = { value: handed ? result.value : result };
      if (!this.#ended) this.#send({ kind: 'answer', id, outcome }, handed ? result.transfer : []);
    } catch (error) {
      if (!this.#ended) this.#send({ kind: 'answer', id, outcome: { error: carried(error) } }, []);
    }
  }

  #lose(reason: string): void {
    this.#ended = true;
    this.#current?.fail(new ThreadLostError(reason));
  }

  /** Ends it, in the midst of a task if need be. */
  async end(): Promise<void> {
    this.#ended = true;
    await this.#worker.terminate();
  }
}
