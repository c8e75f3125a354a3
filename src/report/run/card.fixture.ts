import type { Card } from '../../models/card.js';

type Result = Card['results'][number];

export function sampleResult(
  metric: string,
  value: number,
  interval: [number, number] | null,
  changes: Partial<Result> = {},
): Result {
  return {
    metric,
    value,
    interval,
    level: 0.95,
    intervalMethod: 'bootstrap over patient groups',
    set: 'FracAtlas fold 0 (held out)',
    subset: 'all',
    unit: 'image',
    n: 700,
    positives: 140,
    simulated: false,
    ...changes,
  };
}

export function sampleCard(
  id: string,
  task: Card['task'],
  results: Result[],
  changes: Partial<Card> = {},
): Card {
  return {
    schema: 'lucency.card/1',
    id,
    version: '1.0.0',
    title: `Model ${id}`,
    task,
    architecture: 'ResNet18',
    source: 'this project',
    parameters: 11_000_000,
    licence: 'Apache-2.0',
    file: null,
    input: null,
    outputs: [],
    classes: ['fracture'],
    training: {
      data: [
        {
          name: 'FracAtlas',
          licence: 'CC BY 4.0',
          citation: 'Abedeen 2023',
          images: 2_143,
          split: 'folds 1 to 3 of 5',
          idsFile: 'ids.txt',
          simulated: false,
        },
      ],
      protocol: '120 epochs',
      device: 'GPU',
      epochs: 120,
      seconds: 3_000,
      seed: 1,
      command: 'python -m training',
      labelledBy: 'two radiologists',
    },
    simulatedOnly: false,
    calibration: null,
    operatingPoints: [],
    outOfDistribution: null,
    combiner: null,
    conformal: null,
    results,
    intendedUse: 'Marks places that may be fractured.',
    notFor: ['chest'],
    limits: ['Children are hardly represented.'],
    ...changes,
  };
}
