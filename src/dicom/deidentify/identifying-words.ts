import type { DataSet } from '../../image/dicom/data-set.js';

/** Attributes whose words name someone: patient, physicians, institution, and the numbers that they give. */
const naming = [
  0x0010_0010, 0x0010_0020, 0x0010_1000, 0x0010_1001, 0x0010_1005, 0x0010_1060, 0x0010_2297, 0x0008_0050,
  0x0008_0080, 0x0008_0081, 0x0008_0090, 0x0008_1010, 0x0008_1040, 0x0008_1048, 0x0008_1050, 0x0008_1060,
  0x0008_1070, 0x0018_1000, 0x0020_0010, 0x0032_1032,
] as const;
const shortest = 3;

function wordsOf(text: string): string[] {
  return text
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word.length >= shortest);
}

/** Words by which a data set names patient, staff, institution or device, in small letters. */
export function identifyingWords(dataSet: DataSet): ReadonlySet<string> {
  return new Set(naming.flatMap((tag) => dataSet.texts(tag).flatMap(wordsOf)));
}

/** True when a text holds one of them, or letters beyond ASCII, in which no description of a machine is written. */
export function namesSomeone(text: string, words: ReadonlySet<string>): boolean {
  return !/^[\x20-\x7e]*$/.test(text) || wordsOf(text).some((word) => words.has(word));
}
