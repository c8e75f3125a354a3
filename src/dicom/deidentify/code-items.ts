import type { DataSet } from '../../image/dicom/data-set.js';
import { tagOf } from '../data-set/attributes.js';
import { type CopiedElement, elementsOf } from '../data-set/encode.js';

/** Coding schemes that a standards body maintains (PS3.16 table 8-1), so that their codes name no person or house. */
const schemes: ReadonlySet<string> = new Set([
  'ACR',
  'DCM',
  'FMA',
  'I10',
  'I9',
  'ICD10',
  'ICD11',
  'LN',
  'MA',
  'RADLEX',
  'SCT',
  'SNM3',
  'SRT',
  'UBERON',
  'UMLS',
]);
/** Units (UCUM) that images state; any text passes for a unit otherwise. */
const units: ReadonlySet<string> = new Set([
  '1',
  '%',
  "[hnsf'U]",
  '[hnsf\u2019U]',
  'Bq/ml',
  'Cel',
  'MBq',
  'Bq',
  'cm',
  'cm2/ml',
  'deg',
  'g/ml{SUVbw}',
  'g/ml',
  'keV',
  'kV',
  'mA',
  'mAs',
  'mGy',
  'mGy.cm',
  'mg/cm3',
  'mm',
  'mm2',
  'mm2/s',
  'mm3',
  'ms',
  's',
  'um2/s',
  '{counts}',
  '{no units}',
  '{ratio}',
  '10-3.mm2/s',
  '10*-3/min',
  '10*-6.mm2/s',
]);
/** A code with a digit in it: words alone may be anything. */
const codePattern = /^(?=.*\d)[A-Z0-9][A-Z0-9.-]{0,63}$/i;

const codeTags = ['CodeValue', 'LongCodeValue', 'CodingSchemeDesignator', 'CodeMeaning'] as const;

/** True for an item that is a coded concept (PS3.3 8.8). */
export function isCodeItem(item: DataSet): boolean {
  return codeTags.some((name) => item.has(tagOf(name)));
}

/**
 * The code of an item, if it is one of a standard scheme; null for all others. Its meaning is free text in the file: the
 * code itself stands for it.
 */
export function standardCode(item: DataSet): CopiedElement[] | null {
  const scheme = item.text(tagOf('CodingSchemeDesignator'));
  const short = item.text(tagOf('CodeValue'));
  const value = short ?? item.text(tagOf('LongCodeValue'));
  if (scheme === null || value === null) return null;
  const known = scheme === 'UCUM' ? units.has(value) : schemes.has(scheme) && codePattern.test(value);
  if (!known) return null;
  return elementsOf({
    CodeValue: short === null ? undefined : value,
    LongCodeValue: short === null ? value : undefined,
    CodingSchemeDesignator: scheme,
    CodeMeaning: value,
  });
}
