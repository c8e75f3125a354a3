import type { DicomIdentity } from '../../core/radiograph.js';
import type { DataSet } from './data-set.js';
import { openDicomFile } from './dicom-file.js';
import { tag } from './tags.js';

const attributes = {
  sopClassUid: [tag.SopClassUid],
  sopInstanceUid: [tag.SopInstanceUid],
  seriesInstanceUid: [tag.SeriesInstanceUid],
  studyInstanceUid: [tag.StudyInstanceUid],
  modality: [tag.Modality],
  bodyPartExamined: [tag.BodyPartExamined],
  viewPosition: [tag.ViewPosition],
  // Of the image where stated, else of the series.
  laterality: [tag.ImageLaterality, tag.Laterality],
  patientId: [tag.PatientId],
  accessionNumber: [tag.AccessionNumber],
} as const satisfies Record<keyof DicomIdentity, readonly number[]>;

/** What a result must repeat or refer to; absent and empty attributes stay absent. */
export function dicomIdentity(dataSet: DataSet): DicomIdentity {
  const identity: DicomIdentity = {};
  for (const key of Object.keys(attributes) as (keyof DicomIdentity)[]) {
    for (const tagValue of attributes[key]) {
      const value = dataSet.text(tagValue);
      if (value === null) continue;
      identity[key] = value;
      break;
    }
  }
  return identity;
}

const maxInflatedBytes = 2 ** 28;

/**
 * All attributes of a DICOM file as a read-only view: for what later objects must copy (patient, study, references).
 * @param name for error messages
 * @throws LUC_DICOM_TRUNCATED, LUC_DICOM_CORRUPT, LUC_DICOM_BOMB
 */
export function readDicomAttributes(bytes: Uint8Array, name = 'image'): DataSet {
  return openDicomFile(bytes, { name, maxInflatedBytes }).dataSet;
}
