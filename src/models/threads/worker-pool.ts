import { availableParallelism } from 'node:os';
import type { Services, ThreadTask } from './thread-task.js';
import { type TaskOptions, WorkerThread } from './worker-thread.js';

/** So many threads wait for the next task; a new one takes some 50 ms, and its code is compiled anew. */
const mostIdle = 2;
const mostShortTasks = Math.max(2, availableParallelism());

/**
 * The worker threads of a process. Whatever holds a core for more than a moment (decoding, resampling, drawing) runs in one of
 * them, so that the event loop answers associations and requests meanwhile.
 */
export class WorkerPool {
  #idle: WorkerThread[] = [];
  #users = 0;
  #shortTasks = 0;
  readonly #waiting: (() => void)[] = [];

  /** Says that threads will be needed; without any user none waits idle. */
  open(): void {
    this.#users++;
  }

  /** The last user takes the idle threads along. */
  async close(): Promise<void> {
    this.#users--;
    if (this.#users > 0) return;
    await Promise.all(this.#idle.splice(0).map((thread) => thread.end()));
  }

  /**
   * A thread for one caller alone, who gives it back: for tasks that keep something from one to the next. How many are taken
   * at once is the caller's to bound.
   */
  take(): WorkerThread {
    for (;;) {
      const thread = this.#idle.pop();
      if (!thread) return new WorkerThread();
      if (!thread.ended) return thread;
    }
  }

  give(thread: WorkerThread): void {
    if (thread.ended) return;
    if (this.#users > 0 && this.#idle.length < mostIdle) this.#idle.push(thread);
    else void thread.end();
  }

  /** Takes a thread for one task, at most one per core at a time. @throws as `WorkerThread.run` */
  async run<Input, Output, S extends Services>(
    task: ThreadTask<Input, Output, S>,
    input: Input,
    options: TaskOptions<S> = {},
  ): Promise<Output> {
    if (this.#shortTasks >= mostShortTasks) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#shortTasks++;
    const thread = this.take();
    try {
      return await thread.run(task, input, options);
    } finally {
      this.give(thread);
      const next = this.#waiting.shift();
      if (next) next();
      else this.#shortTasks--;
    }
  }
}

/** The one pool of this process. */
export const workerPool = new WorkerPool();
