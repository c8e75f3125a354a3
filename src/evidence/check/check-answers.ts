import { type Answer, citedIn, ratesOf } from '../answer.js';
import { composeAnswer } from '../compose.js';
import type { ComposeContext } from '../compose-context.js';
import { resolveFact } from '../facts.js';
import { patientText } from '../patient-text.js';
import { type ReadingLevel, readingLevel } from '../reading-level.js';
import { plainText } from '../sentence.js';
import { textProblems } from './check-texts.js';
import type { Problem } from './problem.js';
import { loadTone, refusedWords } from './tone.js';

/** The highest US school grade at which any answer may read, by either formula. */
export const highestGrade = 8;

/** Days after which every answer must have been reviewed again. */
export const reviewCycleDays = 366;

function daysBetween(from: string, to: string): number {
  return (Date.parse(to) - Date.parse(from)) / 86_400_000;
}

function dateProblems(answer: Answer, today: string): string[] {
  const problems: string[] = [];
  if (answer.reviewed > today) problems.push(`it was reviewed on ${answer.reviewed}, after today`);
  if (answer.reviewBy < today) problems.push(`its review was due on ${answer.reviewBy}`);
  const cycle = daysBetween(answer.reviewed, answer.reviewBy);
  if (cycle > reviewCycleDays)
    problems.push(`its next review is ${cycle} days after the last, more than ${reviewCycleDays}`);
  return problems;
}

function referenceProblems(answer: Answer, { base, statistics }: ComposeContext): string[] {
  const { studies, answers, wording } = base;
  const problems: string[] = [];
  for (const id of new Set([...citedIn(answer), ...answer.supports.map(({ study }) => study)])) {
    if (!studies.has(id)) problems.push(`it cites ${id}, which the evidence base does not hold`);
  }
  for (const id of answer.related) {
    if (!answers.has(id) || id === answer.id)
      problems.push(`it names ${id} as related, which is no other answer`);
  }
  if (!wording.topics.some(({ id }) => id === answer.topic))
    problems.push(`there is no topic ${answer.topic}`);
  for (const finding of answer.findings) {
    if ('cites' in finding) continue;
    for (const study of studies.values()) {
      const held = study.subjects.filter((subject) => finding.lacks.includes(subject));
      if (held.length > 0)
        problems.push(`"${finding.text}" is not so: ${study.id} has measured ${held.join(', ')}`);
    }
  }
  for (const rate of ratesOf(answer.chance)) {
    if (resolveFact(studies, rate, statistics).unit !== 'proportion')
      problems.push(`${rate} is no proportion`);
  }
  return problems;
}

/** One answer with its grades: a line of the report of the check. */
export interface AnswerGrades {
  readonly id: string;
  readonly level: ReadingLevel;
  /** Reading level of the author's own sentences, without the words that all answers share. */
  readonly own: ReadingLevel;
}

/**
 * Reading level of one answer as a patient reads it, but for the figures of the models at hand: they differ from place
 * to place, and a hospital's own numbers must not decide whether its site can be built.
 */
export function gradeAnswer(answer: Answer, context: ComposeContext): AnswerGrades {
  const composed = composeAnswer(answer, { ...context, own: [] });
  const own = [...composed.short, ...composed.findings, ...composed.unknown].map(plainText).join(' ');
  return { id: answer.id, level: readingLevel(patientText(composed)), own: readingLevel(own) };
}

function readingProblems(answer: Answer, context: ComposeContext): string[] {
  const { level, own } = gradeAnswer(answer, context);
  const problems: string[] = [];
  const tell = (what: string, grade: number) => {
    if (!(grade <= highestGrade))
      problems.push(`${what} reads at grade ${grade.toFixed(1)}, above ${highestGrade}`);
  };
  tell('the page (Flesch-Kincaid)', level.fleschKincaid);
  tell('the page (SMOG)', level.smog);
  tell('the text of its own (Flesch-Kincaid)', own.fleschKincaid);
  return problems;
}

/**
 * Checks all answers of a language: citations, numbers, dates, words and reading level.
 * @param today ISO date
 */
export function checkAnswers(context: ComposeContext, today: string): Problem[] {
  const tone = loadTone(context.base.language);
  const questions = new Map<string, string>();
  return [...context.base.answers.values()].flatMap((answer) => {
    const problems = [...textProblems(answer), ...dateProblems(answer, today)];
    const twin = questions.get(answer.question.toLowerCase());
    if (twin) problems.push(`it asks the same question as ${twin}`);
    questions.set(answer.question.toLowerCase(), answer.id);
    if (!/\?$/.test(answer.question)) problems.push('its question does not end with a question mark');
    const references = referenceProblems(answer, context);
    for (const added of references) problems.push(added);
    if (references.length === 0) {
      for (const added of readingProblems(answer, context)) problems.push(added);
      const text = patientText(composeAnswer(answer, context));
      for (const added of refusedWords(text, tone).map(({ word, kind }) => `"${word}" is refused: ${kind}`))
        problems.push(added);
    }
    return problems.map((what) => ({ where: answer.id, what }));
  });
}
