import { cleanQuestion, longestQuestion, plainWords, urgentSearchLength } from './clean.js';
import { buildGuard } from './guard.js';
import { foreignLanguage } from './language.js';
import type { AskReply, FixedReplyKind, FoundAnswer } from './reply.js';
import type { OpenSearch } from './search-port.js';
import { buildVocabulary } from './vocabulary.js';
import type { AskingWords } from './words.js';

/** What the search needs to know of one answer. */
export interface AskableAnswer {
  readonly id: string;
  readonly question: string;
  readonly alsoAsked: readonly string[];
  readonly keywords: readonly string[];
  /** Its sentences, and the names and titles of the studies that it cites. */
  readonly text: string;
}

/** Answers a question of a person. */
export type Asker = (question: string) => AskReply;

/** How many further answers a reply offers. */
const othersOffered = 4;

/** Share of the terms that must be found when the question names neither a bone nor an image. */
const closeMatch = 0.7;

/**
 * Builds the asker. Order of the checks: empty, urgent signs, length, language, request for a diagnosis, topic, search.
 * Urgent signs come before all else that could hide them.
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

  const lookUp = (terms: readonly string[]): FoundAnswer[] =>
    search.find(terms).map(({ id, score }) => ({ id, question: questions.get(id) ?? '', score }));

  // A question without a bone or an image in it must share most of its words with the answer that is given to it.
  const fitsClosely = (terms: readonly string[]): boolean => {
    const matched = new Set(search.find(terms)[0]?.matched ?? []);
    const found = terms.filter((term) => matched.has(term)).length;
    return found >= 2 && found / terms.length >= closeMatch;
  };

  const fixed = (kind: FixedReplyKind, question: string, others: readonly FoundAnswer[] = []): AskReply => ({
    kind,
    question,
    text: words.replies[kind],
    others: others.slice(0, othersOffered),
  });

  return (input) => {
    const question = cleanQuestion(input.slice(0, urgentSearchLength));
    const plain = plainWords(question);
    if (plain === '') return fixed('empty', '');
    if (guard.emergency(plain)) return fixed('emergency', question.slice(0, longestQuestion));
    if (input.length > longestQuestion) return fixed('too-long', '');
    const language = foreignLanguage(question, plain, words);
    if (language) {
      const greeting = words.otherLanguage[language];
      const reply = fixed('other-language', question);
      return greeting && 'text' in reply ? { ...reply, text: [greeting, ...reply.text] } : reply;
    }
    const terms = vocabulary.terms(question);
    const topic = vocabulary.topicOf(terms);
    const onTopic = topic === 'strong' || (topic === 'weak' && fitsClosely(terms));
    if (guard.asksForDiagnosis(plain) && topic !== 'none') return fixed('diagnosis', question, lookUp(terms));
    if (!onTopic) return fixed('out-of-topic', question);
    const [best, ...others] = lookUp(terms);
    if (!best) return fixed('no-match', question);
    return { kind: 'answer', question, best, others: others.slice(0, othersOffered) };
  };
}
