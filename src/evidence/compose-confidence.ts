import { type Answer, citedIn } from './answer.js';
import type { ComposeContext } from './compose-context.js';
import { type Confidence, type ConfidencePart, confidenceOf } from './confidence.js';
import { fill } from './numbers.js';

/** The level with its reasons in words. */
export interface ComposedConfidence {
  readonly level: Confidence['level'];
  readonly name: string;
  readonly means: string;
  readonly points: number;
  readonly parts: readonly {
    readonly part: ConfidencePart;
    readonly name: string;
    readonly points: 0 | 1 | 2;
    readonly reason: string;
  }[];
  /** Ids of the entries that were graded. */
  readonly supports: readonly string[];
  /** Why the level is lower than its points, and what it does not speak of. */
  readonly notes: readonly string[];
}

export function composeConfidence(answer: Answer, context: ComposeContext): ComposedConfidence {
  const confidence = confidenceOf(answer, context.base.studies, context.statistics);
  const { levels, parts, caps, rules } = context.base.wording.confidence;
  const citesRules = citedIn(answer).some((id) => context.base.studies.get(id)?.kind === 'rule');
  return {
    level: confidence.level,
    ...levels[confidence.level],
    points: confidence.points,
    parts: confidence.parts.map(({ part, points, measure }) => ({
      part,
      name: parts[part].name,
      points,
      reason: fill(parts[part].points[points], { n: String(measure ?? '') }),
    })),
    supports: answer.supports.map(({ study }) => study),
    notes: [...confidence.caps.map((cap) => caps[cap]), ...(citesRules ? [rules] : [])],
  };
}
