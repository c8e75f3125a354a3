import { type Answer, citedIn } from './answer.js';
import { type ComposedChance, composeChances } from './compose-chance.js';
import { type ComposedConfidence, composeConfidence } from './compose-confidence.js';
import type { ComposeContext } from './compose-context.js';
import { type ComposedDoctor, composeDoctor } from './compose-doctor.js';
import { resolveFact } from './facts.js';
import { sayNumber } from './numbers.js';
import type { Piece, Sentence } from './sentence.js';
import { parseTemplate } from './template.js';

export interface ComposedCorrection {
  readonly claim: Sentence;
  readonly verdict: Answer['corrections'][number]['verdict'];
  readonly verdictName: string;
  readonly sentences: readonly Sentence[];
}

/** An answer with every number filled in, as sentences; each sink (page, terminal, JSON) only lays it out. */
export interface ComposedAnswer {
  readonly id: string;
  readonly topic: string;
  readonly question: string;
  readonly short: readonly [Sentence, Sentence];
  readonly findings: readonly Sentence[];
  readonly corrections: readonly ComposedCorrection[];
  readonly confidence: ComposedConfidence;
  /** One worked example per chance before the test; empty when none can be given. */
  readonly chances: readonly ComposedChance[];
  readonly noChance: string | null;
  readonly unknown: readonly Sentence[];
  readonly doctor: ComposedDoctor;
  readonly related: readonly string[];
  /** Ids of the cited entries, in the order of their numbers. */
  readonly sources: readonly string[];
  readonly reviewed: string;
  readonly reviewBy: string;
  readonly disclaimer: string;
  readonly urgent: string;
}

/** Fills a text of an answer; each number keeps the fact that it came from. */
export function composeText(text: string, cites: readonly string[], context: ComposeContext): Sentence {
  const pieces = parseTemplate(text).map<Piece>((part) => {
    if (part.kind === 'text') return { text: part.text, fact: null };
    const fact = resolveFact(context.base.studies, part.reference, context.statistics);
    const said = sayNumber(fact, part.format, context.base.wording.numbers);
    return { text: said, fact: { study: fact.study, fact: fact.fact } };
  });
  return { pieces, cites, gap: false };
}

/**
 * Fills in one answer.
 * @throws LUC_EVIDENCE_UNKNOWN_FACT, LUC_EVIDENCE_TEXT_INVALID for a text that does not fit the evidence base
 */
export function composeAnswer(answer: Answer, context: ComposeContext): ComposedAnswer {
  const { wording } = context.base;
  const say = (text: string) => composeText(text, [], context);
  const chances = composeChances(answer, context);
  return {
    id: answer.id,
    topic: answer.topic,
    question: answer.question,
    short: [say(answer.short[0]), say(answer.short[1])],
    findings: answer.findings.map((finding) =>
      'cites' in finding
        ? composeText(finding.text, finding.cites, context)
        : { ...composeText(finding.text, [], context), gap: true },
    ),
    corrections: answer.corrections.map(({ claim, verdict, text, cites }) => ({
      claim: say(claim),
      verdict,
      verdictName: wording.verdicts[verdict],
      sentences: text.map((sentence) => composeText(sentence, cites, context)),
    })),
    confidence: composeConfidence(answer, context),
    chances,
    noChance: chances.length > 0 ? null : (answer.noChance ?? null),
    unknown: answer.unknown.map(say),
    doctor: composeDoctor(answer, context),
    related: answer.related,
    sources: citedIn(answer),
    reviewed: answer.reviewed,
    reviewBy: answer.reviewBy,
    disclaimer: wording.disclaimer,
    urgent: wording.urgent,
  };
}
