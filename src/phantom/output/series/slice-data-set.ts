import type { Vector3 } from '../../../core/affine.js';
import { length, stepsOf } from '../../../core/affine.js';
import type { Volume } from '../../../core/volume.js';
import { spacingMm, voxelToPatient } from '../../../core/volume-geometry.js';
import type { NaturalDataSet } from '../dicom-writer.js';
import { date, time } from '../simulated-time.js';
import { derivedUid } from '../uid.js';
import type { SeriesOptions } from './series-options.js';

/** A number as a decimal string of at most 16 characters (PS3.5 6.2). */
export function decimal(value: number): number {
  return Number(value.toPrecision(9));
}

export function sliceFileName(slice: number): string {
  return `IM${String(slice + 1).padStart(4, '0')}.dcm`;
}

export function sliceUid(
  { study, seed }: SeriesOptions,
  modality: string,
  series: number,
  slice: number,
): string {
  return derivedUid('lucency-phantom', study, seed, modality, series, 'slice', slice);
}

/**
 * The attributes that CT and PET images share: patient, study, series, frame of reference, equipment, image plane
 * (PS3.3 C.7), said to be simulated in every field that can say it.
 * @param slice index of the slice, from 0
 */
export function sliceDataSet(volume: Volume, options: SeriesOptions, slice: number): NaturalDataSet {
  const { study, seed, subject, bodyPart } = options;
  const { modality } = volume;
  const series = options.seriesNumber ?? 1;
  const [x, y] = stepsOf(volume.affine);
  const spacing = spacingMm(volume);
  const unit = (step: Vector3): number[] => step.map((part) => decimal(part / length(step)));
  const position = voxelToPatient(volume, [0, 0, slice]);
  return {
    SpecificCharacterSet: 'ISO_IR 192',
    InstanceCreationDate: date,
    InstanceCreationTime: time,
    StudyDate: date,
    SeriesDate: date,
    AcquisitionDate: date,
    ContentDate: date,
    StudyTime: time,
    SeriesTime: time,
    AcquisitionTime: time,
    ContentTime: time,
    AccessionNumber: '',
    Modality: modality,
    Manufacturer: options.manufacturer ?? 'Lucency',
    ReferringPhysicianName: '',
    StudyDescription: `Simulated ${subject}`,
    SeriesDescription: `Simulated ${modality} of ${subject}`,
    ManufacturerModelName: 'Lucency phantom',
    DerivationDescription: 'Simulated from a modelled body; no patient was imaged',
    PatientName: `PHANTOM^${subject.toUpperCase()}`,
    PatientID: `PHANTOM-${study}`,
    PatientBirthDate: '',
    PatientSex: 'O',
    BodyPartExamined: bodyPart,
    ...(options.laterality ? { Laterality: options.laterality } : {}),
    DeviceSerialNumber: '1',
    SoftwareVersions: '1',
    SliceThickness: decimal(options.sliceThicknessMm ?? spacing[2]),
    StudyInstanceUID: derivedUid('lucency-phantom', 'study', study),
    SeriesInstanceUID: derivedUid('lucency-phantom', study, seed, modality, series),
    StudyID: '1',
    SeriesNumber: String(series),
    InstanceNumber: String(slice + 1),
    ImagePositionPatient: position.map(decimal),
    ImageOrientationPatient: [...unit(x), ...unit(y)],
    FrameOfReferenceUID: derivedUid('lucency-phantom', 'frame-of-reference', study),
    PositionReferenceIndicator: '',
    ImageComments: `Simulated phantom, seed ${seed}. Not a patient.`,
    SamplesPerPixel: 1,
    PhotometricInterpretation: 'MONOCHROME2',
    Rows: volume.size[1],
    Columns: volume.size[0],
    PixelSpacing: [decimal(spacing[1]), decimal(spacing[0])],
    BitsAllocated: 16,
    BurnedInAnnotation: 'NO',
    LossyImageCompression: '00',
  };
}
