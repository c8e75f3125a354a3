import type { ModelUse } from '../../core/reading.js';
import { concept } from '../codes/concepts.js';
import type { ResultContext } from '../results/result-context.js';
import { type ContentItem, textValue } from './content-items.js';

function modelText({ id, version, sha256, trainedOnSimulatedDataOnly }: ModelUse): string {
  const simulated = trainedOnSimulatedDataOnly ? ', trained on simulated data only' : '';
  return `model ${id}, version ${version}, sha256 ${sha256}${simulated}`;
}

/** Algorithm identification (TID 4019): Lucency, and as parameters the models that took part with their sums. */
export function algorithm({ reading, version }: ResultContext): ContentItem[] {
  return [
    textValue('HAS CONCEPT MOD', concept.algorithmName, 'Lucency'),
    textValue('HAS CONCEPT MOD', concept.algorithmVersion, version),
    ...reading.models.map((model) =>
      textValue('HAS CONCEPT MOD', concept.algorithmParameters, modelText(model)),
    ),
  ];
}
