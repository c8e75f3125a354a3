import { cleanQuestion, longestQuestion, plainWords, urgentSearchLength } from './clean.js';
import { buildGuard } from './guard.js';
import { foreignLanguage, hasForeignLetters } from './language.js';
import type { AskReply, FixedReply, FixedReplyKind, FoundAnswer } from './reply.js';
import type { OpenSearch } from './search-port.js';
import { buildVocabulary } from './vocabulary.js';
import type { AskingWords } from './words.js';

/** What the search needs to know of one answer. */
export interface AskableAnswer {
  readonly id: string;
  readonly question: string;
  readonly alsoAsked: readonly string[];
  readonly keywords: readonly string[];
  /** Ids of the answers that people read next. */
  readonly related: readonly string[];
  /** Its sentences, and the names and titles of the studies that it cites. */
  readonly text: string;
}

/** Answers a question of a person. */
export type Asker = (question: string) => AskReply;

/** How many further answers a reply offers. */
const othersOffered = 4;

/** Score of a further answer, as a share of the best one's, below which it hardly fits the question. */
const fittingScore = 0.3;

/** Share of the terms that must be found when the question names neither a bone nor an image. */
const closeMatch = 0.7;

/**
 * Builds the asker. Order of the checks: empty, people who are not safe, urgent signs, length, language, the words of a
 * stored question, request for a diagnosis, topic, search. Urgent signs come before all else that could hide them.
 */
export function buildAsker(
  answers: readonly AskableAnswer[],
  words: AskingWords,
  openSearch: OpenSearch,
): Asker {
  const guard = buildGuard(words);
  const vocabulary = buildVocabulary(
    words,
    answers.flatMap(({ question, alsoAsked, keywords, text }) => [question, ...alsoAsked, ...keywords, text]),
  );
  const join = (text: string) => vocabulary.terms(text).join(' ');
  const search = openSearch(
    answers.map(({ id, question, alsoAsked, keywords, text }) => ({
      id,
      question: [question, ...alsoAsked].map(join).join(' '),
      keywords: keywords.map(join).join(' '),
      text: join(text),
    })),
  );
  const questions = new Map(answers.map(({ id, question }) => [id, question]));

  // What is asked in the very words of a stored question gets its answer, whatever else these words might mean.
  const exact = new Map(
    answers.flatMap(({ id, question, alsoAsked }) =>
      [question, ...alsoAsked].map((asked) => [plainWords(asked), id] as const),
    ),
  );

  const foundAs = (id: string, score = 0): FoundAnswer => ({ id, question: questions.get(id) ?? '', score });

  const related = new Map(answers.map((answer) => [answer.id, answer.related]));

  // Best first; after those that fit nearly as well come the ones that the best itself points to.
  const lookUp = (terms: readonly string[]): FoundAnswer[] => {
    const found = search.find(terms).map(({ id, score }) => foundAs(id, score));
    const [best] = found;
    if (!best) return [];
    const fitting = found.filter(({ score }) => score >= best.score * fittingScore);
    const known = new Set(fitting.map(({ id }) => id));
    const further = (related.get(best.id) ?? []).filter((id) => !known.has(id)).map((id) => foundAs(id));
    return [...fitting, ...further];
  };

  // A question without a bone or an image in it must share most of its words with the answer that is given to it.
  const fitsClosely = (terms: readonly string[]): boolean => {
    const matched = new Set(search.find(terms)[0]?.matched ?? []);
    const found = terms.filter((term) => matched.has(term)).length;
    return found > 0 && found / terms.length >= closeMatch && (found >= 2 || terms.length === 1);
  };

  const fixed = (
    kind: FixedReplyKind,
    question: string,
    others: readonly FoundAnswer[] = [],
  ): FixedReply => ({
    kind,
    question,
    text: words.replies[kind],
    foreign: null,
    others: others.slice(0, othersOffered),
  });

  const otherLanguage = (language: string, question: string): AskReply => {
    const reply = fixed('other-language', question);
    const greeting = words.otherLanguage[language];
    if (!greeting) return reply;
    const text = [...greeting, ...reply.text];
    return { ...reply, text, foreign: { language, sentences: greeting.length } };
  };

  return (input) => {
    const question = cleanQuestion(input.slice(0, urgentSearchLength));
    const plain = plainWords(question);
    if (plain === '') return fixed('empty', '');
    const isTooLong = input.length > longestQuestion;
    // Both as typed and with spelling corrected, so that neither a slip nor its correction hides what matters; a long
    // text only as typed, since correcting it would take seconds.
    const readings = isTooLong ? [plain] : [...new Set([plain, vocabulary.spelt(question)])];
    const shown = question.slice(0, longestQuestion);
    if (readings.some(guard.crisis)) return fixed('crisis', shown);
    if (readings.some((reading) => guard.emergency(reading) !== null)) return fixed('emergency', shown);
    if (isTooLong) return fixed('too-long', '');
    const language = foreignLanguage(question, plain, words);
    if (language) return otherLanguage(language, question);
    const terms = vocabulary.terms(question);
    const topic = vocabulary.topicOf(question);
    const asked = exact.get(plain);
    if (asked !== undefined) {
      const found = lookUp(terms);
      const best = found.find(({ id }) => id === asked) ?? foundAs(asked);
      const others = found.filter(({ id }) => id !== asked).slice(0, othersOffered);
      return { kind: 'answer', question, best, others };
    }
    const offTopic = guard.offTopic(plain, terms.includes('fracture'));
    if (!offTopic && topic !== 'none' && readings.some(guard.asksForDiagnosis)) {
      return fixed('diagnosis', question, lookUp(terms));
    }
    const onTopic = !offTopic && (topic === 'strong' || (topic === 'weak' && fitsClosely(terms)));
    if (!onTopic) {
      return hasForeignLetters(question) ? otherLanguage('other', question) : fixed('out-of-topic', question);
    }
    const [best, ...others] = lookUp(terms);
    if (!best) return fixed('no-match', question);
    return { kind: 'answer', question, best, others: others.slice(0, othersOffered) };
  };
}
