import path from 'node:path';
import { LucencyError } from '../../core/errors.js';
import type { Card } from '../../models/card.js';
import type { RegisteredModel } from '../../models/registry.js';
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

/** Ids in every list of the files of ids but `report`, which the model never saw. */
async function seenIds({ card, folder }: RegisteredModel): Promise<string[]> {
  const files = card.training.data.flatMap(({ idsFile }) => (idsFile === null ? [] : [idsFile]));
  const seen = new Set<string>();
  for (const file of files) {
    const lists = (await readJson(path.join(folder, path.basename(file)))) as Record<string, unknown>;
    for (const [name, ids] of Object.entries(lists)) {
      if (name === 'report' || !Array.isArray(ids)) continue;
      for (const id of ids) seen.add(String(id));
    }
  }
  return [...seen];
}

/**
 * The operating points of a model's card for the images reported, none of which the model may have been trained, fitted
 * or tuned on.
 *
 * @throws LUC_EVALUATION_CARD_SAW_IMAGES when it was; LUC_EVALUATION_CARD_POINTS when the card has no operating point for
 *   images
 */
export async function cardPoints(
  model: RegisteredModel,
  column: string,
  reported: EvaluationCases,
): Promise<ColumnThreshold[]> {
  const { card } = model;
  const points = card.task === 'detect' ? [] : pointsOf(card, column);
  if (points.length === 0) throw new LucencyError('LUC_EVALUATION_CARD_POINTS', { id: card.id });
  const { predictionOf } = matchIds(reported.ids, await seenIds(model));
  const shared = reported.ids.filter((_, image) => (predictionOf[image] ?? -1) >= 0);
  if (shared.length > 0) {
    throw new LucencyError('LUC_EVALUATION_CARD_SAW_IMAGES', {
      id: card.id,
      count: shared.length,
      ids: nameSome(shared),
    });
  }
  return points;
}
