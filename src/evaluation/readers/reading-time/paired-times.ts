import type { ReaderStudy } from '../reader-study.js';

/** Seconds of one reader for one case in two modalities. */
export interface TimePair {
  readonly reader: number;
  readonly case: number;
  readonly a: number;
  readonly b: number;
}

/** All readings that have a time in both modalities, by reader and case. */
export function timePairs(study: ReaderStudy, a: number, b: number): TimePair[] {
  return study.readers.flatMap((_, reader) =>
    study.cases.flatMap((__, index) => {
      const first = study.crossed[a]?.[reader]?.readings[index]?.seconds ?? null;
      const second = study.crossed[b]?.[reader]?.readings[index]?.seconds ?? null;
      return first === null || second === null ? [] : [{ reader, case: index, a: first, b: second }];
    }),
  );
}

/** Mean of differences of each reader, then over the readers, so that each reader counts alike; `weight` per case. */
export function meanOverReaders(pairs: readonly TimePair[], weight: (pair: TimePair) => number): number {
  const sums = new Map<number, { sum: number; weight: number }>();
  for (const pair of pairs) {
    const entry = sums.get(pair.reader) ?? { sum: 0, weight: 0 };
    const w = weight(pair);
    entry.sum += w * (pair.a - pair.b);
    entry.weight += w;
    sums.set(pair.reader, entry);
  }
  const means = [...sums.values()].map((entry) => entry.sum / entry.weight);
  return means.reduce((sum, mean) => sum + mean, 0) / means.length;
}
