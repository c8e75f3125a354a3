import { z } from 'zod';

const text = z.string().min(1);

/**
 * The words around the numbers, kept apart from code so that a language can be added. Places in braces are filled in;
 * the names of the places are in the file.
 */
export const wordingSchema = z.strictObject({
  numbers: z.strictObject({
    locale: text,
    of100: text,
    range: text,
    withRange: text,
    percent: text,
    seconds: text,
    moreThan: text,
    fewerThan: text,
    orMore: text,
    upTo: text,
    about: text,
  }),
  chance: z.strictObject({
    before: text,
    positive: text,
    positiveRange: text,
    clear: text,
    clearRange: text,
    picturePositive: text,
    pictureClear: text,
    note: text,
  }),
  confidence: z.strictObject({
    levels: z.record(
      z.enum(['high', 'moderate', 'low', 'very-low']),
      z.strictObject({ name: text, means: text }),
    ),
    parts: z.record(
      z.enum(['number', 'design', 'outside-test', 'agreement', 'bias']),
      z.strictObject({ name: text, points: z.tuple([text, text, text]), nothing: text.optional() }),
    ),
    rules: text,
    caps: z.record(z.enum(['a-part-scores-nothing', 'abstracts-only', 'indirect-only']), text),
  }),
  askDoctor: z.strictObject({ questions: z.array(text).length(5) }),
  own: z.strictObject({
    rates: z.record(z.enum(['doubtful', 'definite', 'any']), text),
    /** Headings for the examples of the AI behind this site, one for each of its operating points. */
    tests: z.record(z.enum(['doubtful', 'definite', 'any']), text),
    auc: text,
    place: text,
    type: text,
    /** What was tested, by the subset of the results; `all` for all that are not named. */
    cases: z.record(z.string(), z.strictObject({ images: text, withIt: text, withoutIt: text })),
    weak: text,
    simulated: text,
    none: text,
    noModels: text,
    set: text,
    setOfBreaks: text,
    /** Plain words for test sets, by how their names begin; others are shown as they are. */
    sets: z.array(z.strictObject({ begins: text, words: text })),
    /** Names of subsets of test images, as people say them; others are shown as they are. */
    subsets: z.record(z.string(), text),
  }),
  verdicts: z.record(z.enum(['wrong', 'unsupported', 'partly-supported']), text),
  topics: z.array(z.strictObject({ id: text, name: text, about: text })).min(1),
  disclaimer: text,
  urgent: text,
});
export type Wording = z.infer<typeof wordingSchema>;
