import { LucencyError } from '../../core/errors.js';
import type { DataSet } from './data-set.js';
import { lookUp, readLookupTable } from './lookup-table.js';
import { tag } from './tags.js';

/** Stored value to the modality's own units (optical density, Hounsfield units ...). */
export interface ModalityTransform {
  apply(stored: number): number;
  /** Whether results can be negative, which decides how the VOI table's first value is read. */
  readonly signed: boolean;
}

/**
 * Modality LUT of PS3.3 C.11.1: the look-up table if there is one, else rescale slope and intercept, else nothing.
 * @param attributes the data set, or the frame's Pixel Value Transformation item
 * @throws LUC_DICOM_PIXEL_ATTRIBUTE when the slope is 0, which would make every pixel equal
 */
export function modalityTransform(
  dataSet: DataSet,
  attributes: DataSet,
  storedSigned: boolean,
): ModalityTransform {
  const [item] = dataSet.items(tag.ModalityLutSequence);
  const table = item && readLookupTable(item, tag.LutDescriptor, tag.LutData, storedSigned);
  if (table) return { apply: (stored) => lookUp(table, stored), signed: false };
  const slope = attributes.number(tag.RescaleSlope, 'DS') ?? 1;
  const intercept = attributes.number(tag.RescaleIntercept, 'DS') ?? 0;
  if (slope === 0) {
    const details = { path: dataSet.name, attribute: 'RescaleSlope', value: 0 };
    throw new LucencyError('LUC_DICOM_PIXEL_ATTRIBUTE', details);
  }
  return {
    apply: (stored) => stored * slope + intercept,
    signed: storedSigned || intercept < 0 || slope < 0,
  };
}
