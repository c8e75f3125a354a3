import { LucencyError } from '../../core/errors.js';
import type { DataSet } from './data-set.js';
import { ElementReader } from './elements.js';
import { tag } from './tags.js';

/**
 * What lies behind the pixel data must be elements, or zeros: else the pixel data do not end where they say, and bytes of
 * them are missing.
 * @param end of the pixel data in the data set's source
 * @throws LUC_DICOM_CORRUPT
 */
export function checkBehindPixels({ name, source, littleEndian }: DataSet, end: number): void {
  const rest = source.subarray(end);
  if (rest.every((byte) => byte === 0)) return;
  const reader = new ElementReader(source);
  for (const explicit of [true, false]) {
    try {
      const { elements } = reader.elements(end, source.length, { explicit, littleEndian }, 'behind');
      if ([...elements.keys()].every((behind) => behind > tag.PixelData)) return;
    } catch {
      // The other way of writing elements is tried, too.
    }
  }
  const reason = `${rest.length} bytes behind its pixel data are no elements`;
  throw new LucencyError('LUC_DICOM_CORRUPT', { path: name, reason });
}
