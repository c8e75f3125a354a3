import { LucencyError } from '../core/errors.js';
import type { ModelRegistry, RegisteredModel } from './registry.js';
import type { SessionKey } from './session-messages.js';
import { type NetworkRun, SessionThread } from './session-thread.js';

/** Runs networks: a `SessionHost`, or what stands for one in a worker thread. */
export type NetworkRunner = Pick<SessionHost, 'run'>;

function failure(id: string, cause: unknown): LucencyError {
  if (cause instanceof LucencyError) return cause;
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new LucencyError('LUC_MODEL_RUN_FAILED', { id, reason }, { cause });
}

/**
 * The networks of one reader. Their sessions live in the session thread of the process; the event loop of the caller stays free
 * while they run.
 */
export class SessionHost {
  readonly #registry: ModelRegistry;
  readonly #threads: number;
  readonly #thread: SessionThread;
  readonly #host: number;
  readonly #loading = new Map<string, Promise<void>>();
  readonly #sessions = new Set<SessionKey>();
  #closing: Promise<void> | null = null;

  /** @param threads cores that one network run may use */
  constructor(registry: ModelRegistry, threads: number) {
    this.#registry = registry;
    this.#threads = threads;
    const { thread, host } = SessionThread.join();
    this.#thread = thread;
    this.#host = host;
  }

  #sessionOf({ card }: RegisteredModel): SessionKey {
    return `${card.file?.sha256} on ${this.#threads}`;
  }

  #refuseClosed(id: string): void {
    if (this.#closing)
      throw new LucencyError('LUC_MODEL_RUN_FAILED', { id, reason: 'the reader was closed' });
  }

  /**
   * Loads the weights of models; a second call for a model waits for the first. The sums of all are checked before
   * the first is loaded, so that one refused model costs no work on the others.
   * @throws LUC_MODEL_MISSING, LUC_MODEL_TAMPERED, LUC_MODEL_RUN_FAILED
   */
  async load(models: readonly RegisteredModel[]): Promise<void> {
    const reads = models
      .filter(({ card }) => !this.#loading.has(card.id))
      .map((model) => ({ model, weights: this.#registry.readWeights(model) }));
    const allRead = Promise.all(reads.map(({ weights }) => weights));
    for (const { model, weights } of reads) {
      const loading = allRead.then(async () => this.#loadOne(model, await weights));
      this.#loading.set(model.card.id, loading);
    }
    await Promise.all(models.map(({ card }) => this.#loading.get(card.id)));
  }

  async #loadOne(model: RegisteredModel, weights: Uint8Array): Promise<void> {
    const { id } = model.card;
    this.#refuseClosed(id);
    const session = this.#sessionOf(model);
    // Two models of one registry may hold the same weights.
    if (this.#sessions.has(session)) return;
    this.#sessions.add(session);
    try {
      await this.#thread.load(this.#host, session, weights, this.#threads);
    } catch (error) {
      throw failure(id, error);
    }
  }

  /**
   * Runs a network on a batch. `data` is handed over and must not be used afterwards.
   * @param data row-major `[batch, channels, height, width]`, for volumes `[batch, channels, depth, height, width]`;
   *   values as the card's `input` states
   * @param outputs names of the outputs wanted
   * @throws LUC_MODEL_RUN_FAILED
   */
  async run(
    model: RegisteredModel,
    data: Float32Array<ArrayBuffer>,
    batch: number,
    outputs: string[],
  ): Promise<NetworkRun> {
    const { card } = model;
    if (!card.input) throw failure(card.id, 'it has no network');
    this.#refuseClosed(card.id);
    await this.load([model]);
    this.#refuseClosed(card.id);
    const { channels, depth, height, width, name } = card.input;
    const dims = [batch, channels, ...(depth === undefined ? [] : [depth]), height, width];
    try {
      return await this.#thread.run(this.#host, this.#sessionOf(model), { input: name, data, dims, outputs });
    } catch (error) {
      throw failure(card.id, error);
    }
  }

  /** What the thread has begun of this host's work ends; what it has not is rejected with LUC_MODEL_RUN_FAILED. */
  close(): Promise<void> {
    this.#closing ??= this.#thread.leave(this.#host, this.#sessions);
    return this.#closing;
  }
}
