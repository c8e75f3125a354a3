import type { Chance } from './answer.js';
import type { ComposeContext } from './compose-context.js';
import { resolveFact } from './facts.js';
import { afterTestWithBounds, type Rate } from './natural-frequency.js';
import { fill, outOf100, rangeOutOf100, restOf100 } from './numbers.js';
import type { Wording } from './wording.js';

/** A hundred people with one kind of result, and for how many of them it is right. */
export interface Hundred {
  readonly kind: 'positive' | 'clear';
  readonly sentence: string;
  readonly range: string | null;
  /** Whole people of 100 for whom the result is right; the picture shows them. */
  readonly right: number;
  /** Words of the picture for those who cannot see it. */
  readonly picture: string;
}

/** One worked example: the stated chance before the test and what a result then means. */
export interface ComposedChance {
  readonly setting: string;
  readonly before: string;
  readonly hundreds: readonly [Hundred, Hundred];
  readonly note: string;
  /** What the example was worked out from. */
  readonly inputs: {
    readonly sensitivity: { readonly reference: string; readonly value: number };
    readonly specificity: { readonly reference: string; readonly value: number };
    readonly before: number;
    readonly positive: number;
    readonly clear: number;
  };
}

function capitalise(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function about(said: string, wording: Wording['numbers']): string {
  return /^\d+$/.test(said) ? fill(wording.about, { n: said }) : said;
}

function hundred(kind: Hundred['kind'], rate: Rate, words: Chance['words'], wording: Wording): Hundred {
  const templates = wording.chance;
  const values = {
    ...words,
    n: about(outOf100(rate.value, wording.numbers), wording.numbers),
    rest: about(restOf100(rate.value, wording.numbers), wording.numbers),
  };
  const said = rate.interval && rangeOutOf100(rate.interval, wording.numbers);
  // Bounds that round to the value itself would tell the reader nothing.
  const range = said === outOf100(rate.value, wording.numbers) ? null : said;
  const positive = kind === 'positive';
  return {
    kind,
    sentence: capitalise(fill(positive ? templates.positive : templates.clear, values)),
    range: range && fill(positive ? templates.positiveRange : templates.clearRange, { range }),
    right: Math.round(rate.value * 100),
    picture: fill(positive ? templates.picturePositive : templates.pictureClear, values),
  };
}

/**
 * Natural frequencies of one test: a worked example for each stated chance before it. The bounds are the widest that
 * the intervals of sensitivity and specificity allow.
 * @throws LUC_EVIDENCE_UNKNOWN_FACT when a rate is not held
 */
export function composeChance(chance: Chance, context: ComposeContext): ComposedChance[] {
  const { studies, wording } = context.base;
  const sensitivity = resolveFact(studies, chance.sensitivity, context.statistics);
  const specificity = resolveFact(studies, chance.specificity, context.statistics);
  return chance.before.map((before, index) => {
    const { positive, clear } = afterTestWithBounds(sensitivity, specificity, before);
    return {
      setting: chance.setting[index] ?? '',
      before: fill(wording.chance.before, { ...chance.words, n: outOf100(before, wording.numbers) }),
      hundreds: [
        hundred('positive', positive, chance.words, wording),
        hundred('clear', clear, chance.words, wording),
      ],
      note: wording.chance.note,
      inputs: {
        sensitivity: { reference: chance.sensitivity, value: sensitivity.value },
        specificity: { reference: chance.specificity, value: specificity.value },
        before,
        positive: positive.value,
        clear: clear.value,
      },
    };
  });
}
