import type { DataSet } from '../../../image/dicom/data-set.js';
import { readBareDataSet } from '../../../image/dicom/dicom-file.js';
import { tag } from '../../../image/dicom/tags.js';

/** Longest identifier that is taken from a peer: real ones have a few hundred bytes. */
export const longestIdentifier = 2 ** 20;

/**
 * A query identifier (PS3.4 C.2.2) in implicit little endian; an empty text asks for the attribute's value.
 * @param values by tag (group * 65536 + element); texts of more than ASCII are sent as UTF-8
 */
export function encodeIdentifier(values: ReadonlyMap<number, string>): Buffer {
  const isAscii = [...values.values()].every((text) => /^[\x20-\x7e]*$/.test(text));
  const all = new Map(values);
  if (!isAscii) all.set(tag.SpecificCharacterSet, 'ISO_IR 192');
  const elements = [...all].sort(([a], [b]) => a - b);
  return Buffer.concat(
    elements.map(([tagValue, text]) => {
      const bytes = Buffer.from(text, 'utf8');
      // UIDs are padded with NUL, other texts with a space (PS3.5 6.2).
      const filler = tagValue === tag.StudyInstanceUid ? 0 : 0x20;
      const even = bytes.length % 2 === 0 ? bytes : Buffer.concat([bytes, Buffer.of(filler)]);
      const header = Buffer.alloc(8);
      header.writeUInt16LE(tagValue >>> 16, 0);
      header.writeUInt16LE(tagValue & 0xffff, 2);
      header.writeUInt32LE(even.length, 4);
      return Buffer.concat([header, even]);
    }),
  );
}

/** @throws LUC_DICOM_TRUNCATED, LUC_DICOM_CORRUPT */
export function decodeIdentifier(bytes: Buffer, transferSyntaxUid: string): DataSet {
  return readBareDataSet(bytes, {
    name: 'identifier',
    transferSyntaxUid,
    maxInflatedBytes: longestIdentifier,
  });
}
