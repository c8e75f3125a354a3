import type { Answer } from './answer.js';
import type { ComposeContext } from './compose-context.js';
import { fill, outOf100, rangeOutOf100 } from './numbers.js';
import { type OwnFigure, ownAccuracy } from './own-accuracy.js';
import type { Wording } from './wording.js';

/** One figure of Lucency itself, in words. */
export interface ComposedOwnFigure {
  readonly figure: OwnFigure;
  readonly sentence: string;
  readonly set: string;
}

/** What to ask the doctor, and what this site can say of itself. */
export interface ComposedDoctor {
  readonly questions: readonly string[];
  readonly own: readonly ComposedOwnFigure[];
  /** What must be known of the figures, or why there are none. */
  readonly notes: readonly string[];
}

function sayRange(interval: readonly [number, number], isRate: boolean, numbers: Wording['numbers']): string {
  if (isRate) return rangeOutOf100(interval, numbers);
  return fill(numbers.range, { low: interval[0].toFixed(2), high: interval[1].toFixed(2) });
}

function sayOwn(figure: OwnFigure, wording: Wording): ComposedOwnFigure {
  const { own, numbers } = wording;
  const isRate = figure.metric !== 'auc';
  const said = isRate ? fill(numbers.of100, { n: outOf100(figure.value, numbers) }) : figure.value.toFixed(2);
  const range = figure.interval ? ` (${sayRange(figure.interval, isRate, numbers)})` : '';
  const template = figure.metric === 'auc' ? own.auc : own.rates[figure.metric];
  return {
    figure,
    sentence: fill(template, { said, range }),
    set: fill(own.set, {
      set: `${figure.set}, ${figure.subset}`,
      n: figure.n.toLocaleString(numbers.locale),
    }),
  };
}

/** The five questions for this body part, with this site's own accuracy for it where it was measured. */
export function composeDoctor(answer: Answer, context: ComposeContext): ComposedDoctor {
  const { askDoctor, own: words } = context.base.wording;
  const { part, regions, extra } = answer.askDoctor;
  const own = ownAccuracy(
    context.own,
    regions.map(({ subset }) => subset),
  );
  const regionNote = regions.find(({ subset }) => subset === own[0]?.subset)?.note;
  const none = context.own.length === 0 ? words.noModels : words.none;
  const notes =
    own.length === 0
      ? [none]
      : [
          ...(regionNote ? [regionNote] : []),
          ...(own.some(({ weak }) => weak) ? [words.weak] : []),
          ...(own.some(({ simulated }) => simulated) ? [words.simulated] : []),
        ];
  return {
    questions: [...askDoctor.questions.map((question) => fill(question, { part })), ...extra],
    own: own.map((figure) => sayOwn(figure, context.base.wording)),
    notes,
  };
}
