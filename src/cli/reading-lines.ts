import type { Finding, Reading } from '../core/reading.js';
import type { Card } from '../models/card.js';
import { percent, typeWords, verdictWords } from '../report/picture/words.js';

function findingWords(finding: Finding): string {
  const place = finding.box ? `box ${finding.box.map(Math.round).join(' ')}` : '';
  const type = finding.type ? `, ${typeWords(finding.type)}` : '';
  return `    ${finding.certainty === 'definite' ? 'solid ' : 'dashed'} ${place}: ${percent(finding.score)}${type}`;
}

/** What a person reads in the terminal of one image: verdict, probability, region, and a line per finding. */
export function readingLines(reading: Reading): string {
  const frame = reading.frame === undefined ? '' : ` frame ${reading.frame}`;
  const head = `${reading.input}${frame}: ${verdictWords[reading.verdict]}`;
  if (reading.verdict === 'refused') return `${head} (${reading.refusal?.code}): ${reading.refusal?.reason}`;
  const region = reading.image.region ? `, ${reading.image.region.label}` : '';
  const probability = reading.probability === null ? '' : ` ${percent(reading.probability)}`;
  const shown = reading.findings.filter(({ certainty }) => certainty !== 'candidate');
  return [`${head}${probability}${region}`, ...shown.map(findingWords)].join('\n');
}

/**
 * How often the answer is right, from a card: its general figures and those of the regions met, each with interval,
 * set and size. Says so when the card has none.
 */
export function accuracyLines(card: Card, regions: ReadonlySet<string>): string[] {
  const wanted = new Set(['all', ...[...regions].map((region) => `region: ${region}`)]);
  const results = card.results.filter(
    ({ subset, metric }) => wanted.has(subset) && /^(AUC|sensitivity|specificity)/i.test(metric),
  );
  if (results.length === 0) return [`${card.id} states no measured accuracy for these images.`];
  return results.map(({ subset, metric, value, interval, set, n, note }) => {
    const bounds = interval
      ? ` (95 % interval ${interval.map((bound) => bound.toFixed(3)).join(' to ')})`
      : '';
    return `${subset}: ${metric} ${value.toFixed(3)}${bounds}, ${set}, n = ${n}${note ? `; ${note}` : ''}`;
  });
}
