import type { Card } from '../models/card.js';
import type { EvidenceStatistics } from './statistics-port.js';

/** Which marks count as a positive result: all of them, also the doubtful ones, or only the definite ones. */
export type OperatingPoint = 'doubtful' | 'definite';

/** One measured figure of Lucency itself for a body part, with where it comes from. */
export interface OwnFigure {
  /** `place`: share of breaks with a box on them; `type`: share of breaks whose type was named rightly. */
  readonly metric: 'sensitivity' | 'specificity' | 'auc' | 'place' | 'type';
  /** Null for the AUC and for figures that name no operating point. */
  readonly point: OperatingPoint | null;
  readonly value: number;
  readonly interval: readonly [number, number] | null;
  /** False boxes per image that the share in `place` was bought with; null for all else. */
  readonly falseBoxes: number | null;
  /** Words of the test set, as its source states them. */
  readonly set: string;
  readonly subset: string;
  readonly n: number;
  readonly simulated: boolean;
  /** The model of the card, or `evaluation` for a results file. */
  readonly source: string;
  /** Lower ranks are shown first when several sources measure the same. */
  readonly rank: number;
}

/** What is asked of the AI: whether a bone is broken, where, or of what type. */
export type Aspect = 'whether' | 'place' | 'type';

/** What is shown together: the two rates of one operating point, or an AUC or a share of breaks alone. */
export type OwnResult =
  | { readonly kind: 'share'; readonly share: OwnFigure }
  | { readonly kind: 'rates'; readonly sensitivity: OwnFigure; readonly specificity: OwnFigure }
  | { readonly kind: 'auc'; readonly auc: OwnFigure };

/** Lower bounds under which a figure is called weak. An area of 0.5 is a coin toss. */
export const weakBelow = { sensitivity: 0.8, specificity: 0.8, auc: 0.75, place: 0.8, type: 0.8 } as const;

/** The joined model gives the result that a reader sees, so it comes first. Null: says nothing of fractures. */
const taskRank: Record<Card['task'], number | null> = {
  combine: 0,
  classify: 1,
  detect: 2,
  type: 3,
  region: null,
  ribs: 0,
  infection: 0,
};

/** Models of volumes speak of one body part or condition only: their results over all cases stand under its name. */
const wholeSubset: Partial<Record<Card['task'], string>> = { ribs: 'ribs', infection: 'infection' };

/** What was measured on made-up images comes after all else. */
const simulatedRank = 10;

/** Reads "sensitivity (doubtful)" as metric and operating point; null for metrics that patients are not shown. */
export function readMetric(words: string): Pick<OwnFigure, 'metric' | 'point'> | null {
  const rate = /^(sensitivity|specificity)(?: \((doubtful|definite)\))?$/i.exec(words);
  if (rate) {
    const metric = rate[1]?.toLowerCase() === 'sensitivity' ? 'sensitivity' : 'specificity';
    const point = rate[2]?.toLowerCase();
    return { metric, point: point === 'doubtful' || point === 'definite' ? point : null };
  }
  return /^auc(?: \([^)]*\))?$/i.test(words) ? { metric: 'auc', point: null } : null;
}

/** Reads the measures of single breaks: a box on the break at a stated number of false boxes, or its type. */
function readBreakMetric(words: string): Pick<OwnFigure, 'metric' | 'point' | 'falseBoxes'> | null {
  const place = /^sensitivity per fracture at ([\d.]+) false boxes per image \(IoU 0\.5\)$/i.exec(words);
  if (place) return { metric: 'place', point: null, falseBoxes: Number(place[1]) };
  return /^accuracy, (?:\w+) classes$/i.test(words)
    ? { metric: 'type', point: null, falseBoxes: null }
    : null;
}

/**
 * The interval of a card's rate. A bootstrap gives an interval without width when all cases, or none, were right; then
 * Wilson's interval of the counts takes its place.
 */
