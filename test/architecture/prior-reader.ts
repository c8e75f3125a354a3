import type { VolumeReading } from '../../src/core/reading.js';
import { roundTimings } from '../../src/core/timings.js';
import { volumeFrame } from '../../src/core/volume-outcome.js';
import type { VolumeReader, VolumeReadingResult, VolumeStudy } from '../../src/core/volume-reading.js';

/**
 * A base line for readers of CT: it looks at nothing and says of every chest how often one of its kind is broken.
 * @param prior share of chests with a fracture where it is used, 0 to 1
 */
export class PriorReader implements VolumeReader {
  readonly kind = 'ribs';
  readonly modelIds: readonly string[] = [];
  readonly #prior: number;

  constructor(prior: number) {
    this.#prior = prior;
  }

  async read(study: VolumeStudy): Promise<VolumeReadingResult> {
    const { ct, limitations, started, timingsMs } = study;
    const reading: VolumeReading = {
      ...volumeFrame(this.kind, study, [ct]),
      verdict: 'doubt',
      probability: this.#prior,
      findings: [],
      limitations: [...limitations],
      models: [],
      timingsMs: roundTimings({ ...timingsMs, total: performance.now() - started }),
    };
    return { reading, ct, pet: null, heatMaps: [], ribs: [] };
  }

  async close(): Promise<void> {}
}
