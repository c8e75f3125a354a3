import { LucencyError } from '../../core/errors.js';
import type { DataSet } from '../../image/dicom/data-set.js';
import { tagOf } from '../data-set/attributes.js';

/** SC Image Storage and its multi-frame kinds. */
const secondaryCapture = '1.2.840.10008.5.1.4.1.1.7';
/** Modalities whose images commonly show names in their pixels. */
const textInPixels = new Set(['US', 'IVUS', 'SC', 'OT', 'XC', 'ES', 'ECG', 'DOC', 'GM', 'SMR', 'OP']);

/** Why the pixels may show text, in words; null when they are said not to, and nothing speaks against it. */
function reasonOf(dataSet: DataSet): string | null {
  const stated = dataSet.text(tagOf('BurnedInAnnotation'));
  const kind = dataSet.texts(tagOf('ImageType')).join(' ').toUpperCase();
  if (stated === 'YES') return 'BurnedInAnnotation is YES';
  if (/SCREEN|SAVE|CAPTURE/.test(kind)) return 'it is a screen save';
  if (stated === 'NO') return null;
  if ((dataSet.text(tagOf('SOPClassUID')) ?? '').startsWith(secondaryCapture))
    return 'it is a secondary capture';
  if (textInPixels.has(dataSet.text(tagOf('Modality')) ?? '')) return 'images of its modality often do';
  if (kind.includes('SECONDARY')) return 'it is a secondary image';
  return 'BurnedInAnnotation is not stated';
}

/** @throws LUC_DEIDENTIFY_BURNED_IN when the pixels say, or may be feared, to show who the patient is */
export function refuseBurnedIn(dataSet: DataSet): void {
  const reason = dataSet.pixelData ? reasonOf(dataSet) : null;
  if (reason !== null) throw new LucencyError('LUC_DEIDENTIFY_BURNED_IN', { path: dataSet.name, reason });
}
