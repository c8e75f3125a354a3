import { Worker } from 'node:worker_threads';
import { LucencyError } from '../core/errors.js';
import { workerUrl } from '../core/worker-url.js';
import type { ModelRegistry, RegisteredModel } from './registry.js';
import type { OutputTensor, SessionReply, SessionRequest } from './session-messages.js';

interface Pending {
  readonly model: string;
  resolve(reply: Extract<SessionReply, { outputs: unknown }>): void;
  reject(error: LucencyError): void;
}

type Unnumbered<T> = T extends { id: number } ? Omit<T, 'id'> : never;

// Far longer than the creation of one session or one run takes, even on a busy machine.
const closeLimitSeconds = 30;

/** What one run of a network gave, and how long the run itself took. */
export interface NetworkRun {
  readonly outputs: Readonly<Record<string, OutputTensor>>;
  readonly milliseconds: number;
}

/** ONNX sessions in a worker thread, created once; the event loop of the caller stays free while they run. */
export class SessionHost {
  readonly #registry: ModelRegistry;
  readonly #worker: Worker;
  readonly #pending = new Map<number, Pending>();
  readonly #loading = new Map<string, Promise<void>>();
  #nextId = 1;
  #dead: LucencyError | null = null;
  #ended = false;
  #closing: Promise<void> | null = null;

  /** @param threads cores that one network run may use */
  constructor(registry: ModelRegistry, threads: number) {
    this.#registry = registry;
    this.#worker = new Worker(workerUrl(import.meta.url, './session-worker.js'), { workerData: { threads } });
    this.#worker.on('message', (reply: SessionReply) => this.#settle(reply));
    this.#worker.on('error', (error) => this.#fail(error.message));
    this.#worker.on('exit', () => {
      this.#ended = true;
      this.#fail('its thread ended');
    });
    this.#worker.unref();
  }

  #settle(reply: SessionReply): void {
    const pending = this.#pending.get(reply.id);
    if (!pending) return;
    this.#pending.delete(reply.id);
    if (this.#pending.size === 0) this.#worker.unref();
    if ('outputs' in reply) pending.resolve(reply);
    else pending.reject(new LucencyError('LUC_MODEL_RUN_FAILED', { id: pending.model, reason: reply.error }));
  }

  #fail(reason: string): void {
    this.#dead ??= new LucencyError('LUC_MODEL_RUN_FAILED', { id: 'all', reason });
    for (const pending of this.#pending.values()) {
      pending.reject(new LucencyError('LUC_MODEL_RUN_FAILED', { id: pending.model, reason }));
    }
    this.#pending.clear();
  }

  #send(message: Unnumbered<SessionRequest>, transfer: ArrayBuffer[]): Promise<NetworkRun> {
    if (this.#dead) return Promise.reject(this.#dead);
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { model: message.model, resolve, reject });
      // A process must not end while an answer is awaited, and must be able to end when none is.
      this.#worker.ref();
      this.#worker.postMessage({ ...message, id }, transfer);
    });
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
      this.#loading.set(
        model.card.id,
        allRead.then(async () => this.#sendWeights(model.card.id, await weights)),
      );
    }
    await Promise.all(models.map(({ card }) => this.#loading.get(card.id)));
  }

  async #sendWeights(model: string, checked: Uint8Array): Promise<void> {
    const weights = new Uint8Array(checked);
    await this.#send({ kind: 'load', model, weights }, [weights.buffer]);
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
    if (!card.input)
      throw new LucencyError('LUC_MODEL_RUN_FAILED', { id: card.id, reason: 'it has no network' });
    await this.load([model]);
    const { channels, depth, height, width } = card.input;
    const dims = [batch, channels, ...(depth === undefined ? [] : [depth]), height, width];
    return this.#send({ kind: 'run', model: card.id, input: card.input.name, data, dims, outputs }, [
      data.buffer,
    ]);
  }

  /**
   * Lets the thread finish what it is in and leave; what it has not begun is rejected with LUC_MODEL_RUN_FAILED. A
   * thread torn down while ONNX Runtime creates a session in it takes the whole process with it.
   */
  close(): Promise<void> {
    this.#closing ??= this.#leave();
    return this.#closing;
  }

  async #leave(): Promise<void> {
    if (this.#ended) return;
    this.#dead ??= new LucencyError('LUC_MODEL_RUN_FAILED', { id: 'all', reason: 'the reader was closed' });
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => void this.#worker.terminate(), closeLimitSeconds * 1000);
      this.#worker.once('exit', () => {
        clearTimeout(timer);
        resolve();
      });
      this.#worker.ref();
      this.#worker.postMessage({ kind: 'close' } satisfies SessionRequest);
    });
  }
}
