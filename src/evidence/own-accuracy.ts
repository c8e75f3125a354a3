import type { Card } from '../models/card.js';

/** One measured rate of Lucency itself for a body part, with where it comes from. */
export interface OwnFigure {
  readonly metric: 'sensitivity' | 'specificity' | 'auc';
  readonly value: number;
  readonly interval: readonly [number, number] | null;
  /** Words of the test set, as its source states them. */
  readonly set: string;
  readonly subset: string;
  readonly n: number;
  readonly simulated: boolean;
  /** The model of the card, or `evaluation` for a results file. */
  readonly source: string;
  /** True where the lower bound lies below what `weakBelow` asks for, or no interval is given. */
  readonly weak: boolean;
}

/** A figure before it is judged: one line of a card or of an evaluation. */
export interface MeasuredFigure extends Omit<OwnFigure, 'weak'> {
  /** What stands behind the metric's name, such as the operating point; rates are paired only when it is the same. */
  readonly qualifier: string;
  /** Lower ranks are shown first when several sources measure the same. */
  readonly rank: number;
}

/** Lower bounds under which a figure is called weak. An area of 0.5 is a coin toss. */
export const weakBelow = { sensitivity: 0.8, specificity: 0.8, auc: 0.75 } as const;

const taskRank: Record<Card['task'], number> = { combine: 0, classify: 1, detect: 2, region: 9, type: 9 };

const metricNames: readonly (readonly [RegExp, OwnFigure['metric']])[] = [
  [/^sensitivity\b/, 'sensitivity'],
  [/^specificity\b/, 'specificity'],
  [/^(?:auc|auroc)\b/, 'auc'],
];

/** Reads "sensitivity (doubtful)" as the metric and its qualifier; null for metrics that patients are not shown. */
export function readMetric(words: string): { metric: OwnFigure['metric']; qualifier: string } | null {
  const name = words.toLowerCase();
  for (const [pattern, metric] of metricNames) {
    if (pattern.test(name)) return { metric, qualifier: name.replace(pattern, '').trim() };
  }
  return null;
}

/** The figures per image of all cards: what a patient's question can be answered with. */
export function figuresOfCards(cards: readonly Card[]): MeasuredFigure[] {
  return cards.flatMap((card) =>
    card.results.flatMap((result) => {
      const metric = readMetric(result.metric);
      if (!metric || result.unit !== 'image' || taskRank[card.task] > 2) return [];
      return [
        {
          ...metric,
          value: result.value,
          interval: result.interval,
          set: result.set,
          subset: result.subset,
          n: result.n,
          simulated: result.simulated,
          source: card.id,
          rank: taskRank[card.task] + (result.simulated ? 10 : 0),
        },
      ];
    }),
  );
}

function judge({ metric, value, interval, set, subset, n, simulated, source }: MeasuredFigure): OwnFigure {
  const low = interval?.[0];
  const weak = low === undefined || low < weakBelow[metric];
  return { metric, value, interval, set, subset, n, simulated, source, weak };
}

function byRank(a: MeasuredFigure, b: MeasuredFigure): number {
  return a.rank - b.rank || b.n - a.n;
}

/**
 * The figures that answer "how accurate is the AI behind this site for this body part": those of the first region that
 * has any: sensitivity and specificity measured together where they exist, else the AUC, from the best placed source.
 */
export function ownAccuracy(figures: readonly MeasuredFigure[], regions: readonly string[]): OwnFigure[] {
  for (const region of regions) {
    const here = figures.filter((figure) => figure.subset.toLowerCase() === region.toLowerCase());
    if (here.length === 0) continue;
    const of = (metric: OwnFigure['metric']) =>
      here.filter((figure) => figure.metric === metric).sort(byRank);
    const pairs = of('sensitivity').flatMap((sensitivity) => {
      const partner = of('specificity').find(
        ({ source, set, qualifier }) =>
          source === sensitivity.source && set === sensitivity.set && qualifier === sensitivity.qualifier,
      );
      return partner ? [[sensitivity, partner]] : [];
    });
    const chosen = pairs[0] ?? of('auc').slice(0, 1);
    if (chosen.length > 0) return chosen.map(judge);
  }
  return [];
}
