import { Worker } from 'node:worker_threads';
import type { OutputTensor, SessionKey, SessionReply, SessionRequest } from './session-messages.js';
import { workerUrl } from './threads/worker-url.js';

type Unnumbered<T> = T extends { id: number } ? Omit<T, 'id'> : never;

interface Pending {
  resolve(reply: NetworkRun): void;
  reject(error: Error): void;
}

// Far longer than the creation of one session or one run takes, even on a busy machine.
const endLimitSeconds = 30;

/** What one run of a network gave, and how long the run itself took. */
export interface NetworkRun {
  readonly outputs: Readonly<Record<string, OutputTensor>>;
  readonly milliseconds: number;
}

let current: SessionThread | null = null;
let lastHost = 0;

/**
 * The thread in which the networks of this process run, one at a time: readers of several kinds share its cores instead of each
 * taking them all, and a model that two of them use is in memory once.
 */
export class SessionThread {
  readonly #worker: Worker;
  readonly #pending = new Map<number, Pending>();
  /** How many hosts use each session, and its loading. */
  readonly #sessions = new Map<SessionKey, { users: number; readonly loaded: Promise<unknown> }>();
  readonly #hosts = new Set<number>();
  #nextId = 1;
  #lost: Error | null = null;

  private constructor() {
    this.#worker = new Worker(workerUrl(import.meta.url, './session-worker.js'));
    this.#worker.on('message', (reply: SessionReply) => this.#settle(reply));
    this.#worker.on('error', (error) => this.#lose(error.message));
    this.#worker.on('exit', () => this.#lose('its thread ended'));
    this.#worker.unref();
  }

  /** Joins the thread of this process, which is begun for the first. */
  static join(): { thread: SessionThread; host: number } {
    if (!current || current.#lost) current = new SessionThread();
    const host = ++lastHost;
    current.#hosts.add(host);
    return { thread: current, host };
  }

  #settle(reply: SessionReply): void {
    const pending = this.#pending.get(reply.id);
    if (!pending) return;
    this.#pending.delete(reply.id);
    if (this.#pending.size === 0) this.#worker.unref();
    if ('outputs' in reply) pending.resolve(reply);
    else pending.reject(new Error(reply.error));
  }

  #lose(reason: string): void {
    this.#lost ??= new Error(reason);
    if (current === this) current = null;
    for (const pending of this.#pending.values()) pending.reject(this.#lost);
    this.#pending.clear();
  }

  #send(message: Unnumbered<SessionRequest>, transfer: ArrayBuffer[] = []): Promise<NetworkRun> {
    if (this.#lost) return Promise.reject(this.#lost);
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      // A process must not end while an answer is awaited, and must be able to end when none is.
      this.#worker.ref();
      this.#worker.postMessage({ ...message, id }, transfer);
    });
  }

  /** Loads weights unless they are there; each `load` of a host is undone when it leaves. */
  load(host: number, session: SessionKey, checked: Uint8Array, threads: number): Promise<unknown> {
    const known = this.#sessions.get(session);
    if (known) {
      known.users++;
      return known.loaded;
    }
    const weights = new Uint8Array(checked);
    const loaded = this.#send({ kind: 'load', host, session, weights, threads }, [weights.buffer]);
    this.#sessions.set(session, { users: 1, loaded });
    loaded.catch(() => this.#sessions.delete(session));
    return loaded;
  }

  run(
    host: number,
    session: SessionKey,
    request: Pick<Extract<SessionRequest, { kind: 'run' }>, 'input' | 'dims' | 'outputs'> & {
      readonly data: Float32Array<ArrayBuffer>;
    },
  ): Promise<NetworkRun> {
    return this.#send({ kind: 'run', host, session, ...request }, [request.data.buffer]);
  }

  /**
   * Lets the thread finish what it is in; the last host takes it along. A thread torn down while ONNX Runtime creates a session
   * in it takes the whole process with it, so it ends by itself.
   */
  async leave(host: number, sessions: Iterable<SessionKey>): Promise<void> {
    if (!this.#hosts.delete(host) || this.#lost) return;
    const unload: SessionKey[] = [];
    for (const session of sessions) {
      const entry = this.#sessions.get(session);
      if (!entry || --entry.users > 0) continue;
      this.#sessions.delete(session);
      unload.push(session);
    }
    // A thread that is lost has let go of everything.
    const left = this.#send({ kind: 'leave', host, unload }).catch(() => undefined);
    if (this.#hosts.size > 0) {
      await left;
      return;
    }
    if (current === this) current = null;
    await this.#end();
  }

  async #end(): Promise<void> {
    if (this.#lost) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => void this.#worker.terminate(), endLimitSeconds * 1000);
      this.#worker.once('exit', () => {
        clearTimeout(timer);
        resolve();
      });
      this.#worker.ref();
      this.#worker.postMessage({ kind: 'end' } satisfies SessionRequest);
    });
  }
}
