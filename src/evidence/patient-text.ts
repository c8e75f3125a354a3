import type { ComposedAnswer } from './compose.js';
import { plainText, type Sentence } from './sentence.js';

/** Every sentence of an answer that a patient reads, with its numbers filled in: what the reading level is taken of. */
export function patientText(answer: ComposedAnswer): string {
  const say = (sentences: readonly Sentence[]) => sentences.map(plainText);
  return [
    answer.question,
    ...say(answer.short),
    ...say(answer.findings),
    ...answer.corrections.flatMap(({ claim, sentences }) => [plainText(claim), ...say(sentences)]),
    answer.confidence.means,
    ...answer.confidence.parts.map(({ reason }) => reason),
    ...answer.confidence.notes,
    ...answer.chances.flatMap(({ basis, setting, before, hundreds, note }) => [
      ...(basis ? [basis] : []),
      setting,
      before,
      ...hundreds.flatMap(({ sentence, range }) => (range ? [sentence, range] : [sentence])),
      note,
    ]),
    ...(answer.noChance ? [answer.noChance] : []),
    ...say(answer.unknown),
    ...answer.doctor.questions,
    ...answer.doctor.own.map(({ sentence }) => sentence),
    ...answer.doctor.notes,
    answer.disclaimer,
    answer.urgent,
  ].join(' ');
}
