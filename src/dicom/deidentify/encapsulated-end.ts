import { LucencyError } from '../../core/errors.js';
import type { DataSet } from '../../image/dicom/data-set.js';

const item = 0xfffee000;
const delimiter = 0xfffee0dd;

/**
 * Where encapsulated pixel data end, their delimiter included: what lies behind them is no part of the image.
 * @param start of the first item
 * @throws LUC_DICOM_TRUNCATED, LUC_DICOM_CORRUPT
 */
export function encapsulatedEnd({ name, source }: DataSet, start: number): number {
  const view = new DataView(source.buffer, source.byteOffset, source.byteLength);
  let at = start;
  while (at + 8 <= source.length) {
    const tag = view.getUint16(at, true) * 0x10000 + view.getUint16(at + 2, true);
    if (tag === delimiter) return at + 8;
    if (tag !== item) {
      throw new LucencyError('LUC_DICOM_CORRUPT', { path: name, reason: 'its pixel data are no fragments' });
    }
    at += 8 + view.getUint32(at + 4, true);
  }
  throw new LucencyError('LUC_DICOM_TRUNCATED', { path: name, reason: 'its pixel data have no end' });
}
