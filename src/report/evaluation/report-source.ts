import type { Evaluation } from '../../evaluation/evaluation.schema.js';
import type { Card } from '../../models/card.js';
import type { Block } from '../document/blocks.js';

/** A plot that was saved beside the numbers. */
export interface SavedPlot {
  /** File name, such as "roc.svg". */
  readonly name: string;
  readonly svg: string;
}

/** What a report is made from. */
export interface ReportSource {
  readonly evaluation: Evaluation;
  /** Cards of the models that made the predictions; empty when they are unknown. */
  readonly cards: readonly Card[];
  readonly plots: readonly SavedPlot[];
  /** Name of the set, such as "FracAtlas fold 0 (held out)". */
  readonly set: string;
}

/** What the data say to one item of the checklist. */
export interface Filled {
  readonly blocks: readonly Block[];
  /** True when nothing is left for the author to write. */
  readonly complete: boolean;
}

/** Null where the data say nothing. */
export type Filler = (source: ReportSource) => Filled | null;

export function paragraph(text: string): Block {
  return { kind: 'paragraph', text };
}

export function table(value: Extract<Block, { kind: 'table' }>['table']): Block {
  return { kind: 'table', table: value };
}

/** Part of the answer: the author must add to it. */
export function partly(...blocks: Block[]): Filled | null {
  return blocks.length === 0 ? null : { blocks, complete: false };
}

/** The whole answer. */
export function fully(...blocks: Block[]): Filled | null {
  return blocks.length === 0 ? null : { blocks, complete: true };
}

/** One paragraph per card, "id version: text". */
export function perCard(cards: readonly Card[], text: (card: Card) => string | null): Block[] {
  return cards.flatMap((card) => {
    const said = text(card);
    return said === null || said === '' ? [] : [paragraph(`${card.id} ${card.version}: ${said}`)];
  });
}
