/**
 * Expands a segmented palette (PS3.3 C.7.9.2): discrete, linear and indirect segments of 16-bit words.
 * @param limit most entries, and most segments that are gone through: indirect ones may repeat empty ones for ever
 * @returns null when the segments make no sense
 */
export function expandSegments(words: Uint16Array, limit: number): Uint16Array | null {
  const entries: number[] = [];
  let steps = 0;
  const read = (from: number, segments: number, nested: boolean): boolean => {
    let at = from;
    for (let segment = 0; segment < segments && at + 1 < words.length; segment += 1) {
      steps += 1;
      if (steps > limit) return false;
      const operation = words[at] as number;
      const length = words[at + 1] as number;
      if (operation === 0) {
        for (const entry of words.subarray(at + 2, at + 2 + length)) entries.push(entry);
        at += 2 + length;
      } else if (operation === 1) {
        if (!pushRamp(entries, length, words[at + 2])) return false;
        at += 3;
      } else if (operation === 2 && !nested) {
        const target = ((words[at + 3] ?? 0) << 16) | (words[at + 2] ?? 0);
        // Offsets count bytes; an indirect segment may not lead to another one.
        if (!read(target >> 1, length, true)) return false;
        at += 4;
      } else return false;
      if (entries.length > limit) return false;
    }
    return true;
  };
  return read(0, Number.POSITIVE_INFINITY, false) && entries.length > 0 ? Uint16Array.from(entries) : null;
}

/** From the last entry to `end` in `length` even steps. */
function pushRamp(entries: number[], length: number, end: number | undefined): boolean {
  const start = entries.at(-1);
  if (start === undefined || end === undefined) return false;
  for (let step = 1; step <= length; step += 1)
    entries.push(Math.round(start + ((end - start) * step) / length));
  return true;
}
