import { z } from 'zod';

const words = z.array(z.string().min(1)).min(1);

/**
 * The words with which questions are understood, kept as data for each language. All are lower case, without
 * punctuation.
 */
export const askingWordsSchema = z.strictObject({
  language: z.string(),
  /** Words without meaning for the search. */
  stopWords: words,
  /** Ordinary words that look like misspelt words of the topic and are left as they are. */
  leaveAlone: words,
  /** Phrases and words that mean the same as the word they stand under: "broken" is `fracture`, "doc" is `doctor`. */
  synonyms: z.record(z.string(), words),
  /** Words, after synonyms, that place a question within the topic. */
  topicWords: words,
  /** Words that fit the topic but also others: a question with no more than these must match an answer closely. */
  weakTopicWords: words,
  /**
   * Words such as "broken" that are also said of other things: a question whose only word of the topic is one of these
   * must match an answer closely.
   */
  looseFractureWords: words,
  /** Urgent signs: one word or phrase of every group must stand in the question, and none of `unless`. */
  emergencies: z
    .array(z.strictObject({ name: z.string(), groups: z.array(words).min(1), unless: words.optional() }))
    .min(1),
  /** Words of people who are not safe, from themselves or from others. */
  crisis: words,
  /** Words that tell of a person at hand. Without one, a question about AI or a definition is no emergency. */
  personWords: words,
  /** Regular expressions on the plain text of questions that ask what a word means. */
  definitions: words,
  /** Regular expressions on the plain text of requests for a diagnosis or for advice about oneself. */
  diagnosis: z.array(z.string()).min(1),
  /** A question that also speaks of these is about AI in general and is answered, unless `diagnosisAlways` matches. */
  generalWords: words,
  diagnosisAlways: z.array(z.string()).min(1),
  /** Words of other topics: `always`, or only when the question does not speak of a fracture as well. */
  offTopic: z.strictObject({ always: words, unlessFracture: words }),
  /** Frequent words of languages, to tell in which one a question is asked. */
  languages: z.record(z.string(), words),
  replies: z.record(
    z.enum([
      'empty',
      'too-long',
      'other-language',
      'emergency',
      'crisis',
      'diagnosis',
      'out-of-topic',
      'no-match',
    ]),
    words,
  ),
  /** "We answer in English for now" and what to do in an emergency, in the languages that are recognised, by their codes. */
  otherLanguage: z.record(z.string(), words),
});
export type AskingWords = z.infer<typeof askingWordsSchema>;
