import type { AskReply } from '../../evidence/asking/reply.js';
import type { ComposedAnswer } from '../../evidence/compose.js';
import { fill } from '../../evidence/numbers.js';
import { plainText, type Sentence } from '../../evidence/sentence.js';
import { identifierAddress } from '../../evidence/study.js';
import type { SiteContext } from './context.js';
import { sayDate } from './words.js';

const width = 88;

/** Breaks a text at spaces; further lines are indented. */
function wrap(text: string, first = '', rest = first): string {
  const lines: string[] = [];
  let line = first;
  let isEmpty = true;
  for (const word of text.split(' ')) {
    if (!isEmpty && line.length + word.length + 1 > width) {
      lines.push(line);
      line = rest;
      isEmpty = true;
    }
    line += isEmpty ? word : ` ${word}`;
    isEmpty = false;
  }
  return [...lines, line].join('\n');
}

function bullets(texts: readonly string[]): string {
  return texts.map((text) => wrap(text, '- ', '  ')).join('\n');
}

function cited(sentence: Sentence, answer: ComposedAnswer): string {
  const marks = sentence.cites.map((id) => answer.sources.indexOf(id) + 1);
  return marks.length > 0 ? `${plainText(sentence)} [${marks.join(', ')}]` : plainText(sentence);
}

function sourceLine(id: string, number: number, { base }: SiteContext): string {
  const study = base.studies.get(id);
  const [identifier] = study?.identifiers ?? [];
  const address = identifier ? identifierAddress(identifier) : study?.checkedAt[0];
  const words = [study?.name, study?.title, address].filter((part) => part).join('. ');
  return wrap(words, `[${number}] `, '    ');
}

/** An answer as lines of plain text, with numbered sources. */
export function answerAsText(answer: ComposedAnswer, context: SiteContext): string {
  const { text, base } = context;
  const { locale } = base.wording.numbers;
  const { confidence } = answer;
  const section = (title: string, content: string) => (content === '' ? [] : [`${title}\n${content}`]);
  const chances = answer.chances.map(({ basis, setting, before, hundreds, note }) =>
    bullets([
      ...(basis ? [basis] : []),
      `${setting} ${before}`,
      ...hundreds.map(({ sentence, range }) => `${sentence} ${range ?? ''}`.trim()),
      note,
    ]),
  );
  const points = fill(text.answer.points, { points: String(confidence.points), most: '10' });
  const level = fill(text.answer.confidence, { level: confidence.name.toLowerCase() });
  const reviewed = fill(text.answer.reviewed, { date: sayDate(answer.reviewed, locale) });
  return [
    answer.question,
    wrap(answer.short.map(plainText).join(' ')),
    wrap(`${level} (${points}). ${confidence.means} ${reviewed}.`),
    ...section(text.answer.says, bullets(answer.findings.map((sentence) => cited(sentence, answer)))),
    ...section(
      text.answer.claims,
      bullets(
        answer.corrections.map(({ claim, verdictName, sentences }) =>
          [`"${plainText(claim)}"`, `${verdictName}.`, ...sentences.map(plainText)].join(' '),
        ),
      ),
    ),
    ...section(
      text.answer.chances,
      [...chances, ...(answer.noChance ? [wrap(answer.noChance)] : [])].join('\n\n'),
    ),
    ...section(text.answer.unknown, bullets(answer.unknown.map(plainText))),
    ...section(
      text.answer.ask,
      answer.doctor.questions.map((question, index) => wrap(question, `${index + 1}. `, '   ')).join('\n'),
    ),
    ...section(
      text.answer.own,
      bullets([
        ...answer.doctor.own.map(({ sentence, set }) => `${sentence} (${set})`),
        ...answer.doctor.notes,
      ]),
    ),
    ...section(
      text.answer.sources,
      answer.sources.map((id, index) => sourceLine(id, index + 1, context)).join('\n'),
    ),
    wrap(answer.disclaimer),
    wrap(answer.urgent),
  ].join('\n\n');
}

/** A fixed reply, with the questions that may still help. */
export function replyAsText(reply: Exclude<AskReply, { kind: 'answer' }>, { text }: SiteContext): string {
  const others = reply.others.map(({ question }) => question);
  const help = others.length > 0 ? [`${text.search.mayHelp}\n${bullets(others)}`] : [];
  return [reply.text.map((line) => wrap(line)).join('\n'), ...help].join('\n\n');
}

/** The further questions that fit an answer. */
export function othersAsText(reply: AskReply, { text }: SiteContext): string {
  if (reply.others.length === 0) return '';
  return `${text.search.others}\n${bullets(reply.others.map(({ question }) => question))}`;
}
