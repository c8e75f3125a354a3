import type { VolumeReader, VolumeReaderOptions } from '../../core/volume-reading.js';

type Kind = VolumeReader['kind'];

// Loaded when the first study of the kind is met: a run of radiographs never waits for them.
const openers: Readonly<Record<Kind, (options: VolumeReaderOptions) => Promise<VolumeReader>>> = {
  ribs: async (options) => (await import('../../ribs/open-reader.js')).openRibReader(options),
  infection: async (options) => (await import('../../infection/open-reader.js')).openInfectionReader(options),
};

/** The readers of volumes, each opened when it is first needed. */
export class VolumeReaders {
  readonly #options: VolumeReaderOptions;
  readonly #open = new Map<Kind, Promise<VolumeReader>>();

  constructor(options: VolumeReaderOptions = {}) {
    this.#options = options;
  }

  /** @throws LUC_MODEL_* when its models are missing or cannot be run */
  of(kind: Kind): Promise<VolumeReader> {
    const known = this.#open.get(kind);
    if (known) return known;
    const opening = openers[kind](this.#options);
    this.#open.set(kind, opening);
    return opening;
  }

  /** The readers that have been opened. */
  async opened(): Promise<VolumeReader[]> {
    const settled = await Promise.allSettled(this.#open.values());
    return settled.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
  }

  async close(): Promise<void> {
    for (const reader of await this.opened()) await reader.close();
  }
}
