import { printable } from '../core/printable.js';
import type { Finding, Reading } from '../core/reading.js';
import { answerWords, noPlace, percent, recordWords, typeWords } from '../core/reading-words.js';
import type { Card } from '../models/card.js';

function findingWords(finding: Finding): string {
  const place = finding.box ? `box ${finding.box.map(Math.round).join(' ')}` : placeInVolume(finding);
  const words = typeWords(finding.type);
  const type = words === null ? '' : `, ${words}`;
  return `    ${finding.certainty === 'definite' ? 'solid ' : 'dashed'} ${place}: ${percent(finding.score)}${type}`;
}

/** Words of a finding in a volume, and where it lies: slice from 1, as viewers count. */
function placeInVolume({ description, box3d, centerMm }: Finding): string {
  const slice = box3d ? `slice ${Math.floor(box3d[2] + box3d[5] / 2) + 1}` : '';
  const point = centerMm ? `${centerMm.map((part) => part.toFixed(0)).join(' ')} mm` : '';
  return [printable(description ?? 'box'), [slice, point].filter((part) => part !== '').join(', ')]
    .filter((part) => part !== '')
    .join(', ');
}

function limitationWords({ limitations = [] }: Reading): string[] {
  const said = limitations.filter(({ code }) => code !== noPlace);
  return said.map(({ code, text }) => `    limited (${code}): ${printable(text)}`);
}

/** What a person reads in the terminal of one image: verdict, probability, region, and a line per finding. */
export function readingLines(reading: Reading): string {
  const frame = reading.frame === undefined ? '' : ` frame ${reading.frame}`;
  const head = `${printable(reading.input)}${frame}: ${answerWords(reading)}`;
  if (reading.verdict === 'refused')
    return `${head} (${reading.refusal?.code}): ${printable(reading.refusal?.reason ?? '')}`;
  const region = reading.image.region ? `, ${reading.image.region.label}` : '';
  const record = recordWords(reading);
  const probability = reading.probability === null ? null : `probability ${percent(reading.probability)}`;
  const said = [record, probability].filter((part) => part !== null).join('; ');
  const shown = reading.findings.filter(({ certainty }) => certainty !== 'candidate');
  return [
    `${head}${region}`,
    ...(said === '' ? [] : [`    ${said}`]),
    ...shown.map(findingWords),
    ...limitationWords(reading),
  ].join('\n');
}

function figureWords({ metric, value, interval }: Card['results'][number]): string {
  const bounds = interval ? ` (${interval.map((bound) => bound.toFixed(2)).join(' to ')})` : '';
  return `${metric} ${value.toFixed(2)}${bounds}`;
}

/**
 * How often the answer is right, from a card: one line for all images and one for each region met, with 95 %
 * intervals, set and size. Says so when the card has none.
 */
export function accuracyLines(card: Card, regions: ReadonlySet<string>): string[] {
  const subsets = ['all', ...[...regions].sort().map((region) => `region: ${region}`)];
  return subsets.map((subset) => {
    const results = card.results.filter(
      (result) => result.subset === subset && /^(sensitivity|specificity)/i.test(result.metric),
    );
    const [first] = results;
    if (!first) return `${subset}: ${card.id} states no measured accuracy.`;
    const cases = first.positives === null ? '' : `, ${first.positives} with a fracture`;
    return `${subset}: ${results.map(figureWords).join('; ')}. ${first.set}, n = ${first.n}${cases}.`;
  });
}

/** The measured figures of a model that reads volumes, and that it was trained on simulated data where it was. */
export function volumeAccuracyLine({ id, results, simulatedOnly }: Card): string {
  const figures = results.filter(({ subset }) => subset === 'all');
  const [first] = figures;
  const trained = simulatedOnly ? ' Trained on simulated data only.' : '';
  if (!first) return `${id} states no measured accuracy.${trained}`;
  return `${id}: ${figures.map(figureWords).join('; ')}. ${first.set}, n = ${first.n}.${trained}`;
}
