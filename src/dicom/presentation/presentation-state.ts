import type { Box } from '../../core/box.js';
import type { Finding } from '../../core/reading.js';
import { findingLabel, verdictLine } from '../../core/reading-words.js';
import { functionalGroups } from '../../image/dicom/functional-groups.js';
import { tagOf } from '../data-set/attributes.js';
import { type CopiedElement, type DataSetValues, elementsOf, plainText } from '../data-set/encode.js';
import { writeFile } from '../data-set/write-file.js';
import {
  commonValues,
  type ResultContext,
  seriesLaterality,
  sourceReference,
  sourceText,
} from '../results/result-context.js';
import type { ResultObject } from '../results/result-object.js';
import { patientAndStudy } from '../source/source-image.js';
import { boxCompound, boxGraphics } from './box-graphics.js';
import { modalityTransformOf, voiTransformOf } from './windowing.js';

export const grayscalePresentationState = '1.2.840.10008.5.1.4.1.1.11.1';

/** Layer that holds all marks, so that a viewer can switch them on and off at once. */
const layer = 'LUCENCY_AI';
const noticeText = 'AI output, not for diagnosis';

interface Marked {
  readonly finding: Finding;
  readonly box: Box;
}

function label(
  { finding, box }: Marked,
  image: { width: number; height: number },
  tracked: DataSetValues,
): DataSetValues {
  const lineHeight = Math.max(image.width, image.height) / 40;
  const [x, y, width, height] = box;
  // Above the box where there is room, else below it; never over its inside.
  const top = y >= lineHeight ? y - lineHeight : Math.min(y + height, image.height - lineHeight);
  const right = Math.min(Math.max(x + width, x + 8 * lineHeight), image.width);
  return {
    BoundingBoxAnnotationUnits: 'PIXEL',
    UnformattedTextValue: findingLabel(finding),
    BoundingBoxTopLeftHandCorner: [Math.max(0, x), top],
    BoundingBoxBottomRightHandCorner: [right, top + lineHeight],
    BoundingBoxTextHorizontalJustification: 'LEFT',
    ...tracked,
  };
}

function caption(text: string): DataSetValues {
  return {
    BoundingBoxAnnotationUnits: 'DISPLAY',
    UnformattedTextValue: plainText(text),
    BoundingBoxTopLeftHandCorner: [0.02, 0.93],
    BoundingBoxBottomRightHandCorner: [0.98, 0.98],
    BoundingBoxTextHorizontalJustification: 'LEFT',
  };
}

function annotation(context: ResultContext, marked: readonly Marked[]): DataSetValues {
  const { reading } = context;
  const side = Math.max(reading.image.width, reading.image.height);
  const parts = marked.map(({ finding, box }) => {
    const tracked = {
      CompoundGraphicInstanceID: finding.id,
      GraphicGroupID: finding.id,
      TrackingID: `Lucency finding ${finding.id}`,
      TrackingUID: context.uid('finding', finding.id),
    };
    const { CompoundGraphicInstanceID: _, ...textTracked } = tracked;
    return {
      text: label({ finding, box }, reading.image, textTracked),
      graphics: boxGraphics(finding, box, side, tracked),
      compound: boxCompound(finding, box, finding.id),
    };
  });
  return {
    ReferencedImageSequence: [sourceReference(context)],
    GraphicLayer: layer,
    TextObjectSequence: [...parts.map(({ text }) => text), caption(`${noticeText}. ${verdictLine(reading)}`)],
    ...(parts.length === 0
      ? {}
      : {
          GraphicObjectSequence: parts.flatMap(({ graphics }) => graphics),
          CompoundGraphicSequence: parts.map(({ compound }) => compound),
        }),
  };
}

/** Pixel shape as the image states it; square where it does not. */
function pixelShape({ source }: ResultContext): DataSetValues {
  const [row, column] =
    [tagOf('PixelSpacing'), tagOf('ImagerPixelSpacing')]
      .map((tag) => source.dataSet.numbers(tag, 'DS'))
      .find(([first, second]) => Number(first) > 0 && Number(second) > 0) ?? [];
  if (row === undefined || column === undefined) return { PresentationPixelAspectRatio: [1, 1] };
  return { PresentationPixelSpacing: [row, column] };
}

