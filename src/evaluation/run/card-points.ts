import path from 'node:path';
import { LucencyError } from '../../core/errors.js';
import type { Card } from '../../models/card.js';
import type { ModelRegistry, RegisteredModel } from '../../models/registry.js';
import { readJson } from '../read/input-file.js';
import { matchIds } from '../read/match-ids.js';
import { nameSome } from '../read/unique-ids.js';
import type { EvaluationCases } from './cases.js';
import type { ColumnThreshold } from './evaluate-options.js';

const certainties = ['definite', 'doubtful'] as const;

/**
 * The operating points of a card on the probability of an image, as the reader uses them: an image of one body region
 * takes that region's threshold where there is one, every other image the threshold for all.
 *
 * @param column holds the body region of each image
 */
function pointsOf(card: Card, column: string): ColumnThreshold[] {
  return certainties.flatMap((certainty) => {
    const own = card.operatingPoints.filter((point) => point.certainty === certainty);
    const general = own.find(({ region }) => region === null);
    if (general === undefined) return [];
    const byValue = own.flatMap(({ region, threshold }): [string, number][] =>
      region === null ? [] : [[region, threshold]],
    );
    return [
      {
        name: certainty,
        rule: `card of ${card.id} ${card.version}: ${general.rule}`,
        chosenOn: general.chosenOn,
        threshold: general.threshold,
        column: byValue.length === 0 ? null : column,
        byValue: new Map(byValue),
      },
    ];
  });
}

async function idsSeenBy({ card, folder }: RegisteredModel): Promise<string[]> {
  const files = card.training.data.flatMap(({ idsFile }) => (idsFile === null ? [] : [idsFile]));
  const lists = await Promise.all(files.map((file) => readJson(path.join(folder, path.basename(file)))));
  return lists.flatMap((list) =>
    Object.entries(list ?? {}).flatMap(([name, ids]) =>
      name !== 'report' && Array.isArray(ids) ? ids.map(String) : [],
    ),
  );
}

/**
 * Images that a model was trained, fitted or tuned on, those of the networks that it combines included: every list of
 * the files of ids but `report`.
 *
 * @throws LUC_MODEL_MISSING, LUC_EVALUATION_FILE_*
 */
export async function imagesSeenBy(registry: ModelRegistry, id: string): Promise<Set<string>> {
  const model = registry.get(id);
  const members = Object.keys(model.card.combiner?.weights ?? {}).map((member) => registry.get(member));
  const lists = await Promise.all([model, ...members].map(idsSeenBy));
  return new Set(lists.flat());
}

/**
 * The operating points of a model's card for the images reported, none of which the model may have been trained, fitted
 * or tuned on.
 *
 * @param column holds the body region of each image
 * @throws LUC_EVALUATION_CARD_SAW_IMAGES when it was; LUC_EVALUATION_CARD_POINTS when the card has no operating point for
 *   images; as `imagesSeenBy`
 */
export async function cardPoints(
  registry: ModelRegistry,
  id: string,
  column: string,
  reported: EvaluationCases,
): Promise<ColumnThreshold[]> {
  const { card } = registry.get(id);
  const points = card.task === 'detect' ? [] : pointsOf(card, column);
  if (points.length === 0) throw new LucencyError('LUC_EVALUATION_CARD_POINTS', { id });
  const { predictionOf } = matchIds(reported.ids, [...(await imagesSeenBy(registry, id))]);
  const shared = reported.ids.filter((_, image) => (predictionOf[image] ?? -1) >= 0);
  if (shared.length > 0) {
    throw new LucencyError('LUC_EVALUATION_CARD_SAW_IMAGES', {
      id,
      count: shared.length,
      ids: nameSome(shared),
    });
  }
  return points;
}
