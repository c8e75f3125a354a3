import type { AskingWords } from './words.js';

/** Reasons to answer a question with a fixed text, as far as its words alone tell. */
export interface Guard {
  /** True when the text tells of a person who is not safe. */
  crisis(plain: string): boolean;
  /** The first urgent sign in the text, or null. */
  emergency(plain: string): string | null;
  /** True when the text asks what is wrong with the asker or what they should do. */
  asksForDiagnosis(plain: string): boolean;
  /** True when the text is of another topic, such as a cracked tooth or a dog. */
  offTopic(plain: string, speaksOfFracture: boolean): boolean;
}

function holds(padded: string, phrase: string): boolean {
  return padded.includes(` ${phrase} `);
}

/** Builds the guard of a language. All checks look at the plain words of the question (see `plainWords`). */
export function buildGuard(words: AskingWords): Guard {
  const patterns = (sources: readonly string[]) => sources.map((source) => new RegExp(source));
  const diagnosis = patterns(words.diagnosis);
  const always = patterns(words.diagnosisAlways);
  const definitions = patterns(words.definitions);
  const matches = (list: readonly RegExp[], plain: string) => list.some((pattern) => pattern.test(plain));
  const anyOf = (plain: string) => {
    const padded = ` ${plain} `;
    return (phrases: readonly string[]) => phrases.some((phrase) => holds(padded, phrase));
  };
  // "Can AI see an open fracture?" asks about AI; "my bone sticks out, what does the AI say" tells of a person.
  const asksInGeneral = (plain: string) => {
    const any = anyOf(plain);
    return !any(words.personWords) && (any(words.generalWords) || matches(definitions, plain));
  };
  return {
    crisis: (plain) => anyOf(plain)(words.crisis) && !asksInGeneral(plain),
    emergency(plain) {
      if (asksInGeneral(plain)) return null;
      const any = anyOf(plain);
      const sign = words.emergencies.find(({ groups, unless }) => groups.every(any) && !any(unless ?? []));
      return sign?.name ?? null;
    },
    asksForDiagnosis: (plain) =>
      matches(always, plain) || (!anyOf(plain)(words.generalWords) && matches(diagnosis, plain)),
    offTopic(plain, speaksOfFracture) {
      const any = anyOf(plain);
      return any(words.offTopic.always) || (!speaksOfFracture && any(words.offTopic.unlessFracture));
    },
  };
}

/** Every single word that the guard looks for: spelling is corrected towards them and never away from them. */
export function guardedWords(words: AskingWords): string[] {
  const phrases = [
    ...words.emergencies.flatMap(({ groups, unless }) => [...groups.flat(), ...(unless ?? [])]),
    ...words.crisis,
    ...words.personWords,
    ...words.generalWords,
    ...words.offTopic.always,
    ...words.offTopic.unlessFracture,
  ];
  return [...new Set(phrases.flatMap((phrase) => phrase.split(' ')))];
}
