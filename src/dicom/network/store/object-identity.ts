import { LucencyError } from '../../../core/errors.js';
import { readBareDataSet } from '../../../image/dicom/dicom-file.js';
import { tag } from '../../../image/dicom/tags.js';
import type { PartFile } from './part-file.js';

/** Where an object belongs. */
export interface ObjectIdentity {
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
  readonly seriesInstanceUid: string;
  readonly studyInstanceUid: string;
}

/** Bytes of the data set in which the identity mostly stands, and most that are searched for it. */
const firstLook = 2 ** 16;
const lastLook = 2 ** 26;
const maxInflatedBytes = 2 ** 28;

/** UIDs become file names: digits and dots only, as PS3.5 9.1 wants them. */
export function isUid(text: string): boolean {
  return text.length <= 64 && /^\d+(\.\d+)+$/.test(text);
}

function invalid(reason: string): LucencyError {
  return new LucencyError('LUC_DICOM_NET_OBJECT_INVALID', { reason });
}

function identityIn(start: Buffer, transferSyntaxUid: string): ObjectIdentity {
  const dataSet = readBareDataSet(start, {
    name: 'object',
    transferSyntaxUid,
    lastTag: tag.SeriesInstanceUid,
    maxInflatedBytes,
  });
  const uid = (tagValue: number, name: string): string => {
    const value = dataSet.text(tagValue);
    if (value === null) throw invalid(`it has no ${name}`);
    if (!isUid(value)) throw invalid(`its ${name} is no UID`);
    return value;
  };
  return {
    sopClassUid: uid(tag.SopClassUid, 'SOP Class UID'),
    sopInstanceUid: uid(tag.SopInstanceUid, 'SOP Instance UID'),
    seriesInstanceUid: uid(tag.SeriesInstanceUid, 'Series Instance UID'),
    studyInstanceUid: uid(tag.StudyInstanceUid, 'Study Instance UID'),
  };
}

/**
 * Reads the identity of an object from the start of its data set, however long the sequences before it are.
 * @param part the object as it was received, flushed
 * @param at where its data set starts
 * @throws LUC_DICOM_NET_OBJECT_INVALID
 */
export async function readObjectIdentity(
  part: PartFile,
  at: number,
  transferSyntaxUid: string,
): Promise<ObjectIdentity> {
  for (let size = firstLook; ; size *= 16) {
    try {
      return identityIn(await part.read(at, size), transferSyntaxUid);
    } catch (error) {
      if (!(error instanceof LucencyError)) throw error;
      if (error.code === 'LUC_DICOM_NET_OBJECT_INVALID') throw error;
      const longer = error.code === 'LUC_DICOM_TRUNCATED' && at + size < part.size && size < lastLook;
      if (!longer)
        throw new LucencyError('LUC_DICOM_NET_OBJECT_INVALID', { reason: error.message }, { cause: error });
    }
  }
}
