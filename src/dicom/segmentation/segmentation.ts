import { length, stepsOf, type Vector3 } from '../../core/affine.js';
import { codeItem, dcm } from '../codes/code.js';
import { tagOf } from '../data-set/attributes.js';
import { type CopiedElement, type DataSetValues, elementsOf } from '../data-set/encode.js';
import { writeFile } from '../data-set/write-file.js';
import { readInstances } from '../report/references.js';
import { commonValues, type ResultContext } from '../results/result-context.js';
import type { ResultObject } from '../results/result-object.js';
import type { VolumeSource } from '../results/volume-source.js';
import { copyElement } from '../source/copy-element.js';
import { patientAndStudy } from '../source/source-image.js';
import { type Segment, type SegmentFrame, segmentItem } from './segment.js';

export const segmentationStorage = '1.2.840.10008.5.1.4.1.1.66.4';

const segmentation = dcm('113076', 'Segmentation');
const sourceImage = dcm('121322', 'Source image for image processing operation');

interface NumberedFrame extends SegmentFrame {
  readonly segment: number;
  /** Place among the planes of the object, from 1. */
  readonly plane: number;
}

function numbered(segments: readonly Segment[]): NumberedFrame[] {
  const positions = segments
    .flatMap(({ frames }) => frames.flatMap(({ positionMm }) => (positionMm ? [positionMm.join()] : [])))
    .filter((key, index, all) => all.indexOf(key) === index);
  return segments.flatMap(({ frames }, index) =>
    frames.map((frame) => ({
      ...frame,
      segment: index + 1,
      plane: frame.positionMm ? positions.indexOf(frame.positionMm.join()) + 1 : 1,
    })),
  );
}

/** The functional groups of one frame (PS3.3 A.51.5): its segment, the image behind it, its plane. */
function perFrame({ segment, plane, source, positionMm }: NumberedFrame): DataSetValues {
  return {
    FrameContentSequence: [{ DimensionIndexValues: positionMm ? [segment, plane] : [segment] }],
    SegmentIdentificationSequence: [{ ReferencedSegmentNumber: segment }],
    DerivationImageSequence: [
      {
        DerivationCodeSequence: [codeItem(segmentation)],
        SourceImageSequence: [
          {
            ...source,
            SpatialLocationsPreserved: 'YES',
            PurposeOfReferenceCodeSequence: [codeItem(sourceImage)],
          },
        ],
      },
    ],
    ...(positionMm ? { PlanePositionSequence: [{ ImagePositionPatient: positionMm }] } : {}),
  };
}

function unitVector(step: Vector3): number[] {
  const size = length(step);
  return step.map((part) => part / size);
}

/** Spacing of a projection as the image states it, at the detector where it says no better; none where it states none. */
function projectionSpacing({ reading }: ResultContext): DataSetValues {
  const spacing = reading.image.pixelSpacingMm;
  return spacing ? { PixelMeasuresSequence: [{ PixelSpacing: spacing }] } : {};
}

/** What all frames share: spacing, and for the planes of a volume their orientation. */
function shared(context: ResultContext, volume: VolumeSource | null): DataSetValues {
  if (!volume) return projectionSpacing(context);
  const [column, row, slice] = stepsOf(volume.grid.affine);
  return {
    PixelMeasuresSequence: [
      {
        SliceThickness: length(slice),
        SpacingBetweenSlices: length(slice),
        PixelSpacing: [length(row), length(column)],
      },
    ],
    PlaneOrientationSequence: [{ ImageOrientationPatient: [...unitVector(column), ...unitVector(row)] }],
  };
}

function dimensions(context: ResultContext, volume: VolumeSource | null): DataSetValues {
  const uid = context.uid('SEG', 'dimensions');
  const bySegment = {
    DimensionOrganizationUID: uid,
    DimensionIndexPointer: tagOf('ReferencedSegmentNumber'),
    FunctionalGroupPointer: tagOf('SegmentIdentificationSequence'),
    DimensionDescriptionLabel: 'Segment',
  };
  const byPlane = {
    DimensionOrganizationUID: uid,
    DimensionIndexPointer: tagOf('ImagePositionPatient'),
    FunctionalGroupPointer: tagOf('PlanePositionSequence'),
    DimensionDescriptionLabel: 'Plane',
  };
  return {
    DimensionOrganizationSequence: [{ DimensionOrganizationUID: uid }],
    DimensionIndexSequence: volume ? [bySegment, byPlane] : [bySegment],
  };
}

