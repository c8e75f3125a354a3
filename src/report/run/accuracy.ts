import type { Card } from '../../models/card.js';

type Result = Card['results'][number];

/** What one model's card says of how often it is right, for one body region. */
export interface AccuracyBlock {
  readonly question: string;
  readonly model: string;
  readonly task: Card['task'];
  /** Whether the figures hold for this region, for all regions together, or do not exist. */
  readonly scope: 'region' | 'all' | 'none';
  readonly figures: readonly AccuracyFigure[];
}

export interface AccuracyFigure {
  readonly result: Result;
  readonly value: string;
  /** Such as "62.0 to 79.0 %"; null when the card gives none. */
  readonly interval: string | null;
  /** Plain words: how often right, and what is weak about the figure. */
  readonly meaning: string;
}

const questions: Partial<Record<Card['task'], string>> = {
  combine: 'Is there a fracture in the image?',
  classify: 'Is there a fracture in the image?',
  detect: 'Where is it?',
  type: 'Of what type is it?',
};

/**
 * How often the models of a run are right in one body region, from their cards. The fused answer stands for the
 * image; single networks only where nothing fuses them.
 */
export function accuracyFor(region: string, cards: readonly Card[]): AccuracyBlock[] {
  const fused = cards.some((card) => card.task === 'combine');
  const order: Card['task'][] = fused ? ['combine', 'detect', 'type'] : ['classify', 'detect', 'type'];
  return order.flatMap((task) =>
    cards.filter((card) => card.task === task).map((card) => blockOf(card, region)),
  );
}

function blockOf(card: Card, region: string): AccuracyBlock {
  const question = questions[card.task] ?? card.title;
  const ofRegion = card.results.filter((result) => result.subset === `region: ${region}`);
  const ofAll = card.results.filter((result) => result.subset === 'all');
  const [scope, results] = ofRegion.length > 0 ? (['region', ofRegion] as const) : (['all', ofAll] as const);
  if (results.length === 0) return { question, model: card.id, task: card.task, scope: 'none', figures: [] };
  return { question, model: card.id, task: card.task, scope, figures: results.map(figureOf) };
}

/** A figure of a card as it is shown. */
export function figureOf(result: Result): AccuracyFigure {
  const { value, interval, metric } = result;
  return {
    result,
    value: valueText(metric, value),
    interval: interval ? `${valueText(metric, interval[0])} to ${valueText(metric, interval[1])}` : null,
    meaning: [inWords(result), ...weaknesses(result)].filter((words) => words !== '').join(' '),
  };
}

function isShare(metric: string): boolean {
  return /^(sensitivity|specificity|(balanced )?accuracy|recall|precision|(conformal )?coverage|share|PPV|NPV)\b/i.test(
    metric,
  );
}

function valueText(metric: string, value: number): string {
  return isShare(metric) ? `${(value * 100).toFixed(1)} %` : value.toFixed(3);
}

const cases: Readonly<Record<Result['unit'], string>> = {
  image: 'images',
  box: 'boxes',
  fracture: 'fractures',
  rib: 'ribs',
  'patient-group': 'patients',
  study: 'studies',
};

function inWords({ metric, value, interval, unit }: Result): string {
  const range = interval ? ` (${Math.floor(interval[0] * 100)} to ${Math.ceil(interval[1] * 100)})` : '';
  const share = `about ${Math.round(value * 100)}${range}`;
  const broken =
    unit === 'image' || unit === 'patient-group' ? `${cases[unit]} with a fracture` : 'fractures';
  if (/^(sensitivity|recall)\b/i.test(metric)) return `Of 100 ${broken}, ${share} are found.`;
  if (/^specificity\b/i.test(metric))
    return `Of 100 ${cases[unit]} without a fracture, ${share} are left unmarked.`;
  if (/^(PPV|precision)\b/i.test(metric)) return `Of 100 alarms, ${share} are right.`;
  if (/^NPV\b/i.test(metric)) return `Of 100 all-clears, ${share} are right.`;
  if (/^(balanced )?accuracy\b/i.test(metric)) return `Of 100 answers, ${share} are right.`;
  if (/^(conformal )?coverage\b/i.test(metric)) return `Of 100 sets, ${share} hold the true answer.`;
  if (/^AUC\b/i.test(metric)) {
    return `Of 100 pairs of one case with and one without, ${share} are put in the right order; 50 would be chance.`;
  }
  if (/^AP\b/i.test(metric)) return 'Average precision over all thresholds: 1 is perfect, 0 is worst.';
  if (/^(ECE|Brier)\b/i.test(metric)) return 'How far the percentages are off: 0 is perfect.';
  return '';
}

/** A note of a card as a sentence of its own. */
function sentence(note: string): string {
  return `${capitalised(note)}${/[.!?]$/.test(note) ? '' : '.'}`;
}

/** With a capital at its beginning. */
export function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Lower end of the interval below which a figure is called weak. */
const WEAK_BELOW = 0.7;
/** Fewer cases than this carry no figure. */
const FEW = 30;

function weaknesses(result: Result): string[] {
  const lower = result.interval ? result.interval[0] : result.value;
  const judged =
    (isShare(result.metric) && !/^share\b/i.test(result.metric)) || /^AUC\b/i.test(result.metric);
  const count = result.positives ?? result.n;
  return [
    judged && lower < WEAK_BELOW ? `Weak: it may be as low as ${valueText(result.metric, lower)}.` : '',
    count < FEW ? `Only ${count} cases: do not lean on it.` : '',
    result.interval ? '' : `No interval: ${result.intervalMethod}.`,
    result.simulated ? 'Measured on simulated images: says nothing of patients.' : '',
    result.note ? sentence(result.note) : '',
  ].filter((words) => words !== '');
}
