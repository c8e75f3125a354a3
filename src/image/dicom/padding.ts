import type { SampleArray } from './codecs/frame.js';
import type { DataSet } from './data-set.js';
import type { PixelDescription } from './pixel-description.js';
import { tag } from './tags.js';

/** Lowest and highest stored value that means padding, both included. */
export interface PaddingRange {
  readonly lowest: number;
  readonly highest: number;
}

/** The attributes may be written with the other sign than the pixels; the 16 bits are what counts. */
function withSign(value: number, signed: boolean): number {
  if (signed && value > 32767 && value < 65536) return value - 65536;
  return !signed && value < 0 ? value + 65536 : value;
}

/** Pixel Padding Value and Range Limit (PS3.3 C.7.5.1.1.2) of a grey image; null when it states none. */
export function paddingRange(
  dataSet: DataSet,
  { photometric, signed }: PixelDescription,
): PaddingRange | null {
  if (!photometric.startsWith('MONOCHROME')) return null;
  const vr = signed ? 'SS' : 'US';
  const stated = dataSet.number(tag.PixelPaddingValue, vr);
  if (stated === null) return null;
  const value = withSign(stated, signed);
  const limit = withSign(dataSet.number(tag.PixelPaddingRangeLimit, vr) ?? stated, signed);
  return { lowest: Math.min(value, limit), highest: Math.max(value, limit) };
}

/** 1 where a stored value is padding; null when none is. */
export function paddingMask(samples: SampleArray, range: PaddingRange | null): Uint8Array | null {
  if (!range) return null;
  const { lowest, highest } = range;
  const mask = new Uint8Array(samples.length);
  let found = false;
  for (let index = 0; index < samples.length; index += 1) {
    const value = samples[index] as number;
    if (value < lowest || value > highest) continue;
    mask[index] = 1;
    found = true;
  }
  return found ? mask : null;
}
