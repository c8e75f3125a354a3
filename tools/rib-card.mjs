// The card of the rib network (contract `lucency.card/1`). Every figure in it is SIMULATED and says so.

const set = 'SIMULATED chests of other seeds and other scanner settings than in training';
const bootstrap = 'percentile bootstrap over scans, 2000 draws, seed 1';

/** A card with which the reader can run before anything is measured: no calibration, no thresholds. */
export function untestedCard(facts) {
  return base(facts, { calibration: null, operatingPoints: [], results: [] });
}

export function ribCard(facts, measured) {
  const { counts, thresholds, calibration } = measured;
  const chosenOn = `${counts.calibration} SIMULATED chests of other seeds, scanners as in training`;
  const point = (certainty, rate) => ({
    certainty,
    region: null,
    threshold: thresholds[certainty],
    rule: `at most ${rate} false positives per scan`,
    chosenOn,
  });
  return base(facts, {
    calibration: { method: 'platt', ...calibration, fittedOn: chosenOn },
    operatingPoints: [point('definite', 0.25), point('doubtful', 2)],
    results: resultsOf(measured),
  });
}

function entry(metric, figure, unit, extra = {}) {
  if (figure === null) return [];
  const round = (value) => Math.round(value * 10_000) / 10_000;
  return [
    {
      metric,
      value: round(figure.value),
      interval: figure.interval === null ? null : figure.interval.map(round),
      level: 0.95,
      intervalMethod:
        figure.interval === null
          ? 'no interval: every resample gives the same value'
          : (figure.method ?? bootstrap),
      set,
      subset: 'all',
      unit,
      n: figure.n,
      positives: figure.positives ?? null,
      simulated: true,
      ...extra,
    },
  ];
}

function resultsOf(measured) {
  const {
    counts,
    froc,
    frocMean,
    sensitivity,
    falsePositives,
    age,
    displacement,
    ribOfFinding,
    numbering,
    ribsFound,
    byKind,
    byAge,
  } = measured;
  const lesions = { n: counts.fractures };
  const rule = {
    note: 'A box finds a fracture when their intersection over union is above 0.2 (RibFrac), counted per scan, normal scans included.',
  };
  const subset = (name, figure, kind) =>
    entry('sensitivity (doubtful)', figure, 'fracture', { subset: `${kind}: ${name}` });
  return [
    ...entry(
      'mean sensitivity at 0.5, 1, 2, 4, 8 false positives per scan',
      { ...frocMean, ...lesions },
      'fracture',
      rule,
    ),
    ...froc.flatMap(({ rate, ...found }) =>
      entry(`sensitivity at ${rate} false positives per scan`, { ...found, ...lesions }, 'fracture', rule),
    ),
    ...entry('sensitivity (doubtful)', sensitivity.doubtful, 'fracture'),
    ...entry('sensitivity (definite)', sensitivity.definite, 'fracture'),
    ...entry('false positives per scan (doubtful)', falsePositives.doubtful, 'image'),
    ...entry('false positives per scan (definite)', falsePositives.definite, 'image'),
    ...entry('fresh/old accuracy', age, 'fracture', {
      note: 'Of the fractures found at the doubtful threshold.',
    }),
    ...entry('displaced/nondisplaced accuracy', displacement, 'fracture', {
      note: 'Of the fractures found at the doubtful threshold.',
    }),
    ...entry('rib of a finding right', ribOfFinding, 'fracture', {
      note: 'Side and number, of the fractures found at the doubtful threshold.',
    }),
    ...entry('rib numbering correct', numbering, 'rib', {
      note: 'Side and number of every rib, broken or not. A rib that was not found counts as wrong.',
    }),
    ...entry('ribs found', ribsFound, 'rib'),
    ...Object.entries(byKind).flatMap(([name, figure]) => subset(name, figure, 'kind')),
    ...Object.entries(byAge).flatMap(([name, figure]) => subset(name, figure, 'age')),
  ];
}

function base({ sha256, bytes, epochs, seconds, scans }, { calibration, operatingPoints, results }) {
  return {
    schema: 'lucency.card/1',
    id: 'rib-resnet3d-fracture',
    version: '1.0.0',
    title: 'Rib fractures on chest CT (SIMULATED training data)',
    task: 'ribs',
    architecture:
      'Residual 3D convolutions over straightened ribs, answers along the rib (fracture, age, displacement); written for this project after He et al. 2016',
    source: 'training/src/training/rib_network.py',
    parameters: 349475,
    licence: 'Apache-2.0',
    file: { name: 'model.onnx', bytes, sha256, precision: 'fp16', opset: 17 },
    input: {
      name: 'image',
      width: 32,
      height: 24,
      depth: 128,
      channels: 1,
      layout: 'NCDHW',
      range: [0, 1],
      resize: 'volume',
      spacingMm: [0.8, 0.8, 0.8],
      normalisation: '-300 to 1300 HU as 0 to 1; (x - 0.3) / 0.25 inside the graph',
    },
    outputs: [
      {
        name: 'logits',
        shape: ['batch', 3, 'depth / 2'],
        meaning:
          'along the rib, one answer per 1.6 mm: fracture, old rather than fresh, displaced rather than not',
      },
    ],
    classes: ['fracture', 'old', 'displaced'],
    training: {
      data: [
        {
          name: 'simulated chests (tools/rib-patches.mjs)',
          licence: 'Apache-2.0',
          citation: 'Lucency phantom ribs',
          images: scans,
          split:
            'seeds from 100000, scanner settings of the group training; seeds divisible by ten kept for watching the training. 38 scans had their ribs straightened along true centre lines put off by a millimetre or two (an earlier version of the program), 17 along the lines that the rib finder finds, as now',
          idsFile: null,
          simulated: true,
        },
      ],
      protocol:
        'segments of 51 mm, half with a fracture; turned, shifted up to 4 mm, noise, contrast; AdamW, cosine schedule, EMA; cross-entropy and Dice along the rib, cross-entropy of age and displacement inside fractures. Two rounds: 52 minutes at rate 0.002 on the scans as they were made, then 7 minutes at 0.0008 from these weights (--start) on the 17 scans with found lines and 9 of the others. No real CT was trained on',
      device: 'CPU, 1 thread',
      epochs,
      seconds,
      seed: 1,
      command:
        'python -m training.ribs --budget-minutes 52; python -m training.ribs --start training/runs/ribs/checkpoint.pt --learning-rate 0.0008 --budget-minutes 7',
      labelledBy: 'exact truth of the simulation',
    },
    simulatedOnly: true,
    calibration,
    operatingPoints,
    outOfDistribution: null,
    combiner: null,
    conformal: null,
    results,
    intendedUse:
      'Research: shows how rib fractures are found on CT. It learned from simulated chests only; every mark must be checked by a radiologist.',
    notFor: [
      "diagnosis without a radiologist's review; it is not a medical device",
      'exclusion of a fracture: a negative result does not rule one out',
      'anything but CT of the chest',
    ],
    limits: [
      'trained and measured on simulated data only: nothing is known of its accuracy on patients',
      'simulated fractures are cleaner than real ones and lie at least 4 cm from the head of the rib and 1 cm from its cartilage: the figures flatter it',
      'the first 3 cm of a rib beside the spine, the costal cartilage and the breastbone are not looked at',
      'slices thicker than 2 mm and metal beside the ribs hide fractures',
      'tumours, infections and deformities of ribs were not simulated and may be marked as fractures',
      'children were not simulated',
    ],
  };
}
