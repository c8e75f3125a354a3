import type { DataSet } from '../../image/dicom/data-set.js';
import { vrOfTag } from '../data-set/attributes.js';
import type { CopiedElement } from '../data-set/encode.js';

const widths: Readonly<Record<string, number>> = {
  US: 2,
  SS: 2,
  OW: 2,
  UL: 4,
  SL: 4,
  FL: 4,
  OF: 4,
  OL: 4,
  FD: 8,
  OD: 8,
  OV: 8,
  SV: 8,
  UV: 8,
  AT: 2,
};
const textVrs = new Set('AE AS CS DA DS DT IS LO LT PN SH ST TM UC UI UR UT'.split(' '));

/** A value of a big endian file in little endian: words turned round by the width of their VR. */
export function littleEndianValue(bytes: Uint8Array, vr: string): Uint8Array {
  const width = widths[vr] ?? 1;
  if (width === 1) return bytes;
  const swapped = new Uint8Array(bytes.length - (bytes.length % width));
  for (let at = 0; at < swapped.length; at++) {
    swapped[at] = bytes[at - (at % width) + (width - 1 - (at % width))] as number;
  }
  return swapped;
}

/** Text padded with NUL, which only UIDs may be (PS3.5 6.2), is met. */
function withoutNul(bytes: Uint8Array): Uint8Array {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end--;
  return bytes.subarray(0, end);
}

/**
 * An element of a source file, byte for byte, whatever the source's encoding. Null when it is absent, or of a VR that is
 * neither stated nor known.
 */
export function copyElement(dataSet: DataSet, tag: number): CopiedElement | null {
  if (!dataSet.has(tag)) return null;
  const stated = dataSet.vr(tag);
  const vr = stated === null || stated === 'UN' ? vrOfTag(tag) : stated;
  if (vr === null) return null;
  if (vr === 'SQ') {
    const value = dataSet.items(tag).map((item) =>
      item.tags().flatMap((inner) => {
        const copied = copyElement(item, inner);
        return copied ? [copied] : [];
      }),
    );
    return { tag, vr, value };
  }
  const bytes = dataSet.bytes(tag) ?? new Uint8Array(0);
  if (textVrs.has(vr)) return { tag, vr, value: withoutNul(bytes) };
  return { tag, vr, value: dataSet.littleEndian ? bytes : littleEndianValue(bytes, vr) };
}
