import type { DataSet } from './data-set.js';

/** A table of the standard (PS3.3 C.11.1.1): `entries[value - first]`, values outside taking the nearest end. */
export interface LookupTable {
  readonly first: number;
  /** Bits per entry as stated. */
  readonly bits: number;
  readonly entries: Uint16Array;
}

/**
 * Reads a look-up table. The descriptor's first value is signed if its own VR says so, or, in implicit files, if the
 * values that are looked up are.
 * @returns null when descriptor or data are missing
 */
export function readLookupTable(
  item: DataSet,
  descriptorTag: number,
  dataTag: number,
  signedInput: boolean,
): LookupTable | null {
  const descriptor = item.words(descriptorTag);
  const bytes = item.bytes(dataTag);
  const words = item.words(dataTag);
  if (!descriptor || descriptor.length < 3 || !bytes || !words || words.length === 0) return null;
  const [stated = 0, firstWord = 0, bits = 16] = descriptor;
  // Zero stands for 65536, which 16 bits cannot say.
  const count = stated === 0 ? 65536 : stated;
  const vr = item.vr(descriptorTag);
  const signed = vr === 'SS' || (vr !== 'US' && signedInput);
  const first = signed ? (firstWord << 16) >> 16 : firstWord;
  // Entries of eight bits may lie two to a word.
  const packed = bits <= 8 && bytes.length < 2 * count;
  const entries = packed ? Uint16Array.from(bytes.subarray(0, count)) : words.subarray(0, count);
  return { first, bits: Math.min(Math.max(bits, 1), 16), entries };
}

export function lookUp({ first, entries }: LookupTable, value: number): number {
  const index = Math.min(Math.max(Math.round(value) - first, 0), entries.length - 1);
  return entries[index] as number;
}

/** Largest value that the entries can mean: by the stated bits, or more where entries exceed them. */
export function whiteOf({ bits, entries }: LookupTable): number {
  let highest = 0;
  for (const entry of entries) if (entry > highest) highest = entry;
  let white = 2 ** bits - 1;
  while (white < highest) white = white * 2 + 1;
  return white;
}
