import { smallest } from '../../core/extremes.js';
/**
 * Edits that turn one word into another: insertions, deletions, changes and swaps of neighbours (Damerau-Levenshtein,
 * optimal string alignment). Stops early with `limit + 1` when more than `limit` are needed.
 */
export function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (last[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let best = Math.min(change, (last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        best = Math.min(best, (beforeLast[j - 2] ?? 0) + 1);
      }
      row.push(best);
    }
    if (smallest(row) > limit) return limit + 1;
    beforeLast = last;
    last = row;
  }
  return last[b.length] ?? limit + 1;
}

function allowedEdits(word: string): number {
  return word.length < 4 ? 0 : word.length < 7 ? 1 : 2;
}

/**
 * The known word that a misspelt one most likely means, or the word itself. Words of fewer than four letters are never
 * changed. Of candidates at the same distance, words of the topic come first, and those with the same first letter before
 * those with another: people rarely get it wrong.
 */
export function correctSpelling(
  word: string,
  known: ReadonlySet<string>,
  topic: ReadonlySet<string>,
): string {
  if (known.has(word) || /\d/.test(word)) return word;
  const limit = allowedEdits(word);
  let best = word;
  let bestCost = limit + 0.45;
  for (const candidate of known) {
    if (candidate.length < 4 || Math.abs(candidate.length - word.length) > limit) continue;
    const cost =
      editDistance(word, candidate, limit) +
      (candidate[0] === word[0] ? 0 : 0.4) -
      (topic.has(candidate) ? 0.45 : 0);
    if (cost < bestCost) {
      best = candidate;
      bestCost = cost;
    }
  }
  return best;
}
