import { percent } from '../tables/numbers.js';
import type { Table } from '../tables/table.js';
import { type Filler, paragraph, partly, perCard, table } from './report-source.js';

const sumWords = (sha256: string) => `${sha256.slice(0, 16)}...`;

const sources: Filler = ({ evaluation: { data }, set, cards }) => {
  const files = [
    ['Truth', data.truth.path, sumWords(data.truth.sha256)],
    [`Predictions (${data.predictions.kind})`, data.predictions.path, sumWords(data.predictions.sha256)],
    ...(data.images === null ? [] : [['Images', data.images.path, sumWords(data.images.sha256)]]),
  ];
  const trained = perCard(cards, ({ training }) => {
    const names = training.data.map(
      ({ name, images, split, simulated }) =>
        `${name}${simulated ? ' (simulated)' : ''}, ${images} images, ${split}`,
    );
    return names.length > 0 ? `trained on ${names.join('; ')}.` : null;
  });
  return partly(
    paragraph(`Set: ${set}. ${data.items} images in ${data.groups} groups were evaluated.`),
    table({
      title: 'Files',
      head: ['What', 'Path', 'SHA-256 (first digits)'],
      rows: files,
      notes: ['The whole sums are in results.json.'],
    }),
    ...trained,
  );
};

const inclusion: Filler = ({ evaluation: { settings, data } }) => {
  const conditions = settings.where.map((condition) => `"${condition}"`).join(' and ');
  if (conditions === '' && settings.once === null) return null;
  const parts = [
    conditions === '' ? '' : `Only images with ${conditions} were evaluated (${data.filteredOut} left out).`,
    settings.once === null
      ? ''
      : `Images with the same ${settings.once} were counted once (${data.repeated} left out).`,
  ];
  return partly(paragraph(parts.filter(Boolean).join(' ')));
};

const preprocessing: Filler = ({ cards }) =>
  partly(
    ...perCard(cards, ({ input }) =>
      input === null
        ? null
        : `images are brought to ${input.width} x ${input.height} pixels (${input.resize}), one channel; ${input.normalisation}.`,
    ),
  );

const missing: Filler = ({ evaluation: { data } }) => {
  const { withoutPrediction, withoutTruth, refused, matched } = data;
  const named = (ids: readonly string[], count: number) =>
    ids.length === 0 ? '' : ` (${ids.join(', ')}${count > ids.length ? ', ...' : ''})`;
  const handling = { exclude: 'left out', positive: 'counted as positive', negative: 'counted as negative' };
  const rows = [
    [
      'Images without a prediction, left out',
      String(withoutPrediction.count),
      named(withoutPrediction.ids, withoutPrediction.count).trim(),
    ],
    [
      'Predictions without truth, left out',
      String(withoutTruth.count),
      named(withoutTruth.ids, withoutTruth.count).trim(),
    ],
    [
      `Images that the reader refused, ${handling[refused.handling]}`,
      String(refused.count),
      refused.positives === null ? '' : `${refused.positives} positive`,
    ],
    ['Matched by the full id', String(matched.exactly), ''],
    ['Matched by file name', String(matched.byFileName + matched.byNameWithoutExtension), ''],
  ];
  return partly(
    table({ title: 'Missing and indeterminate results', head: ['What', 'Images', 'Which'], rows, notes: [] }),
  );
};

const annotators: Filler = ({ cards }) =>
  partly(...perCard(cards, ({ training }) => `training labels by ${training.labelledBy}.`));

const partitions: Filler = ({ cards }) =>
  partly(...perCard(cards, ({ training }) => `${training.protocol}.`));

const disjoint: Filler = ({ evaluation: { settings, data } }) =>
  partly(
    paragraph(
      settings.group === null
        ? 'No column named the patients: every image was taken as independent. Intervals are too narrow if patients have several images.'
        : `Images were tied to ${data.groups} groups by the column "${settings.group}"; intervals and tests resample whole groups.`,
    ),
  );

const sample: Filler = ({ evaluation: { imageLevel, settings } }) => {
  const points = imageLevel?.operatingPoints ?? [];
  const reached = points.flatMap(({ name, figures }) => {
    const interval = figures.sensitivity.intervals.find(({ lower }) => lower !== null);
    if (!interval || interval.lower === null || interval.upper === null) return [];
    const half = (interval.upper - interval.lower) / 2;
    return [`${name}: sensitivity is known within \u00b1${percent(half, 1)}.`];
  });
  if (reached.length === 0) return null;
  return partly(
    paragraph(
      `Precision that this sample gave (${percent(settings.level)} interval, independent images): ${reached.join(' ')}`,
    ),
  );
};

const flow: Filler = ({ evaluation: { data } }) => {
  const rows: Table['rows'] = [
    ['Left out by a condition', String(data.filteredOut)],
    ['Repetitions left out', String(data.repeated)],
    ['Without a prediction, left out', String(data.withoutPrediction.count)],
    ['Refused by the reader', String(data.refused.count)],
    ['Evaluated', String(data.items)],
    ...(data.positives === null || data.negatives === null
      ? []
      : [
          ['of them positive', String(data.positives)],
          ['of them negative', String(data.negatives)],
        ]),
    ['Groups (patients)', String(data.groups)],
  ];
  return partly(table({ title: 'Images', head: ['What', 'Number'], rows, notes: [] }));
};

const characteristics: Filler = ({ evaluation: { breakdowns } }) =>
  partly(
    ...breakdowns.map(({ column, subgroups }) =>
      table({
        title: `Images by ${column}`,
        head: [column, 'Images', 'Positive', 'Negative', 'Groups'],
        rows: subgroups.map(({ value, items, positives, negatives, groups }) => [
          value,
          ...[items, positives, negatives, groups].map(String),
        ]),
        notes: [],
      }),
    ),
  );

const protocol: Filler = ({ evaluation: { command, software, settings } }) =>
  partly(
    paragraph(
      `Evaluated with ${software.name} ${software.version}, seed ${settings.seed}; the method is described in docs/evaluation.md.`,
    ),
    ...(command === null ? [] : [paragraph(`Command that repeats it: ${command.join(' ')}`)]),
  );

const availability: Filler = ({ cards }) =>
  partly(
    ...perCard(cards, ({ licence, training }) => {
      const data = training.data.map(
        ({ name, licence: terms, citation }) => `${name} (${terms}; ${citation})`,
      );
      return `weights under ${licence}; data: ${data.join('; ')}.`;
    }),
  );

/** What the data say to the items on data, partitions and protocol. */
export const dataFillers: Readonly<Record<string, Filler>> = {
  '7': sources,
  '8': inclusion,
  '9': preprocessing,
  '12': missing,
  '16': annotators,
  '19': partitions,
  '20': disjoint,
  '21': sample,
  '35': flow,
  '36': characteristics,
  '42': protocol,
  '43': availability,
};
