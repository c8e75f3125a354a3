import { concept, unit } from '../codes/concepts.js';
import { modalityCode } from '../codes/modality.js';
import { type ResultContext, sourceText } from '../results/result-context.js';
import {
  type ContentItem,
  codeValue,
  container,
  imageReference,
  numberValue,
  uidValue,
} from './content-items.js';
import { imagedRegion, imagedSide } from './finding-site.js';
import { readImages } from './references.js';

/** The image library (TID 1600): what was read, with what all of it has in common (TID 1602, 1603, 1604). */
export function imageLibrary(context: ResultContext): ContentItem {
  const { reading, volume } = context;
  const region = imagedRegion(context);
  const side = imagedSide(context);
  const common = [
    codeValue('HAS ACQ CONTEXT', concept.modality, modalityCode(sourceText(context, 'Modality'))),
    region && codeValue('HAS ACQ CONTEXT', concept.targetRegion, region),
    side && codeValue('HAS ACQ CONTEXT', concept.imageLaterality, side),
    numberValue('HAS ACQ CONTEXT', concept.pixelDataRows, reading.image.height, unit.pixels),
    numberValue('HAS ACQ CONTEXT', concept.pixelDataColumns, reading.image.width, unit.pixels),
    volume && uidValue('HAS ACQ CONTEXT', concept.frameOfReferenceUid, volume.frameOfReferenceUid),
  ];
  const images = readImages(context).map((reference) => imageReference('CONTAINS', null, reference));
  const group = container('CONTAINS', concept.imageLibraryGroup, [...common, ...images]);
  return container('CONTAINS', concept.imageLibrary, [group], '1600');
}
