import type { DataSet } from '../../image/dicom/data-set.js';

/** Look-up table data and the descriptors that say how many entries they have (PS3.3 C.11.1, C.7.6.3.1.5). */
const descriptors: ReadonlyMap<number, number> = new Map([
  [0x0028_3006, 0x0028_3002],
  [0x0028_1201, 0x0028_1101],
  [0x0028_1202, 0x0028_1102],
  [0x0028_1203, 0x0028_1103],
  [0x0028_1221, 0x0028_1101],
  [0x0028_1222, 0x0028_1102],
  [0x0028_1223, 0x0028_1103],
]);
const segmented: ReadonlySet<number> = new Set([0x0028_1221, 0x0028_1222, 0x0028_1223]);

export function isTableData(tag: number): boolean {
  return descriptors.has(tag);
}

/** Words of a segmented table that give `entries` (PS3.3 C.7.9.2); indirect segments refer to words before them. */
function segmentedWords(words: Uint16Array, entries: number): number {
  let at = 0;
  let made = 0;
  const lengths = new Map<number, number>();
  while (at + 1 < words.length && made < entries) {
    const operation = words[at] as number;
    const length = words[at + 1] as number;
    const start = at;
    if (operation === 0) at += 2 + length;
    else if (operation === 1) at += 3;
    else if (operation === 2) {
      const from = (((words[at + 3] ?? 0) << 16) | (words[at + 2] ?? 0)) >> 1;
      const starts = [...lengths.keys()].filter((one) => one >= from).slice(0, length);
      made += starts.reduce((sum, one) => sum + (lengths.get(one) ?? 0), 0);
      at += 4;
      continue;
    } else break;
    lengths.set(start, length);
    made += length;
  }
  return Math.min(at, words.length);
}

/** The data of a look-up table, little endian, cut to the entries that its descriptor states. */
export function cutTable(dataSet: DataSet, tag: number, value: Uint8Array): Uint8Array {
  const [stated, , bits = 16] = dataSet.words(descriptors.get(tag) ?? 0) ?? [];
  if (stated === undefined) return new Uint8Array(0);
  // Zero stands for 65536, which 16 bits cannot say.
  const entries = stated === 0 ? 65536 : stated;
  if (segmented.has(tag)) {
    const words = dataSet.words(tag) ?? new Uint16Array(0);
    return value.subarray(0, 2 * segmentedWords(words, entries));
  }
  // Entries of eight bits may lie two to a word.
  const packed = bits <= 8 && value.length < 2 * entries;
  return value.subarray(0, packed ? entries : 2 * entries);
}
