import type { Answer, Chance } from './answer.js';
import type { ComposeContext } from './compose-context.js';
import { resolveFact } from './facts.js';
import { afterTestWithBounds, type Rate } from './natural-frequency.js';
import { fill, outOf100, rangeOutOf100, restOf100 } from './numbers.js';
import { type OwnFigure, ownAccuracy } from './own-accuracy.js';
import type { Wording } from './wording.js';

/** A hundred people with one kind of result, and for how many of them it is right. */
export interface Hundred {
  readonly kind: 'positive' | 'clear';
  readonly sentence: string;
  readonly range: string | null;
  /** Whole people of 100 for whom the result is right; the picture shows them. */
  readonly right: number;
  /** The same as words, and the others: "more than 99 out of 100", "fewer than 1 out of 100". */
  readonly people: { readonly right: string; readonly wrong: string };
  /** Words of the picture for those who cannot see it. */
  readonly picture: string;
}

/** A rate with where it comes from: a fact of the evidence base, or a model (`evaluation` for a results file). */
export type ChanceInput = Rate &
  ({ readonly kind: 'fact'; readonly reference: string } | { readonly kind: 'own'; readonly source: string });

/** One worked example: the stated chance before the test and what a result then means. */
export interface ComposedChance {
  /** What must be known of the rates; null where nothing needs saying. */
  readonly basis: string | null;
  readonly words: Chance['words'];
  /** Where such a chance before the test is met, or which of several tests the example is for. */
  readonly setting: string;
  readonly before: string;
  readonly hundreds: readonly [Hundred, Hundred];
  readonly note: string;
  /** What the example was worked out from. */
  readonly inputs: {
    readonly sensitivity: ChanceInput;
    readonly specificity: ChanceInput;
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
  // Bounds that round to the value itself, or to "more than 99", would tell the reader nothing.
  const isPlain = /^\d+$/.test(outOf100(rate.interval?.[0] ?? rate.value, wording.numbers));
  const range = said === outOf100(rate.value, wording.numbers) || !isPlain ? null : said;
  const positive = kind === 'positive';
  return {
    kind,
    sentence: capitalise(fill(positive ? templates.positive : templates.clear, values)),
    range: range && fill(positive ? templates.positiveRange : templates.clearRange, { range }),
    right: Math.round(rate.value * 100),
    people: {
      right: fill(wording.numbers.of100, { n: outOf100(rate.value, wording.numbers) }),
      wrong: fill(wording.numbers.of100, { n: restOf100(rate.value, wording.numbers) }),
    },
    picture: fill(positive ? templates.picturePositive : templates.pictureClear, values),
  };
}

/** A test whose two rates are known. */
interface RatedTest {
  /** What tells it from other tests of the same answer; null for the only one. */
  readonly title: string | null;
  readonly words: Chance['words'];
  readonly sensitivity: ChanceInput;
  readonly specificity: ChanceInput;
}

function testOfLiterature(
  chance: Extract<Chance, { sensitivity: string }>,
  context: ComposeContext,
): RatedTest {
  const rate = (reference: string): ChanceInput => {
    const { value, interval } = resolveFact(context.base.studies, reference, context.statistics);
    return { kind: 'fact', reference, value, interval };
  };
  return {
    title: null,
    words: chance.words,
    sensitivity: rate(chance.sensitivity),
    specificity: rate(chance.specificity),
  };
}

function ownTests(answer: Answer, chance: Chance, { own, base }: ComposeContext): RatedTest[] {
  const rate = ({ value, interval, source }: OwnFigure): ChanceInput => ({
    kind: 'own',
    source,
    value,
    interval,
  });
  const regions = answer.askDoctor.regions.map(({ subset }) => subset);
  return ownAccuracy(own, regions).flatMap((result) =>
    result.kind === 'rates'
      ? [
          {
            title: base.wording.own.tests[result.sensitivity.point ?? 'any'],
            words: chance.words,
            sensitivity: rate(result.sensitivity),
            specificity: rate(result.specificity),
          },
        ]
      : [],
  );
}

function workedExamples(
  chance: Chance,
  test: RatedTest,
  { wording }: ComposeContext['base'],
): ComposedChance[] {
  const { title, words, sensitivity, specificity } = test;
  return chance.before.map((before, index) => {
    const { positive, clear } = afterTestWithBounds(sensitivity, specificity, before);
    const setting = chance.setting[index] ?? '';
    const share = fill(wording.chance.before, { ...words, n: outOf100(before, wording.numbers) });
    return {
      basis: chance.basis ?? null,
      words,
      setting: title ?? setting,
      before: title ? `${setting} ${share}` : share,
      hundreds: [hundred('positive', positive, words, wording), hundred('clear', clear, words, wording)],
      note: wording.chance.note,
      inputs: { sensitivity, specificity, before, positive: positive.value, clear: clear.value },
    };
  });
}

/**
 * Natural frequencies: a worked example for each stated chance before the test, and for this site's own AI one for each
 * of its operating points as well. The bounds are the widest that the intervals of sensitivity and specificity allow.
 * Empty where no rates are known.
 * @throws LUC_EVIDENCE_UNKNOWN_FACT when a rate is not held
 */
export function composeChances(answer: Answer, context: ComposeContext): ComposedChance[] {
  const { chance } = answer;
  if (!chance) return [];
  const tests =
    'sensitivity' in chance ? [testOfLiterature(chance, context)] : ownTests(answer, chance, context);
  return tests.flatMap((test) => workedExamples(chance, test, context.base));
}