function displayedArea(context: ResultContext): DataSetValues {
  const { width, height } = context.reading.image;
  return {
    ReferencedImageSequence: [sourceReference(context)],
    DisplayedAreaTopLeftHandCorner: [1, 1],
    DisplayedAreaBottomRightHandCorner: [width, height],
    PresentationSizeMode: 'SCALE TO FIT',
    ...pixelShape(context),
  };
}

/** Softcopy VOI LUT module (PS3.3 C.11.8), of the frame's functional groups where the image has them. */
function softcopyVoi(context: ResultContext): CopiedElement[] {
  const { dataSet } = context.source;
  const attributes = functionalGroups(dataSet)(tagOf('FrameVOILUTSequence'), context.reading.frame ?? 1);
  const voi = voiTransformOf(attributes);
  if (!voi) return [];
  const references = elementsOf({ ReferencedImageSequence: [sourceReference(context)] });
  return [{ tag: tagOf('SoftcopyVOILUTSequence'), vr: 'SQ', value: [[...references, ...voi]] }];
}

function modality(context: ResultContext): CopiedElement[] {
  const { dataSet } = context.source;
  if (dataSet.has(tagOf('ModalityLUTSequence'))) return modalityTransformOf(dataSet);
  const groups = functionalGroups(dataSet);
  return modalityTransformOf(groups(tagOf('PixelValueTransformationSequence'), context.reading.frame ?? 1));
}

/**
 * The reading as a Grayscale Softcopy Presentation State (PS3.3 A.33.1): the image as its header windows it, with boxes
 * and labels on a layer of their own. A doubtful finding is dashed.
 */
export function presentationState(context: ResultContext): ResultObject {
  const { source, reading, date, time } = context;
  const sopInstanceUid = context.uid('PR');
  const marked = reading.findings.flatMap((finding) =>
    finding.box && finding.certainty !== 'candidate' ? [{ finding, box: finding.box }] : [],
  );
  const inverted = sourceText(context, 'PhotometricInterpretation')?.toUpperCase() === 'MONOCHROME1';
  const values: DataSetValues = {
    ...commonValues(context, 'PR', grayscalePresentationState, sopInstanceUid),
    Laterality: seriesLaterality(context),
    ContentLabel: 'LUCENCY AI',
    ContentDescription: 'Marks of an AI, not for diagnosis',
    ContentCreatorName: 'Lucency^',
    PresentationCreationDate: date,
    PresentationCreationTime: time,
    ReferencedSeriesSequence: [
      { SeriesInstanceUID: source.seriesInstanceUid, ReferencedImageSequence: [sourceReference(context)] },
    ],
    DisplayedAreaSelectionSequence: [displayedArea(context)],
    GraphicAnnotationSequence: [annotation(context, marked)],
    GraphicLayerSequence: [
      {
        GraphicLayer: layer,
        GraphicLayerOrder: 1,
        GraphicLayerRecommendedDisplayGrayscaleValue: 0xffff,
        GraphicLayerRecommendedDisplayCIELabValue: [51180, 38564, 53613],
        GraphicLayerDescription: 'Findings of Lucency (AI), not for diagnosis',
      },
    ],
    ...(marked.length === 0
      ? {}
      : {
          GraphicGroupSequence: marked.map(({ finding }) => ({
            GraphicGroupID: finding.id,
            GraphicGroupLabel: `Finding ${finding.id}`,
          })),
        }),
    PresentationLUTShape: inverted ? 'INVERSE' : 'IDENTITY',
  };
  const elements = [
    ...patientAndStudy(source),
    ...elementsOf(values),
    ...modality(context),
    ...softcopyVoi(context),
  ];
  return {
    kind: 'PR',
    sopClassUid: grayscalePresentationState,
    sopInstanceUid,
    bytes: writeFile(grayscalePresentationState, sopInstanceUid, elements),
  };
}
