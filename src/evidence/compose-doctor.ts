import type { Answer } from './answer.js';
import type { ComposeContext } from './compose-context.js';
import { fill, outOf100, rangeOutOf100 } from './numbers.js';
import { isWeak, type OwnFigure, type OwnResult, ownAccuracy } from './own-accuracy.js';
import type { Wording } from './wording.js';

/** One result of Lucency itself, in words. */
export interface ComposedOwnResult {
  readonly sentence: string;
  /** Where it was measured. */
  readonly set: string;
  /** The model, or `evaluation`. */
  readonly source: string;
  readonly result: OwnResult;
}

/** What to ask the doctor, and what this site can say of itself. */
export interface ComposedDoctor {
  readonly questions: readonly string[];
  readonly own: readonly ComposedOwnResult[];
  /** What must be known of the results, or why there are none. */
  readonly notes: readonly string[];
}

function sayFigure({ metric, value, interval }: OwnFigure, numbers: Wording['numbers']): string {
  if (metric !== 'auc') {
    const said = fill(numbers.of100, { n: outOf100(value, numbers) });
    return interval ? fill(numbers.withRange, { said, range: rangeOutOf100(interval, numbers) }) : said;
  }
  const said = value.toFixed(2);
  if (!interval) return said;
  const range = fill(numbers.range, { low: interval[0].toFixed(2), high: interval[1].toFixed(2) });
  return fill(numbers.withRange, { said, range });
}

function figuresOf(result: OwnResult): OwnFigure[] {
  if (result.kind === 'share') return [result.share];
  return result.kind === 'auc' ? [result.auc] : [result.sensitivity, result.specificity];
}

function casesOf({ subset }: OwnFigure, { own }: Wording): Readonly<Record<string, string>> {
  return own.cases[subset] ?? own.cases.all ?? {};
}

/** All cases of a result: where each rate counts only the cases that it is of, their sum. */
function caseCount(result: OwnResult): number {
  if (result.kind === 'share') return result.share.n;
  if (result.kind === 'auc') return result.auc.n;
  const { sensitivity, specificity } = result;
  return sensitivity.n === specificity.n ? sensitivity.n : sensitivity.n + specificity.n;
}

function sentenceOf(result: OwnResult, wording: Wording): string {
  const { own, numbers } = wording;
  switch (result.kind) {
    case 'auc':
      return fill(own.auc, { auc: sayFigure(result.auc, numbers) });
    case 'share':
      return fill(result.share.metric === 'place' ? own.place : own.type, {
        share: sayFigure(result.share, numbers),
        boxes: String(result.share.falseBoxes ?? ''),
      });
    case 'rates':
      return fill(own.rates[result.sensitivity.point ?? 'any'], {
        ...casesOf(result.sensitivity, wording),
        sensitivity: sayFigure(result.sensitivity, numbers),
        specificity: sayFigure(result.specificity, numbers),
      });
  }
}

function sayResult(result: OwnResult, wording: Wording): ComposedOwnResult[] {
  const { own, numbers } = wording;
  const [first] = figuresOf(result);
  if (!first) return [];
  const sentence = sentenceOf(result, wording);
  const subset = own.subsets[first.subset] ?? first.subset;
  const plainSet = own.sets.find(({ begins }) => first.set.startsWith(begins))?.words ?? first.set;
  const set = fill(result.kind === 'share' ? own.setOfBreaks : own.set, {
    set: plainSet,
    subset,
    images: casesOf(first, wording).images ?? '',
    n: caseCount(result).toLocaleString(numbers.locale),
  });
  return [{ sentence, set, source: first.source, result }];
}

/** The five questions for this body part, with this site's own accuracy for it where it was measured. */
export function composeDoctor(answer: Answer, context: ComposeContext): ComposedDoctor {
  const { wording } = context.base;
  const { part, regions, extra, aspect } = answer.askDoctor;
  const results = ownAccuracy(
    context.own,
    regions.map(({ subset }) => subset),
    aspect,
  );
  const figures = results.flatMap(figuresOf);
  const regionNote = regions.find(({ subset }) => subset === figures[0]?.subset)?.note;
  const notes =
    figures.length === 0
      ? [context.own.length === 0 ? wording.own.noModels : wording.own.none]
      : [
          ...(regionNote ? [regionNote] : []),
          ...(figures.some(isWeak) ? [wording.own.weak] : []),
          ...(figures.some(({ simulated }) => simulated) ? [wording.own.simulated] : []),
        ];
  return {
    questions: [...wording.askDoctor.questions.map((question) => fill(question, { part })), ...extra],
    own: results.flatMap((result) => sayResult(result, wording)),
    notes,
  };
}
