import { type Answer, citedIn } from '../answer.js';
import { splitReference } from '../facts.js';
import { sentencesOf } from '../reading-level.js';
import { hasTypedNumber, referencesIn } from '../template.js';

const numberWords =
  'one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|a hundred|hundred';
const spelledShare = new RegExp(
  `\\b(?:${numberWords})\\s+(?:in|of|out of)\\s+(?:${numberWords})\\b|\\bpercent\\b`,
  'i',
);

/** Every sentence that the author of an answer wrote, with the sources it may draw on. */
function textsOf(answer: Answer): { place: string; text: string; sources: readonly string[] }[] {
  const all = citedIn(answer);
  return [
    ...answer.short.map((text) => ({ place: 'short', text, sources: all })),
    ...answer.findings.map((finding) => ({
      place: 'findings',
      text: finding.text,
      sources: 'cites' in finding ? finding.cites : [],
    })),
    ...answer.corrections.flatMap(({ claim, text, cites }) =>
      [claim, ...text].map((sentence) => ({ place: 'corrections', text: sentence, sources: cites })),
    ),
    ...(answer.chance?.setting ?? []).map((text) => ({ place: 'chance', text, sources: [] })),
    ...(answer.chance?.basis ? [{ place: 'chance', text: answer.chance.basis, sources: [] }] : []),
    ...(answer.noChance ? [{ place: 'noChance', text: answer.noChance, sources: [] }] : []),
    ...answer.unknown.map((text) => ({ place: 'unknown', text, sources: all })),
    ...answer.askDoctor.extra.map((text) => ({ place: 'askDoctor', text, sources: [] })),
  ];
}

/**
 * What is wrong with the texts of an answer: typed numbers, numbers whose source the sentence does not cite, and items
 * that are more than one sentence.
 */
export function textProblems(answer: Answer): string[] {
  return textsOf(answer).flatMap(({ place, text, sources }) => {
    const problems: string[] = [];
    if (hasTypedNumber(text)) problems.push(`${place}: a number is typed in "${text}"; name its fact`);
    if (spelledShare.test(text.replace(/\{\{[^}]*\}\}/g, 'N')))
      problems.push(`${place}: a share is spelled out in "${text}"; name its fact`);
    for (const reference of referencesIn(text)) {
      const { study } = splitReference(reference);
      if (!sources.includes(study))
        problems.push(`${place}: "${text}" uses ${reference} without citing ${study}`);
    }
    // Doctors' questions may come in pairs ("May they be used? Can I say no?").
    const sentences = sentencesOf(text.replace(/\{\{[^}]*\}\}/g, 'N')).length;
    if (sentences !== 1 && place !== 'askDoctor')
      problems.push(`${place}: "${text}" is ${sentences} sentences`);
    return problems;
  });
}
