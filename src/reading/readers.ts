import type { VolumeReaderKind } from '../core/reader-kinds.js';
import type { VolumeReader } from '../core/volume-reading.js';
import { decodedBudget } from '../image/decoded-budget.js';
import type { RegisteredModel } from '../models/registry.js';
import { workerPool } from '../models/threads/worker-pool.js';
import {
  openRadiographReader,
  type RadiographReader,
  type RadiographReaderOptions,
} from '../radiograph/open-reader.js';
import { type VolumeReaderOpeners, volumeReaderOpeners } from './reader-registry.js';

export interface ReadersOptions extends RadiographReaderOptions {
  /** How many volumes are in memory at once; further ones wait for their turn. @default 1 */
  readonly volumesAtOnce?: number;
  /** Readers that take the place of the package's own for these kinds: another network, or a base line to measure against. */
  readonly volumeReaders?: Partial<VolumeReaderOpeners>;
}

/**
 * The readers of a process: that of radiographs, whose networks are loaded at once, and those of volumes, each opened when its
 * first study is met. They share one thread of networks and one pool of worker threads, however many studies are read at once.
 */
export class Readers {
  readonly #options: ReadersOptions;
  readonly #volumes = new Map<VolumeReaderKind, Promise<VolumeReader>>();
  #radiographs: Promise<RadiographReader> | null;
  /** The models that take part in the reading of radiographs, in the order of their use. */
  readonly models: readonly RegisteredModel[];
  /** The model of radiographs whose card holds the accuracy of the verdict. */
  readonly answering: RegisteredModel;
  #freeVolumes: number;
  readonly #waiting: (() => void)[] = [];

  private constructor(radiographs: RadiographReader, options: ReadersOptions) {
    this.#options = options;
    this.#radiographs = Promise.resolve(radiographs);
    this.models = radiographs.models;
    this.answering = radiographs.answering;
    this.#freeVolumes = options.volumesAtOnce ?? 1;
    // Before any thread is begun: threads take part in the budget that this one holds.
    decodedBudget();
    workerPool.open();
  }

  /** @throws LUC_MODEL_* when a model of radiographs is missing, tampered with or cannot be run */
  static async open(options: ReadersOptions = {}): Promise<Readers> {
    return new Readers(await openRadiographReader(options), options);
  }

  /** The folder of models that was asked for; the package's own when undefined. */
  get modelsFolder(): string | undefined {
    return this.#options.models;
  }

  get studyTimeLimitSeconds(): number | undefined {
    return this.#options.studyTimeLimitSeconds;
  }

  /** @throws LUC_MODEL_* when they must be loaded again and cannot be */
  radiographs(): Promise<RadiographReader> {
    this.#radiographs ??= openRadiographReader(this.#options);
    return this.#radiographs;
  }

  /** Lets the networks of radiographs go, to make room for volumes; they are loaded again when they are needed. */
  async releaseRadiographs(): Promise<void> {
    const open = this.#radiographs;
    this.#radiographs = null;
    await (await open?.catch(() => null))?.close();
  }

  /** @throws LUC_MODEL_* when its models are missing or cannot be run */
  volumes(kind: VolumeReaderKind): Promise<VolumeReader> {
    const known = this.#volumes.get(kind);
    if (known) return known;
    const open = this.#options.volumeReaders?.[kind] ?? volumeReaderOpeners[kind];
    const opening = open(this.#options);
    this.#volumes.set(kind, opening);
    // What is missing now may be there when the next study comes.
    opening.catch(() => this.#volumes.delete(kind));
    return opening;
  }

  /** Waits until a volume may be read into memory. @returns what must be called when it is let go */
  async volumeTurn(): Promise<() => void> {
    if (this.#freeVolumes > 0) this.#freeVolumes--;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    return () => {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#freeVolumes++;
    };
  }

  /** Ends the threads, after what is in flight. */
  async close(): Promise<void> {
    await this.releaseRadiographs();
    for (const opening of this.#volumes.values()) await (await opening.catch(() => null))?.close();
    this.#volumes.clear();
    await workerPool.close();
  }
}

/** Opens the readers: `const readers = await openReaders(); for await (const event of readStudies(paths, readers)) ...` */
export function openReaders(options: ReadersOptions = {}): Promise<Readers> {
  return Readers.open(options);
}
