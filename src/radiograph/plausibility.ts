import { LucencyError } from '../core/errors.js';
import type { DicomIdentity, Radiograph } from '../core/radiograph.js';
import type { GreyHistogram } from '../image/histogram.js';

// DICOM PS3.3 C.7.3.1.1.1 (Modality): projection radiography, and the terms under which copies of it travel.
const projectionModalities = new Set(['CR', 'DX', 'RG', 'RF', 'OT', 'SC', 'DF']);

// DICOM PS3.16 Annex L (BodyPartExamined): terms that no model here was validated for.
const otherBodyParts =
  /CHEST|THORAX|LUNG|RIB|STERNUM|SKULL|HEAD|NECK|FACE|JAW|MANDIBLE|MAXILLA|TEETH|TOOTH|ORBIT|NASAL|SINUS|BREAST|ABDOMEN|SPINE|BRAIN|HEART|WHOLEBODY/;

// Grey radiographs saved as RGB carry almost no chroma (JPEG noise stays below 0.02); photographs carry much more.
const colourLimit = 0.06;

// A frame of which nearly every pixel has one value shows nothing to read.
const singleValueLimit = 0.97;

/** Share (0 to 1) of the most frequent grey value among pixels that are not padding; 1 when there are none. */
function commonestValueShare({ counts, total }: GreyHistogram): number {
  return total === 0 ? 1 : counts.reduce((most, count) => Math.max(most, count), 0) / total;
}

function checkAttributes({ modality, bodyPartExamined }: DicomIdentity): LucencyError | null {
  if (modality && !projectionModalities.has(modality))
    return new LucencyError('LUC_RADIOGRAPH_MODALITY', { modality });
  if (bodyPartExamined && otherBodyParts.test(bodyPartExamined.toUpperCase().replace(/[^A-Z]/g, ''))) {
    return new LucencyError('LUC_RADIOGRAPH_BODY_PART', { bodyPart: bodyPartExamined });
  }
  return null;
}

/**
 * Reasons to refuse a radiograph that need no network: stated modality or body part, colour, blank or saturated.
 * @returns the reason, or null when the image may go on to the networks
 */
export function refusalByAppearance(radiograph: Radiograph, histogram: GreyHistogram): LucencyError | null {
  const stated = radiograph.dicom ? checkAttributes(radiograph.dicom) : null;
  if (stated) return stated;
  if (radiograph.colourfulness !== null && radiograph.colourfulness > colourLimit) {
    return new LucencyError('LUC_RADIOGRAPH_PHOTOGRAPH');
  }
  const share = commonestValueShare(histogram);
  if (share > singleValueLimit)
    return new LucencyError('LUC_RADIOGRAPH_BLANK', { share: (share * 100).toFixed(1) });
  return null;
}
