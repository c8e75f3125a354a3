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

type Unnumbered<T> = T extends unknown ? Omit<T, 'id'> : never;

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

  /** @param threads cores that one network run may use */
  constructor(registry: ModelRegistry, threads: number) {
    this.#registry = registry;
    this.#worker = new Worker(workerUrl(import.meta.url, './session-worker.js'), { workerData: { threads } });
    this.#worker.on('message', (reply: SessionReply) => this.#settle(reply));
    this.#worker.on('error', (error) => this.#fail(error.message));
    this.#worker.on('exit', () => this.#fail('its thread ended'));
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
   * Loads the weights of a model; a second call waits for the first.
   * @throws LUC_MODEL_MISSING, LUC_MODEL_TAMPERED, LUC_MODEL_RUN_FAILED
   */
  load(model: RegisteredModel): Promise<void> {
    const { id } = model.card;
    const loading = this.#loading.get(id) ?? this.#load(model);
    this.#loading.set(id, loading);
    return loading;
  }

  async #load(model: RegisteredModel): Promise<void> {
    const weights = new Uint8Array(await this.#registry.readWeights(model));
    await this.#send({ kind: 'load', model: model.card.id, weights }, [weights.buffer]);
  }

  /**
   * Runs a network on a batch. `data` is handed over and must not be used afterwards.
   * @param data row-major `[batch, 1, height, width]`, values 0 to 1
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
    await this.load(model);
    const dims = [batch, card.input.channels, card.input.height, card.input.width];
    return this.#send({ kind: 'run', model: card.id, input: card.input.name, data, dims, outputs }, [
      data.buffer,
    ]);
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }
}
