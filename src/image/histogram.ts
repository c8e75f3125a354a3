import type { Radiograph } from '../core/radiograph.js';

/** How often each grey value occurs among the pixels that are not padding. */
export interface GreyHistogram {
  /** By grey value, 65,536 long. */
  readonly counts: Uint32Array;
  /** Pixels counted. */
  readonly total: number;
}

/** Counts the grey values of a radiograph, padding left out. */
export function greyHistogram({ pixels, padding }: Radiograph): GreyHistogram {
  const counts = new Uint32Array(65536);
  let total = pixels.length;
  for (let index = 0; index < pixels.length; index += 1) {
    const value = pixels[index] as number;
    counts[value] = (counts[value] as number) + 1;
  }
  if (!padding) return { counts, total };
  for (let index = 0; index < pixels.length; index += 1) {
    if (padding[index] === 0) continue;
    const value = pixels[index] as number;
    counts[value] = (counts[value] as number) - 1;
    total -= 1;
  }
  return { counts, total };
}
