/** Characters of a question that are read; longer input gets a fixed reply. */
export const longestQuestion = 1000;

/** How much of an overlong text is searched for urgent signs before it is declined. */
export const urgentSearchLength = 5000;

/**
 * A question as one line of plain characters: compatibility forms unified, control and invisible characters dropped,
 * white space joined. Nothing is escaped here: every sink escapes for itself.
 */
export function cleanQuestion(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}

/** The same in lower case, with straight apostrophes dropped and everything but letters, digits and the percent sign as
 * spaces. */
export function plainWords(question: string): string {
  return question
    .toLowerCase()
    .replace(/<[^<>]*>/g, ' ')
    .normalize('NFD')
    .replace(/\p{Mn}+/gu, '')
    .replace(/['’`]/g, '')
    .replace(/%/g, ' % ')
    .replace(/[^\p{L}\p{N}%]+/gu, ' ')
    .trim();
}