function intervalOf(
  result: Card['results'][number],
  metric: OwnFigure['metric'],
  statistics: EvidenceStatistics,
): readonly [number, number] | null {
  const { interval, positives, n, value } = result;
  const isRate = metric === 'sensitivity' || metric === 'specificity';
  if (!interval || interval[0] < interval[1] || !isRate) return interval;
  const cases = positives === null ? 0 : metric === 'sensitivity' ? positives : n - positives;
  return cases > 0 ? statistics.proportion(Math.round(value * cases), cases).interval : null;
}

/** The figures per image, and per break for place and type: what a patient's question can be answered with. */
export function figuresOfResults(
  results: Card['results'],
  origin: { readonly source: string; readonly rank: number; readonly whole?: string | undefined },
  statistics: EvidenceStatistics,
): OwnFigure[] {
  return results.flatMap((result) => {
    const unitOfCase = origin.whole === undefined ? 'image' : 'study';
    const perImage = result.unit === unitOfCase ? readMetric(result.metric) : null;
    const perBreak = result.unit === 'fracture' ? readBreakMetric(result.metric) : null;
    const read = perImage ? { ...perImage, falseBoxes: null } : perBreak;
    if (!read) return [];
    return [
      {
        ...read,
        value: result.value,
        interval: intervalOf(result, read.metric, statistics),
        set: result.set,
        subset: result.subset === 'all' ? (origin.whole ?? 'all') : result.subset,
        n: result.n,
        simulated: result.simulated,
        source: origin.source,
        rank: origin.rank + (result.simulated ? simulatedRank : 0),
      },
    ];
  });
}

/** The figures of all cards of models that say whether an image shows a fracture, where, or of what type. */
export function figuresOfCards(cards: readonly Card[], statistics: EvidenceStatistics): OwnFigure[] {
  return cards.flatMap((card) => {
    const rank = taskRank[card.task];
    if (rank === null) return [];
    return figuresOfResults(
      card.results,
      { source: card.id, rank, whole: wholeSubset[card.task] },
      statistics,
    );
  });
}

/** True where the lower bound lies below what `weakBelow` asks for, or no interval is given. */
export function isWeak({ metric, interval }: OwnFigure): boolean {
  return !interval || interval[0] < weakBelow[metric];
}

const pointOrder: readonly OwnFigure['point'][] = ['doubtful', 'definite', null];

function resultsOfSource(figures: readonly OwnFigure[], aspect: Aspect): OwnResult[] {
  if (aspect !== 'whether') {
    const share = figures.find((figure) => figure.metric === aspect);
    return share ? [{ kind: 'share', share }] : [];
  }
  const rates = pointOrder.flatMap<OwnResult>((point) => {
    const of = (metric: OwnFigure['metric'], set?: string) =>
      figures.find(
        (figure) => figure.metric === metric && figure.point === point && (!set || figure.set === set),
      );
    const sensitivity = of('sensitivity');
    const specificity = sensitivity && of('specificity', sensitivity.set);
    return sensitivity && specificity ? [{ kind: 'rates', sensitivity, specificity }] : [];
  });
  if (rates.length > 0) return rates;
  const auc = figures.find((figure) => figure.metric === 'auc');
  return auc ? [{ kind: 'auc', auc }] : [];
}

/**
 * The figures that answer "how accurate is the AI behind this site for this body part": those of the first region that
 * has any, from the best placed source: sensitivity and specificity for each operating point, else the AUC; or, where
 * the question is of place or type, the share of breaks.
 */
export function ownAccuracy(
  figures: readonly OwnFigure[],
  regions: readonly string[],
  aspect: Aspect = 'whether',
): OwnResult[] {
  for (const region of regions) {
    const here = figures
      .filter(({ subset }) => subset.toLowerCase() === region.toLowerCase())
      .sort((a, b) => a.rank - b.rank);
    for (const source of new Set(here.map((figure) => `${figure.rank} ${figure.source}`))) {
      const results = resultsOfSource(
        here.filter((figure) => `${figure.rank} ${figure.source}` === source),
        aspect,
      );
      if (results.length > 0) return results;
    }
  }
  return [];
}