/** Required where no plane orientation says how the image lies (PS3.3 C.7.6.1.1.1); empty where the source has none. */
function patientOrientation({ source }: ResultContext): CopiedElement[] {
  const copied = copyElement(source.dataSet, tagOf('PatientOrientation'));
  return copied ? [copied] : elementsOf({ PatientOrientation: [] });
}

/** Heat maps are fractional; the voxels of a finding are binary, which is what viewers show. */
function pixelKind(binary: boolean): DataSetValues {
  if (binary) return { BitsAllocated: 1, BitsStored: 1, HighBit: 0, SegmentationType: 'BINARY' };
  return {
    BitsAllocated: 8,
    BitsStored: 8,
    HighBit: 7,
    SegmentationType: 'FRACTIONAL',
    SegmentationFractionalType: 'PROBABILITY',
    MaximumFractionalValue: 255,
  };
}

/** One bit per pixel, the first in the lowest bit, frames without gaps (PS3.5 8.1.1): set where half or more is inside. */
function packedBits(fractions: Uint8Array): Uint8Array {
  const bits = new Uint8Array(Math.ceil(fractions.length / 8));
  fractions.forEach((fraction, at) => {
    if (fraction >= 128) bits[at >> 3] = (bits[at >> 3] as number) | (1 << (at & 7));
  });
  return bits;
}

/**
 * Segments as a segmentation (PS3.3 A.51): fractional for heat maps on a radiograph, where a fraction is a share of the
 * map's scale; binary for the findings of a volume.
 */
export function segmentationObject(context: ResultContext, segments: readonly Segment[]): ResultObject {
  const { volume, reading, source, date, time } = context;
  const sopInstanceUid = context.uid('SEG');
  const frames = numbered(segments);
  const values: DataSetValues = {
    ...commonValues(context, 'SEG', segmentationStorage, sopInstanceUid),
    ContentDate: date,
    ContentTime: time,
    ContentLabel: volume ? 'LUCENCY_FINDINGS' : 'LUCENCY_MAPS',
    ContentDescription: 'AI output, not for diagnosis',
    ContentCreatorName: 'Lucency^',
    ImageType: ['DERIVED', 'PRIMARY'],
    ...(volume ? { FrameOfReferenceUID: volume.frameOfReferenceUid, PositionReferenceIndicator: '' } : {}),
    SamplesPerPixel: 1,
    PhotometricInterpretation: 'MONOCHROME2',
    NumberOfFrames: frames.length,
    Rows: reading.image.height,
    Columns: reading.image.width,
    ...pixelKind(volume !== null),
    PixelRepresentation: 0,
    LossyImageCompression: '00',
    SegmentsOverlap: 'YES',
    SegmentSequence: segments.map((segment, index) => segmentItem(segment, index + 1)),
    ...dimensions(context, volume),
    SharedFunctionalGroupsSequence: [shared(context, volume)],
    PerFrameFunctionalGroupsSequence: frames.map(perFrame),
    ReferencedSeriesSequence: [
      { SeriesInstanceUID: source.seriesInstanceUid, ReferencedInstanceSequence: readInstances(context) },
    ],
  };
  const fractions = Buffer.concat(frames.map((frame) => frame.fractions));
  const pixels = volume ? packedBits(fractions) : fractions;
  const elements = [
    ...patientAndStudy(source),
    ...elementsOf(values),
    ...(volume ? [] : patientOrientation(context)),
    { tag: tagOf('PixelData'), vr: 'OB', value: pixels },
  ];
  return {
    kind: 'SEG',
    sopClassUid: segmentationStorage,
    sopInstanceUid,
    bytes: writeFile(segmentationStorage, sopInstanceUid, elements),
  };
}
