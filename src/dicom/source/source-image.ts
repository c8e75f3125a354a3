import { LucencyError } from '../../core/errors.js';
import type { DataSet } from '../../image/dicom/data-set.js';
import { readDicomAttributes } from '../../image/dicom/identity.js';
import { type AttributeName, tagOf } from '../data-set/attributes.js';
import { type CopiedElement, elementsOf } from '../data-set/encode.js';
import { optionalCopies, requiredCopies } from './copied-attributes.js';
import { copyElement } from './copy-element.js';

/** The image that results are made of: what they copy from it and how they refer to it. */
export interface SourceImage {
  readonly dataSet: DataSet;
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
  readonly seriesInstanceUid: string;
  readonly studyInstanceUid: string;
}

function required(dataSet: DataSet, attribute: AttributeName): string {
  const value = dataSet.text(tagOf(attribute));
  if (value === null)
    throw new LucencyError('LUC_RESULT_SOURCE_INCOMPLETE', { path: dataSet.name, attribute });
  return value;
}

/**
 * Opens the source of results.
 * @param bytes a DICOM file, or its elements before Pixel Data (`Radiograph.dicomHeader`)
 * @param name for error messages
 * @throws LUC_RESULT_SOURCE_INCOMPLETE when it lacks a UID by which results refer to it; LUC_DICOM_* when it cannot be read
 */
export function openSource(bytes: Uint8Array, name: string): SourceImage {
  const dataSet = readDicomAttributes(bytes, name);
  return {
    dataSet,
    sopClassUid: required(dataSet, 'SOPClassUID'),
    sopInstanceUid: required(dataSet, 'SOPInstanceUID'),
    seriesInstanceUid: required(dataSet, 'SeriesInstanceUID'),
    studyInstanceUid: required(dataSet, 'StudyInstanceUID'),
  };
}

/** Patient and study as the source states them, in its own character set; what must be there is there, if empty. */
export function patientAndStudy({ dataSet, studyInstanceUid }: SourceImage): CopiedElement[] {
  const copied = [...requiredCopies, ...optionalCopies].flatMap((name) => {
    const element = copyElement(dataSet, tagOf(name));
    return element ? [element] : [];
  });
  const present = new Set(copied.map(({ tag }) => tag));
  const missing = requiredCopies.filter((name) => !present.has(tagOf(name)));
  const empty = Object.fromEntries(missing.map((name) => [name, '']));
  return [...copied, ...elementsOf({ ...empty, StudyInstanceUID: studyInstanceUid })];
}
