import { anatomies, type ViewSetup } from '../anatomy/anatomies.js';
import { codedConcept as code } from './coded-concept.js';
import { type NaturalDataSet, writeDicom } from './dicom-writer.js';
import type { SimulatedRadiograph } from './simulated.js';
import { date, time } from './simulated-time.js';
import { derivedUid } from './uid.js';

const digitalXRayForPresentation = '1.2.840.10008.5.1.4.1.1.1.1';

// PS3.16 CID 4010 (DX View), SNOMED CT.
const viewCodes = {
  AP: code('399348003', 'SCT', 'antero-posterior'),
  PA: code('272479007', 'SCT', 'postero-anterior'),
  lateral: code('399067008', 'SCT', 'lateral projection'),
} as const;

/** PS3.3 C.8.11.5.1: a lateral view is named after the side that lies on the detector. */
function viewPosition(position: ViewSetup['position'], laterality: 'L' | 'R'): string {
  return position === 'lateral' ? `${laterality}L` : position;
}

/** PS3.3 C.7.6.1.1.1: directions of rows and columns; every limb points down, left limbs mirror right ones. */
function patientOrientation({ position, turnDegrees }: ViewSetup, laterality: 'L' | 'R'): [string, string] {
  if (position === 'AP') return ['L', 'F'];
  if (position === 'PA') return ['R', 'F'];
  return [turnDegrees > 0 === (laterality === 'R') ? 'P' : 'A', 'F'];
}

export interface DxOptions {
  /** Ties views of one simulated patient; by default every image is a study of its own. */
  readonly study?: string;
  /** MONOCHROME1 stores the values inverted. */
  readonly monochrome1?: boolean;
  /** Number of the image in its series, from 1. */
  readonly instanceNumber?: number;
}

function storedPixels({ pixels }: SimulatedRadiograph, inverted: boolean): ArrayBuffer {
  const stored = inverted ? pixels.map((value) => 4095 - value) : pixels.slice();
  return stored.buffer;
}

/**
 * A simulated radiograph as a DX image for presentation (PS3.3 A.26), 12 bits, said to be simulated in
 * ImageType, SeriesDescription, ImageComments and the patient's name.
 */
export function dxFile(image: SimulatedRadiograph, options: DxOptions = {}): Uint8Array {
  const { anatomy, view, seed, laterality, width, height, pixelSpacingMm } = image;
  const { bodyPart, region, views } = anatomies[anatomy];
  const study = options.study ?? `${anatomy}-${seed}`;
  const instance = derivedUid('lucency-phantom', study, anatomy, view, seed, options.instanceNumber ?? 1);
  const setup = views[view];
  const dataSet: NaturalDataSet = {
    SpecificCharacterSet: 'ISO_IR 192',
    ImageType: ['DERIVED', 'SECONDARY', '', 'SIMULATED'],
    InstanceCreationDate: date,
    InstanceCreationTime: time,
    SOPClassUID: digitalXRayForPresentation,
    SOPInstanceUID: instance,
    StudyDate: date,
    SeriesDate: date,
    AcquisitionDate: date,
    ContentDate: date,
    StudyTime: time,
    SeriesTime: time,
    AcquisitionTime: time,
    ContentTime: time,
    AccessionNumber: '',
    Modality: 'DX',
    PresentationIntentType: 'FOR PRESENTATION',
    Manufacturer: 'Lucency',
    ReferringPhysicianName: '',
    StudyDescription: 'Simulated radiographs',
    SeriesDescription: `Simulated ${anatomy}`,
    ManufacturerModelName: 'Lucency phantom',
    DerivationDescription: 'Simulated by projection of a modelled limb; no patient was imaged',
    PatientName: `PHANTOM^${anatomy.toUpperCase()}`,
    PatientID: `PHANTOM-${study}`,
    PatientBirthDate: '',
    PatientSex: 'O',
    BodyPartExamined: bodyPart,
    DeviceSerialNumber: '1',
    SoftwareVersions: '1',
    DetectorType: 'DIRECT',
    // A decimal string holds 16 characters.
    ImagerPixelSpacing: pixelSpacingMm.map((spacing) => Number(spacing.toFixed(6))),
    PositionerType: 'NONE',
    ViewPosition: viewPosition(setup.position, laterality),
    ViewCodeSequence: [viewCodes[setup.position]],
    StudyInstanceUID: derivedUid('lucency-phantom', 'study', study),
    SeriesInstanceUID: derivedUid('lucency-phantom', 'series', study),
    StudyID: '1',
    SeriesNumber: '1',
    InstanceNumber: String(options.instanceNumber ?? 1),
    PatientOrientation: patientOrientation(setup, laterality),
    ImageLaterality: laterality,
    ImageComments: `Simulated phantom, seed ${seed}. Not a patient.`,
    AnatomicRegionSequence: [code(region.code, 'SCT', region.meaning)],
    AcquisitionContextSequence: [],
    SamplesPerPixel: 1,
    PhotometricInterpretation: options.monochrome1 ? 'MONOCHROME1' : 'MONOCHROME2',
    Rows: height,
    Columns: width,
    BitsAllocated: 16,
    BitsStored: 12,
    HighBit: 11,
    PixelRepresentation: 0,
    QualityControlImage: 'YES',
    BurnedInAnnotation: 'NO',
    PixelIntensityRelationship: 'LOG',
    // -1: the higher the stored value, the less radiation came through (PS3.3 C.8.11.3.1.2).
    PixelIntensityRelationshipSign: options.monochrome1 ? 1 : -1,
    WindowCenter: 2048,
    WindowWidth: 4096,
    RescaleIntercept: 0,
    RescaleSlope: 1,
    RescaleType: 'US',
    LossyImageCompression: '00',
    PresentationLUTShape: options.monochrome1 ? 'INVERSE' : 'IDENTITY',
    PixelData: storedPixels(image, options.monochrome1 ?? false),
  };
  return writeDicom({ sopClassUid: digitalXRayForPresentation, sopInstanceUid: instance }, dataSet);
}
