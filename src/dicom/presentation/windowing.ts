import type { DataSet } from '../../image/dicom/data-set.js';
import { type AttributeName, tagOf } from '../data-set/attributes.js';
import type { CopiedElement } from '../data-set/encode.js';
import { copyElement } from '../source/copy-element.js';

const modalityLut: readonly AttributeName[] = ['RescaleIntercept', 'RescaleSlope', 'RescaleType'];
const window: readonly AttributeName[] = [
  'WindowCenter',
  'WindowWidth',
  'WindowCenterWidthExplanation',
  'VOILUTFunction',
];

function copies(dataSet: DataSet, names: readonly AttributeName[]): CopiedElement[] {
  return names.flatMap((name) => {
    const copied = copyElement(dataSet, tagOf(name));
    return copied ? [copied] : [];
  });
}

/**
 * The Modality LUT module of a presentation state: it replaces the image's own, so what the image states is repeated.
 * A table goes before slope and intercept, as in the image.
 */
export function modalityTransformOf(dataSet: DataSet): CopiedElement[] {
  const table = copies(dataSet, ['ModalityLUTSequence']);
  if (table.length > 0) return table;
  const rescale = copies(dataSet, modalityLut);
  const whole = dataSet.number(tagOf('RescaleSlope'), 'DS') !== null;
  return whole ? rescale : [];
}

/**
 * The content of an item of the Softcopy VOI LUT Sequence as the image states it: its first table, else its windows;
 * null where it states none, and a viewer then chooses.
 */
export function voiTransformOf(dataSet: DataSet): CopiedElement[] | null {
  const table = copyElement(dataSet, tagOf('VOILUTSequence'));
  if (table && !(table.value instanceof Uint8Array) && table.value.length > 0) {
    return [{ ...table, value: table.value.slice(0, 1) }];
  }
  const width = dataSet.number(tagOf('WindowWidth'), 'DS');
  if (width === null || width <= 0 || dataSet.number(tagOf('WindowCenter'), 'DS') === null) return null;
  return copies(dataSet, window);
}
