import { LucencyError } from '../core/errors.js';
import type { Card } from '../models/card.js';
import { thresholdFor } from '../models/operating-points.js';
import type { ModelRegistry, RegisteredModel } from '../models/registry.js';
import type { Thresholds } from './verdict.js';

/** The networks that take part in a reading, and how their answers become one. */
export interface Ensemble {
  readonly region: RegisteredModel;
  readonly detector: RegisteredModel | null;
  readonly classifiers: readonly RegisteredModel[];
  readonly type: RegisteredModel | null;
  /** Set when every network that it weighs takes part; else one network answers alone. */
  readonly combiner: RegisteredModel | null;
}

/** The thresholds of a card for a region. */
export function thresholdsOf({ card }: RegisteredModel, region: string | null): Thresholds {
  return {
    definite: thresholdFor(card, 'definite', region),
    doubtful: thresholdFor(card, 'doubtful', region),
  };
}

function only(models: readonly RegisteredModel[], task: Card['task'], folder: string): RegisteredModel {
  const [first] = models;
  if (!first) throw new LucencyError('LUC_RADIOGRAPH_MODELS_INCOMPLETE', { task, path: folder });
  return first;
}

function requireThresholds(model: RegisteredModel): void {
  const { definite, doubtful } = thresholdsOf(model, null);
  if (definite === null || doubtful === null) {
    throw new LucencyError('LUC_MODEL_CARD_INVALID', {
      id: model.card.id,
      reason: 'it lacks an operating point',
    });
  }
}

function chooseDetector(registry: ModelRegistry, wanted: ReadonlySet<string> | null): RegisteredModel | null {
  const detectors = registry.byTask('detect');
  if (wanted) return detectors.find(({ card }) => wanted.has(card.id)) ?? null;
  const weighed = registry.byTask('combine')[0]?.card.combiner?.weights ?? {};
  return detectors.find(({ card }) => card.id in weighed) ?? only(detectors, 'detect', registry.folder);
}

/**
 * Chooses the networks of a reading.
 * @param networks ids of the fracture networks (detector, classifiers) to use; null for all that the combiner weighs.
 *   The region network always takes part (it guards against images that no network was validated for).
 * @throws LUC_MODEL_MISSING, LUC_RADIOGRAPH_MODELS_INCOMPLETE, LUC_RADIOGRAPH_NETWORKS_UNFUSABLE,
 *   LUC_MODEL_CARD_INVALID when a card lacks the thresholds that a verdict needs
 */
export function chooseEnsemble(registry: ModelRegistry, networks: readonly string[] | null): Ensemble {
  for (const id of networks ?? []) registry.get(id);
  const wanted = networks ? new Set(networks) : null;
  const region = only(registry.byTask('region'), 'region', registry.folder);
  const detector = chooseDetector(registry, wanted);
  const combiner = registry.byTask('combine')[0] ?? null;
  const needed = Object.keys(combiner?.card.combiner?.weights ?? {});
  const taken = wanted ?? (combiner ? new Set(needed) : null);
  const classifiers = registry.byTask('classify').filter(({ card }) => taken?.has(card.id) ?? true);
  const taking = [...(detector ? [detector] : []), ...classifiers];
  const ids = taking.map(({ card }) => card.id);
  const fusable = combiner !== null && needed.every((id) => ids.includes(id));
  if (!fusable && ids.length !== 1) {
    const detail = { networks: ids.join(', ') || 'none', needed: needed.join(', ') || 'a card of its own' };
    throw new LucencyError('LUC_RADIOGRAPH_NETWORKS_UNFUSABLE', detail);
  }
  for (const model of fusable ? [combiner, ...(detector ? [detector] : [])] : taking)
    requireThresholds(model);
  return {
    region,
    detector,
    classifiers,
    type: registry.byTask('type')[0] ?? null,
    combiner: fusable ? combiner : null,
  };
}

/** Every model of an ensemble, in the order in which a reading uses them. */
export function membersOf({ region, detector, classifiers, type, combiner }: Ensemble): RegisteredModel[] {
  return [region, detector, ...classifiers, combiner, type].filter((model) => model !== null);
}

/** The model that gives the verdict: the combiner, or the one network that answers alone. */
export function answeringModel({ combiner, detector, classifiers }: Ensemble): RegisteredModel {
  const model = combiner ?? detector ?? classifiers[0];
  if (!model) throw new RangeError('an ensemble has at least one fracture network');
  return model;
}
