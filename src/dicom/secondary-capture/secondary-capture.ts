import { codeItem, dcm } from '../codes/code.js';
import { type AttributeName, tagOf } from '../data-set/attributes.js';
import { type DataSetValues, elementsOf } from '../data-set/encode.js';
import { writeFile } from '../data-set/write-file.js';
import type { RgbPicture } from '../results/pictures.js';
import {
  commonValues,
  type ResultContext,
  seriesLaterality,
  sourceReference,
  sourceText,
} from '../results/result-context.js';
import type { ResultObject } from '../results/result-object.js';
import { copyElement } from '../source/copy-element.js';
import { patientAndStudy } from '../source/source-image.js';

export const secondaryCaptureStorage = '1.2.840.10008.5.1.4.1.1.7';

/** Which copy it is; the words stand in the object's description. */
export interface CaptureOf {
  /** Number in the series, from 1. */
  readonly number: number;
  readonly description: string;
}

/** What of the image stays true of its annotated copy. */
const copied: readonly AttributeName[] = ['BodyPartExamined', 'ImageLaterality', 'PatientOrientation'];

/** An image that was ever compressed with loss stays so (PS3.3 C.7.6.1.1.5), whatever is made of it. */
const lossyHistory: readonly AttributeName[] = [
  'LossyImageCompression',
  'LossyImageCompressionRatio',
  'LossyImageCompressionMethod',
];

/** An annotated picture as a Secondary Capture image (PS3.3 A.8.1), said to be AI output wherever an attribute can say so. */
export function secondaryCapture(
  context: ResultContext,
  { width, height, pixels }: RgbPicture,
  { number, description }: CaptureOf,
): ResultObject {
  const { source, date, time } = context;
  const sopInstanceUid = context.uid('SC', number);
  const lossy = sourceText(context, 'LossyImageCompression') === '01';
  const values: DataSetValues = {
    ...commonValues(context, 'SC', secondaryCaptureStorage, sopInstanceUid),
    InstanceNumber: number,
    Laterality: sourceText(context, 'ImageLaterality') === null ? seriesLaterality(context) : undefined,
    ContentDate: date,
    ContentTime: time,
    ConversionType: 'WSD',
    DateOfSecondaryCapture: date,
    TimeOfSecondaryCapture: time,
    ImageType: ['DERIVED', 'SECONDARY', '', 'AI ANNOTATED'],
    DerivationDescription: description,
    ImageComments:
      'AI output, not for diagnosis; not a medical device. The untouched image is in its own series.',
    SourceImageSequence: [
      {
        ...sourceReference(context),
        PurposeOfReferenceCodeSequence: [
          codeItem(dcm('121322', 'Source image for image processing operation')),
        ],
      },
    ],
    PatientOrientation: [],
    // What is burned in names neither the patient nor a date (PS3.3 C.7.6.1).
    BurnedInAnnotation: 'NO',
    SamplesPerPixel: 3,
    PhotometricInterpretation: 'RGB',
    PlanarConfiguration: 0,
    Rows: height,
    Columns: width,
    BitsAllocated: 8,
    BitsStored: 8,
    HighBit: 7,
    PixelRepresentation: 0,
    LossyImageCompression: lossy ? undefined : '00',
  };
  const taken = [...copied, ...(lossy ? lossyHistory : [])].flatMap((name) => {
    const element = copyElement(source.dataSet, tagOf(name));
    return element ? [element] : [];
  });
  const present = new Set(taken.map(({ tag }) => tag));
  const elements = [
    ...patientAndStudy(source),
    ...elementsOf(values).filter(({ tag }) => !present.has(tag)),
    ...taken,
    { tag: tagOf('PixelData'), vr: 'OB', value: pixels },
  ];
  return {
    kind: 'SC',
    sopClassUid: secondaryCaptureStorage,
    sopInstanceUid,
    bytes: writeFile(secondaryCaptureStorage, sopInstanceUid, elements),
  };
}
