import type { Card } from '../../models/card.js';
import { decimals } from '../tables/numbers.js';
import { type Filler, fully, paragraph, partly, perCard, table } from './report-source.js';

function inputWords({ input, outputs }: Card): string {
  const given =
    input === null ? 'probabilities of other models' : `${input.width} x ${input.height} x ${input.channels}`;
  const produced = outputs.map(({ name, shape, meaning }) => `${name} [${shape.join(', ')}]: ${meaning}`);
  return `input ${given}${produced.length > 0 ? `; outputs ${produced.join('; ')}` : ''}`;
}

const title: Filler = ({ cards }) => {
  const kinds = [...new Set(cards.map(({ architecture }) => architecture))];
  return kinds.length === 0 ? null : partly(paragraph(`Technology to be named: ${kinds.join('; ')}.`));
};

const role: Filler = ({ cards }) => partly(...perCard(cards, ({ intendedUse }) => intendedUse));

const model: Filler = ({ cards }) =>
  fully(
    ...perCard(
      cards,
      (card) => `${card.title}. ${card.architecture}, ${card.parameters} parameters; ${inputWords(card)}.`,
    ),
  );

const software: Filler = ({ evaluation: { software: used }, cards }) =>
  partly(
    paragraph(`Evaluation: ${used.name} ${used.version}.`),
    ...perCard(cards, ({ training }) => `trained on ${training.device}.`),
  );

const initial: Filler = ({ cards }) => partly(...perCard(cards, ({ source }) => source));

const training: Filler = ({ cards }) =>
  partly(
    ...perCard(
      cards,
      ({ training: { protocol, epochs, seed, seconds, command } }) =>
        `${protocol}; ${epochs} epochs, seed ${seed}, ${Math.round(seconds)} s; command: ${command}`,
    ),
  );

const ensembles: Filler = ({ cards }) =>
  fully(
    ...perCard(cards, ({ combiner }) => {
      if (combiner === null) return null;
      const weights = Object.entries(combiner.weights).map(([id, weight]) => `${id} ${decimals(weight)}`);
      return `logistic combination of the logits, intercept ${decimals(combiner.intercept)}, weights ${weights.join(', ')}; fitted on ${combiner.fittedOn}.`;
    }),
  );

const limits: Filler = ({ cards, evaluation: { data } }) => {
  const simulated = data.simulated
    ? [paragraph('The truth or a model rests on simulated images only: nothing here holds for patients.')]
    : [];
  return partly(
    ...simulated,
    ...perCard(cards, ({ limits: stated }) => (stated.length === 0 ? null : `${stated.join('; ')}.`)),
  );
};

const implications: Filler = ({ cards }) =>
  partly(
    ...perCard(cards, ({ notFor }) =>
      notFor.length === 0 ? null : `not to be used for: ${notFor.join('; ')}.`,
    ),
  );

const version: Filler = ({ evaluation: { data } }) =>
  data.models.length === 0
    ? null
    : partly(
        table({
          title: 'Models that made the predictions',
          head: ['Model', 'Version', 'SHA-256 of the weights'],
          rows: data.models.map(({ id, version: of, sha256 }) => [id, of, sha256]),
          notes: [],
        }),
      );

/** What the cards say to the items on the model, its training and its use. */
export const modelFillers: Readonly<Record<string, Filler>> = {
  '1': title,
  '3': role,
  '22': model,
  '23': software,
  '24': initial,
  '25': training,
  '27': ensembles,
  '40': limits,
  '41': implications,
  '+1': version,
};
