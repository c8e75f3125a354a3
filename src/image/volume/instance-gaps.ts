import type { FoundSeries } from './series.js';

/** Instance numbers that a series must have and lacks. */
export interface InstanceGaps {
  readonly count: number;
  /** The first of them in words, `2, 4, 6 to 9`. */
  readonly where: string;
}

const shownRanges = 5;

/**
 * Slices that are missing by their Instance Number (0020,0013): in between, which even distances hide when every other
 * one is missing, and before the first, which positions never show. Scouts take numbers, too.
 * @returns null when none is missing, or the numbers tell nothing: they repeat, or are not stated
 */
export function instanceGaps({ frames, localizers }: FoundSeries): InstanceGaps | null {
  const numbers = [...new Set(frames.map(({ instanceNumber }) => instanceNumber))].sort((a, b) => a - b);
  const [first] = numbers;
  if (first === undefined || first < 0 || numbers.length < frames.length) return null;
  const ranges: [number, number][] = [];
  if (first > 1 + localizers.length) ranges.push([1 + localizers.length, first - 1]);
  numbers.forEach((number, index) => {
    const before = numbers[index - 1];
    if (before !== undefined && number > before + 1) ranges.push([before + 1, number - 1]);
  });
  const count = ranges.reduce((sum, [from, to]) => sum + to - from + 1, 0);
  // Numbers that skip more than there are slices count something else.
  if (count === 0 || count > 2 * numbers.length) return null;
  const shown = ranges
    .slice(0, shownRanges)
    .map(([from, to]) => (from === to ? `${from}` : `${from} to ${to}`));
  return { count, where: ranges.length > shownRanges ? `${shown.join(', ')} ...` : shown.join(', ') };
}
