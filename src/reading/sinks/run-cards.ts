import { isVolumeKind } from '../../core/reader-kinds.js';
import type { Reading } from '../../core/reading.js';
import type { Card } from '../../models/card.js';
import { ModelRegistry } from '../../models/registry.js';

/** Cards of models by id. @param folder of models; the package's own when undefined */
export async function cardsOf(ids: ReadonlySet<string>, folder: string | undefined): Promise<Card[]> {
  if (ids.size === 0) return [];
  const registry = await ModelRegistry.open(folder);
  return registry.all().flatMap(({ card }) => (ids.has(card.id) ? [card] : []));
}

/** Cards of the models that a run used: those of radiographs are at hand, those of volumes are read when needed. */
export class RunCards {
  readonly #radiographs: readonly Card[];
  readonly #folder: string | undefined;
  readonly #volumeIds = new Set<string>();
  #sawRadiograph = false;

  /** @param folder of models; the package's own when undefined */
  constructor(radiographs: readonly Card[], folder: string | undefined) {
    this.#radiographs = radiographs;
    this.#folder = folder;
  }

  /** Notes which models a reading of the run used. */
  note({ kind, models }: Reading): void {
    if (!isVolumeKind(kind)) this.#sawRadiograph = true;
    else for (const { id } of models) this.#volumeIds.add(id);
  }

  /** Of a run that read volumes alone only their models are of interest. */
  async noted(): Promise<Card[]> {
    const ofVolumes = await cardsOf(this.#volumeIds, this.#folder);
    return ofVolumes.length > 0 && !this.#sawRadiograph ? ofVolumes : [...this.#radiographs, ...ofVolumes];
  }
}
