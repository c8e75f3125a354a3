import { z } from 'zod';
import { subjectSchema } from './study.js';

const id = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/);
const reference = z.string().regex(/^[a-z0-9-]+\/[a-z0-9-]+$/);
const isoDate = z.iso.date();
const sentence = z.string().min(10).max(400);

/** A sentence with its citations: ids of entries of the evidence base. */
export const citedSchema = z.strictObject({ text: sentence, cites: z.array(id).min(1) });

/**
 * A sentence that says what the evidence base does not hold. It is checked: no study there may have measured any of
 * `lacks`, and the reader gets a link to the list of studies instead of a citation.
 */
export const gapSchema = z.strictObject({ text: sentence, lacks: z.array(subjectSchema).min(1) });

/** A claim that goes round and what the sources say of it. */
export const correctionSchema = z.strictObject({
  claim: sentence,
  verdict: z.enum(['wrong', 'unsupported', 'partly-supported']),
  text: z.array(sentence).min(1),
  cites: z.array(id).min(1),
});

const workedExamples = {
  /** Share of people who have the condition before the test, 0 to 1; each gives one worked example. */
  before: z.array(z.number().gt(0).lt(1)).min(1).max(2),
  /** Where such a share is met, in words; it is an example and not a finding. */
  setting: z.array(sentence).min(1).max(2),
  /** The words of this test and this condition. */
  words: z.strictObject({ test: z.string(), condition: z.string(), noCondition: z.string() }),
  /** What the reader must know of the two rates, such as that they are of all bones together. */
  basis: sentence.optional(),
};

/** Sensitivity, specificity and a stated chance before the test, from which natural frequencies are computed. */
export const chanceSchema = z.strictObject({
  sensitivity: reference,
  specificity: reference,
  ...workedExamples,
});

/**
 * The same from the rates that were measured for this site's own AI, for each of its operating points; the body part is
 * that of `askDoctor.regions`.
 */
export const ownChanceSchema = z.strictObject({ own: z.literal(true), ...workedExamples });

export type LiteratureChance = z.infer<typeof chanceSchema>;
export type Chance = LiteratureChance | z.infer<typeof ownChanceSchema>;

/** The facts that a chance is worked out from; none for this site's own AI. */
export function ratesOf(chance: Chance | null): string[] {
  return chance && 'sensitivity' in chance ? [chance.sensitivity, chance.specificity] : [];
}

/** One question and its answer: the contract `lucency.answer/1`. One file each in `answers/<language>/`. */
export const answerSchema = z
  .strictObject({
    schema: z.literal('lucency.answer/1'),
    id,
    language: z.string().regex(/^[a-z]{2}$/),
    topic: id,
    question: z.string().min(10).max(140),
    /** Other ways in which people ask it; they feed the search. */
    alsoAsked: z.array(z.string().min(5)).min(2),
    keywords: z.array(z.string()),
    short: z.tuple([sentence, sentence]),
    findings: z.array(z.union([citedSchema, gapSchema])).min(1),
    corrections: z.array(correctionSchema),
    /**
     * What the confidence level is computed from. `figure` is the number that must agree between studies; `subgroup`
     * marks a review of which only a part of unknown size speaks to the question, so it counts as one study; `indirect`
     * marks a study of other bones, other people or another question.
     */
    supports: z.array(
      z.strictObject({
        study: id,
        figure: reference.optional(),
        subgroup: z.literal(true).optional(),
        indirect: z.literal(true).optional(),
      }),
    ),
    chance: z.union([chanceSchema, ownChanceSchema]).nullable(),
    /** Why no chance can be worked out: without `chance`, or when this site's own AI has no measured rates. */
    noChance: sentence.optional(),
    unknown: z.array(sentence).min(1),
    askDoctor: z.strictObject({
      /** Words for the injury, such as "ankle or foot". */
      part: z.string(),
      /** Set when the question is of the place or the type of a break and not of whether there is one. */
      aspect: z.enum(['place', 'type']).optional(),
      /**
       * Subsets of model results that measure this body part, best first, such as "region: hand"; `note` says what
       * else such a subset holds.
       */
      regions: z.array(z.strictObject({ subset: z.string(), note: sentence.optional() })),
      extra: z.array(sentence),
    }),
    related: z.array(id).min(1),
    reviewed: isoDate,
    reviewBy: isoDate,
  })
  .refine((answer) => ratesOf(answer.chance).length > 0 === (answer.noChance === undefined), {
    message: 'an answer has either a chance from the literature or a reason for having none',
    path: ['chance'],
  })
  .refine((answer) => !answer.chance || answer.chance.before.length === answer.chance.setting.length, {
    message: 'every chance before the test has its setting in words',
    path: ['chance', 'setting'],
  })
  .refine((answer) => answer.reviewed < answer.reviewBy, {
    message: 'the next review lies after the last',
    path: ['reviewBy'],
  });
export type Answer = z.infer<typeof answerSchema>;

/** Ids of all entries that an answer cites, each once, in the order in which a reader meets them. */
export function citedIn(answer: Answer): string[] {
  const cited = [
    ...answer.findings.flatMap((finding) => ('cites' in finding ? finding.cites : [])),
    ...answer.corrections.flatMap((correction) => correction.cites),
    ...ratesOf(answer.chance).map((fact) => fact.split('/')[0] ?? ''),
  ];
  return [...new Set(cited)];
}
