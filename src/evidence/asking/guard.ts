import type { AskingWords } from './words.js';

/** Reasons to answer a question with a fixed text, as far as its words alone tell. */
export interface Guard {
  /** The first urgent sign in the text, or null. */
  emergency(plain: string): string | null;
  /** True when the text asks what is wrong with the asker or what they should do. */
  asksForDiagnosis(plain: string): boolean;
}

function holds(padded: string, phrase: string): boolean {
  return padded.includes(` ${phrase} `);
}

/** Builds the guard of a language. All checks look at the plain words of the question (see `plainWords`). */
export function buildGuard(words: AskingWords): Guard {
  const diagnosis = words.diagnosis.map((source) => new RegExp(source));
  const always = words.diagnosisAlways.map((source) => new RegExp(source));
  return {
    emergency(plain) {
      const padded = ` ${plain} `;
      const any = (phrases: readonly string[]) => phrases.some((phrase) => holds(padded, phrase));
      const sign = words.emergencies.find(({ groups, unless }) => groups.every(any) && !any(unless ?? []));
      return sign?.name ?? null;
    },
    asksForDiagnosis(plain) {
      if (always.some((pattern) => pattern.test(plain))) return true;
      const padded = ` ${plain} `;
      const general = words.generalWords.some((word) => holds(padded, word));
      return !general && diagnosis.some((pattern) => pattern.test(plain));
    },
  };
}
