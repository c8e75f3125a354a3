import type { LucencyError } from '../../core/errors.js';
import type { SeriesIdentity } from '../../core/volume.js';
import type { DataSet } from '../dicom/data-set.js';
import { tag } from '../dicom/tags.js';
import type { FrameHeader } from './frame-header.js';
import type { PetHeader } from './pet-header.js';

/** One CT or PET series as it was found: its slices in any order, nothing of their pixels. */
export interface FoundSeries {
  /** SeriesInstanceUID; the path of the first file where it states none. */
  readonly uid: string;
  readonly modality: 'CT' | 'PT';
  readonly identity: SeriesIdentity;
  readonly frames: FrameHeader[];
  /** Scout views among the images: their files. */
  readonly localizers: string[];
  /** What SUV needs of every image, by SOPInstanceUID; empty for CT. */
  readonly pet: Map<string, PetHeader>;
  /** Files of the series that could not be read. */
  readonly faults: { readonly input: string; readonly error: LucencyError }[];
}

// PS3.4 B.5: CT and PET images, classic, enhanced, and legacy converted.
const modalityOfSopClass: Readonly<Record<string, 'CT' | 'PT'>> = {
  '1.2.840.10008.5.1.4.1.1.2': 'CT',
  '1.2.840.10008.5.1.4.1.1.2.1': 'CT',
  '1.2.840.10008.5.1.4.1.1.2.2': 'CT',
  '1.2.840.10008.5.1.4.1.1.128': 'PT',
  '1.2.840.10008.5.1.4.1.1.130': 'PT',
  '1.2.840.10008.5.1.4.1.1.128.1': 'PT',
};

/** `CT` or `PT` when a data set is a slice (or slices) of a volume; null when it is any other object. */
export function volumeModality(dataSet: DataSet): 'CT' | 'PT' | null {
  return modalityOfSopClass[dataSet.text(tag.SopClassUid) ?? ''] ?? null;
}

/** RT Structure Set Storage (PS3.4 B.5). */
const structureSet = '1.2.840.10008.5.1.4.1.1.481.3';

export function isStructureSet(dataSet: DataSet): boolean {
  return dataSet.text(tag.SopClassUid) === structureSet;
}

/**
 * False when the start of a file names none of the objects that volumes are made of: radiographs are told apart by this,
 * without a second reading. A deflated file shows its class in the meta group.
 */
export function mentionsVolume(start: Uint8Array): boolean {
  const text = Buffer.from(start.buffer, start.byteOffset, start.byteLength).toString('latin1');
  return [...Object.keys(modalityOfSopClass), structureSet].some((uid) => text.includes(uid));
}

const attributes = {
  sopClassUid: tag.SopClassUid,
  seriesInstanceUid: tag.SeriesInstanceUid,
  studyInstanceUid: tag.StudyInstanceUid,
  frameOfReferenceUid: tag.FrameOfReferenceUid,
  patientId: tag.PatientId,
  accessionNumber: tag.AccessionNumber,
  bodyPartExamined: tag.BodyPartExamined,
  seriesDescription: tag.SeriesDescription,
  manufacturer: tag.Manufacturer,
} as const satisfies Record<keyof SeriesIdentity, number>;

/** What a result must repeat or refer to; absent and empty attributes stay absent. */
export function seriesIdentity(dataSet: DataSet): SeriesIdentity {
  const identity: SeriesIdentity = {};
  for (const key of Object.keys(attributes) as (keyof SeriesIdentity)[]) {
    const value = dataSet.text(attributes[key]);
    if (value !== null) identity[key] = value;
  }
  return identity;
}

/** A series in words for messages: its description, else the end of its UID. */
export function seriesName({ identity, uid }: FoundSeries): string {
  return identity.seriesDescription ?? uid;
}
