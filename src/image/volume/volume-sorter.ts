import { LucencyError } from '../../core/errors.js';
import type { FoundInput, InputItem } from '../input/input-item.js';
import type { PlanOptions } from './plan-volumes.js';
import { SeriesCollector } from './series-collector.js';
import type { VolumePlan } from './volume-plan.js';

/**
 * Parts what was found into images, which are passed on one by one, and volumes, whose slices are gathered until all have
 * been seen. Of tens of thousands of slices only the headers are kept.
 */
export class VolumeSorter {
  readonly #series = new SeriesCollector();
  readonly #files: FoundInput[] = [];
  /** Structure sets: drawn on series, no images themselves. */
  readonly #structureSets: { readonly input: string; readonly study: string | null }[] = [];

  /** @param onTaken told of every file that is part of a volume */
  async *images(
    items: AsyncIterable<InputItem>,
    onTaken: (input: string) => void = () => undefined,
  ): AsyncGenerator<InputItem> {
    for await (const item of items) {
      if ('error' in item) yield item;
      else if (await this.#take(item)) onTaken(item.input);
      else yield item;
    }
  }

  async #take(item: FoundInput): Promise<boolean> {
    if (item.format === 'nifti') this.#files.push(item);
    else {
      const kind = await this.#series.take(item);
      if (kind === null) return false;
      if (kind !== 'slice') this.#structureSets.push({ input: item.input, study: kind.study });
    }
    return true;
  }

  /** A structure set that comes with its series is passed over; one alone holds nothing to read. */
  #alone(): VolumePlan[] {
    const studies = new Set(this.#series.series().map(({ identity }) => identity.studyInstanceUid ?? null));
    return this.#structureSets
      .filter(({ study }) => !studies.has(study))
      .map(({ input }) => ({
        state: 'failed',
        input,
        error: new LucencyError('LUC_DICOM_NO_PIXELS', { path: input, kind: 'RTSTRUCT' }),
      }));
  }

  /** What is to be read of the volumes met so far. */
  async plans(options: PlanOptions = {}): Promise<VolumePlan[]> {
    if (this.#series.series().length + this.#files.length + this.#structureSets.length === 0) return [];
    // Loaded only where there is a volume: a run of radiographs starts without it.
    const { planVolumes } = await import('./plan-volumes.js');
    return [...planVolumes(this.#series.series(), this.#files, options), ...this.#alone()];
  }
}
